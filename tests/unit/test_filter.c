/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language of -e: every word over one script of events, what is refused, and which tasks are drawn. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clone/flags.h"
#include "event/schema.h"
#include "model/filter.h"
#include "model/model.h"
#include "requests.h"

#define SIGNO_CHLD 17
#define GLIBC_FORK (FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID)
#define GLIBC_PTHREAD                                                                               \
	(FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM | FLAG_SETTLS | \
	 FLAG_PARENT_SETTID | FLAG_CHILD_CLEARTID)

static struct filter *filter;
static struct model *model;
static struct text shown;
static uint64_t seq;

/* Hands EVENT over; NAME joins those that are shown where the filter shows it. */
static void apply(const char *name, struct event event)
{
	struct step step;

	event.seq = ++seq;
	event.when = seq;
	model_apply(model, &event, &step);
	if (filter_shows(filter, &step))
		text_addf(&shown, "%s%s", shown.length ? " " : "", name);
}

static void attach(const char *name, pid_t tid, pid_t tgid, pid_t ppid, const char *command)
{
	apply(name, (struct event){
			    .kind = EVENT_ATTACH,
			    .tid = tid,
			    .have = EVENT_HAVE_PPID | (command ? EVENT_HAVE_COMMAND : 0),
			    .attach = { .tgid = tgid, .ppid = ppid, .launched = tid == 10, .command = command },
		    });
}

static void spawn(const char *name, pid_t creator, pid_t child, pid_t tgid, struct request request)
{
	apply(name, (struct event){
			    .kind = EVENT_SPAWN,
			    .tid = creator,
			    .have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST,
			    .spawn = { .child = child, .child_tgid = tgid, .creator_tgid = creator },
			    .attempt.request = request,
		    });
}

static void exec(const char *name, pid_t tid, pid_t former, const char *command)
{
	apply(name, (struct event){
			    .kind = EVENT_EXEC,
			    .tid = tid,
			    .have = EVENT_HAVE_COMMAND,
			    .exec = { .former = former, .command = command },
		    });
}

static void call(const char *name, pid_t tid, enum call nr, uint64_t arg, int64_t result)
{
	const uint64_t args[6] = { arg };

	apply(name, (struct event){ .kind = EVENT_CALL,
				    .tid = tid,
				    .attempt.request = unit_decode("x86_64", nr, args, NULL),
				    .call = { .result = result } });
}

static void plain(const char *name, enum event_kind kind, pid_t tid)
{
	apply(name, (struct event){ .kind = kind, .tid = tid });
}

/* 10 is the program that was launched; it makes thread 11, forks 12 (which makes 15 and 16, 16 a container), vforks 13
 * and makes 14, which shares its memory. 20 was there already, with thread 21 and child 22. */
static void play(void)
{
	plain("begin", EVENT_BEGIN, 0);
	attach("launch10", 10, 10, 9, "/bin/make all");
	attach("there20", 20, 20, 1, "/usr/sbin/cupsd -l");
	attach("there21", 21, 20, 1, NULL);
	attach("there22", 22, 22, 20, "worker");
	exec("exec10", 10, 10, "/bin/make all");
	spawn("thread11", 10, 11, 10, unit_clone(GLIBC_PTHREAD, UNIT_STACK));
	spawn("fork12", 10, 12, 12, unit_clone(GLIBC_FORK | SIGNO_CHLD, 0));
	spawn("vfork13", 10, 13, 13, unit_decode("x86_64", CALL_VFORK, (const uint64_t[6]){ 0 }, NULL));
	exec("exec13", 13, 13, "/usr/bin/cc1 -O2");
	spawn("sharing14", 11, 14, 14, unit_clone(FLAG_VM | SIGNO_CHLD, UNIT_STACK));
	spawn("fork15", 12, 15, 15, unit_clone(GLIBC_FORK | SIGNO_CHLD, 0));
	spawn("container16", 12, 16, 16, unit_clone(FLAG_NEWPID | SIGNO_CHLD, 0));
	apply("spawn17", (struct event){ .kind = EVENT_SPAWN,
					 .tid = 20,
					 .have = EVENT_HAVE_CREATOR,
					 .spawn = { .child = 17, .child_tgid = 17, .creator_tgid = 20 } });
	apply("refused", (struct event){ .kind = EVENT_REFUSED,
					 .tid = 12,
					 .attempt.request = unit_clone(FLAG_THREAD, 0),
					 .refused = { .error = EINVAL } });
	call("unshare", 15, CALL_UNSHARE, FLAG_NEWNET, -EPERM);
	call("unfiles", 15, CALL_UNSHARE, FLAG_FILES, 0);
	call("setns", 15, CALL_SETNS, 3, 0);
	call("setsid", 12, CALL_SETSID, 0, 12);
	call("prctl", 10, CALL_PRCTL, 36, 0);
	apply("signal", (struct event){ .kind = EVENT_SIGNAL, .tid = 11, .signal = { .signo = 10 } });
	apply("name11", (struct event){ .kind = EVENT_NAME, .tid = 11 });
	plain("stop", EVENT_GROUP_STOP, 12);
	plain("cont", EVENT_GROUP_CONT, 12);
	apply("note12", (struct event){ .kind = EVENT_NOTE, .tid = 12, .note = { .code = NOTE_UNTRACED } });
	apply("note", (struct event){ .kind = EVENT_NOTE, .note = { .code = NOTE_NO_DURATION } });
	exec("exec10by11", 10, 11, "/bin/true");
	plain("exit13", EVENT_EXIT, 13);
	plain("group14", EVENT_GROUP_EXIT, 14);
	plain("zombie20", EVENT_LEADER_EXIT, 20);
	apply("orphan14", (struct event){ .kind = EVENT_REPARENT, .tid = 14, .reparent = { .from = 10, .to = 1 } });
	plain("detach22", EVENT_DETACH, 22);
	plain("exit99", EVENT_EXIT, 99); /* nobody knows it */
	plain("end", EVENT_END, 0);
}

static void fail_expr(const char *expr, const struct filter_error *error)
{
	fail_msg("%s: '%.*s' %s", expr, (int)error->length, error->at, text_get(&error->why));
}

static void add(const char *expr)
{
	struct filter_error error;

	if (filter_add(filter, expr, &error))
		fail_expr(expr, &error);
}

static void begin(const char *const exprs[])
{
	seq = 0;
	filter = filter_new();
	for (; *exprs; exprs++)
		add(*exprs);
	model = model_new(MODEL_KEEP_ALL);
	filter_watch(filter, model);
	text_clear(&shown);
}

static void end(void)
{
	model_free(model);
	filter_free(filter);
	text_done(&shown);
}

static void check(const char *const exprs[], const char *expected)
{
	begin(exprs);
	play();
	if (strcmp(text_get(&shown), expected) != 0)
		fail_msg("%s\nshows    %s\nexpected %s", exprs[0], text_get(&shown), expected);
	end();
}

/* What EXPR shows besides what is always shown; */
#define SHOWS(expected, ...) check((const char *const[]){ __VA_ARGS__, NULL }, expected)

/* A word of a kind's row needs no other place. */
static void words_of_kinds(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		for (const char *at = event_kind_row(kind)->words; *at; at += strcspn(at, " "), at += *at == ' ') {
			struct filter *word = filter_new();
			struct filter_error error;
			char expr[64];

			snprintf(expr, sizeof(expr), "trace=%.*s", (int)strcspn(at, " "), at);
			assert_int_equal(filter_add(word, expr, &error), 0);
			filter_free(word);
		}
	}
}

static void words_of_trace(void **state)
{
	(void)state;
	SHOWS("begin note end", "trace=none");
	SHOWS("begin thread11 fork12 vfork13 sharing14 fork15 container16 spawn17 note end", "trace=creations");
	SHOWS("begin refused unshare note end", "trace=refused");
	SHOWS("begin exec10 exec13 note exec10by11 end", "trace=exec");
	SHOWS("begin exec10 exec13 note exec10by11 end", "trace=execve");
	SHOWS("begin exec10 exec13 note exec10by11 end", "execveat");
	SHOWS("begin name11 note end", "trace=names");
	SHOWS("begin note exit13 group14 zombie20 exit99 end", "trace=exit");
	SHOWS("begin note exit13 group14 zombie20 exit99 end", "trace=exit_group");
	SHOWS("begin signal note end", "trace=signals");
	SHOWS("begin signal note end", "trace=%signal");
	SHOWS("begin stop cont note end", "trace=stops");
	SHOWS("begin container16 unshare setns note end", "trace=namespaces");
	SHOWS("begin setsid note end", "trace=sessions");
	SHOWS("begin prctl note orphan14 end", "trace=parents");
	SHOWS("begin launch10 there20 there21 there22 note detach22 end", "trace=attach");
	SHOWS("begin note12 note end", "trace=notes");
	SHOWS("begin exec10 thread11 fork12 vfork13 exec13 sharing14 fork15 container16 spawn17 refused note "
	      "exec10by11 exit13 group14 zombie20 exit99 end",
	      "trace=%process");
}

static void verify(const char *name, enum event_kind kind, pid_t tid, pid_t other)
{
	apply(name, (struct event){ .kind = kind, .tid = tid, .verify = { .other = other } });
}

/* What the kernel says of a new task goes with that task, other answers with the caller. */
static void what_the_kernel_says(void **state)
{
	static const struct {
		const char *expr, *shown;
	} rows[] = {
		{ "trace=verify", "begin verify11 difference11 verify12 verify10 end" },
		{ "trace=creations", "begin thread11 fork12 end" },
		{ "kind=thread", "begin thread11 verify11 difference11 end" },
		{ "kind=fork", "begin fork12 verify12 end" },
		{ "tid=12", "begin fork12 verify12 end" },
		{ "tid=10", "begin launch10 thread11 verify11 difference11 fork12 verify12 verify10 end" },
		{ "depth=0", "begin launch10 verify10 end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin((const char *const[]){ rows[i].expr, NULL });
		plain("begin", EVENT_BEGIN, 0);
		attach("launch10", 10, 10, 9, "/bin/make all");
		spawn("thread11", 10, 11, 10, unit_clone(GLIBC_PTHREAD, UNIT_STACK));
		verify("verify11", EVENT_VERIFY, 10, 11);
		verify("difference11", EVENT_DIFFERENCE, 10, 11);
		spawn("fork12", 10, 12, 12, unit_clone(GLIBC_FORK | SIGNO_CHLD, 0));
		verify("verify12", EVENT_VERIFY, 10, 12);
		verify("verify10", EVENT_VERIFY, 10, 99);
		plain("end", EVENT_END, 0);
		if (strcmp(text_get(&shown), rows[i].shown) != 0)
			fail_msg("%s shows %s", rows[i].expr, text_get(&shown));
		end();
	}
}

/* An exec that failed is one, too. */
static void failed_execs(void **state)
{
	static const struct {
		const char *expr, *shown;
	} rows[] = {
		{ "trace=exec", "begin execve execveat exec10 end" },
		{ "execve", "begin execve exec10 end" },
		{ "execveat", "begin execveat exec10 end" },
		{ "trace=process", "begin execve execveat exec10 end" },
		{ "trace=refused", "begin execve execveat end" },
		{ "trace=exit", "begin end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin((const char *const[]){ rows[i].expr, NULL });
		plain("begin", EVENT_BEGIN, 0);
		attach("launch10", 10, 10, 9, "/bin/make all");
		call("execve", 10, CALL_EXECVE, 0, -ENOENT);
		call("execveat", 10, CALL_EXECVEAT, 0, -EACCES);
		exec("exec10", 10, 10, "/bin/true");
		plain("end", EVENT_END, 0);
		if (strcmp(text_get(&shown), rows[i].shown) != 0)
			fail_msg("%s shows %s", rows[i].expr, text_get(&shown));
		end();
	}
}

static void calls_by_name(void **state)
{
	(void)state;
	SHOWS("begin thread11 fork12 sharing14 fork15 container16 refused note end", "trace=clone");
	SHOWS("begin vfork13 note end", "vfork");
	SHOWS("begin note end", "clone3");
	SHOWS("begin unshare unfiles note end", "t=unshare");
	SHOWS("begin setns note end", "setns");
	SHOWS("begin setsid note end", "setsid");
	SHOWS("begin prctl note end", "prctl");
	/* library functions, and those that come to the same request */
	SHOWS("begin fork12 fork15 note end", "fork");
	SHOWS("begin fork12 fork15 note end", "trace=daemon");
	SHOWS("begin thread11 note end", "pthread_create");
	SHOWS("begin fork12 vfork13 fork15 unshare unfiles note end", "fork,vfork,unshare");
}

/* If the stack has shown the function, it does not matter what the request looks like. */
static void calls_that_were_seen(void **state)
{
	static const struct frame frames[] = { { .function = "fork", .object = "/lib/libc.so.6" },
					       { .function = "daemon", .object = "/lib/libc.so.6" },
					       { .function = "main", .object = "/bin/server" } };
	static const struct {
		const char *expr, *shown;
	} rows[] = {
		{ "daemon", "begin fork11 daemon12 end" },
		{ "fork", "begin fork11 daemon12 fork13 end" },
		{ "system", "begin end" },
		{ "forkpty", "begin fork11 end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event event = { .kind = EVENT_SPAWN,
				       .tid = 10,
				       .have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST | EVENT_HAVE_STACK,
				       .spawn = { .child = 12, .child_tgid = 12, .creator_tgid = 10 } };

		begin((const char *const[]){ rows[i].expr, NULL });
		plain("begin", EVENT_BEGIN, 0);
		attach("launch10", 10, 10, 9, "/bin/server");
		spawn("fork11", 10, 11, 11, unit_clone(GLIBC_FORK | SIGNO_CHLD, 0));
		event.attempt.request = unit_clone(GLIBC_FORK | SIGNO_CHLD, 0);
		event.attempt.stack = (struct stack){ .end = STACK_ORIGIN, .count = 3, .frames = frames };
		apply("daemon12", event);
		event.spawn.child = event.spawn.child_tgid = 13;
		event.attempt.stack.count = 1;
		event.attempt.stack.end = STACK_WHOLE;
		apply("fork13", event);
		plain("end", EVENT_END, 0);
		if (strcmp(text_get(&shown), rows[i].shown) != 0)
			fail_msg("%s shows %s", rows[i].expr, text_get(&shown));
		end();
	}
}

static void kinds_of_tasks(void **state)
{
	(void)state;
	SHOWS("begin there21 thread11 refused signal name11 note exec10by11 end", "kind=thread");
	SHOWS("begin launch10 there20 there22 exec10 fork12 vfork13 exec13 sharing14 fork15 container16 spawn17 "
	      "unshare unfiles setns setsid prctl stop cont note12 note exit13 group14 zombie20 orphan14 detach22 end",
	      "kind=process");
	SHOWS("begin fork12 fork15 unshare unfiles setns setsid stop cont note12 note end", "kind=fork");
	SHOWS("begin vfork13 exec13 note exit13 end", "kind=vfork");
	SHOWS("begin vfork13 exec13 note exit13 end", "kind=process-vfork");
	SHOWS("begin sharing14 note group14 orphan14 end", "kind=sharing");
	SHOWS("begin sharing14 note group14 orphan14 end", "kind=process-sharing");
	SHOWS("begin container16 note end", "kind=container");
	SHOWS("begin container16 note end", "kind=namespaces");
	SHOWS("begin container16 note end", "kind=process-namespaces");
	SHOWS("begin launch10 there20 there21 there22 exec10 spawn17 prctl note zombie20 detach22 exit99 end",
	      "kind=unknown");
	SHOWS("begin vfork13 exec13 sharing14 note exit13 group14 orphan14 end", "kind=vfork,sharing");
}

static void tasks_by_number(void **state)
{
	(void)state;
	SHOWS("begin thread11 sharing14 signal name11 note exec10by11 end", "tid=11");
	SHOWS("begin sharing14 container16 note group14 orphan14 end", "tid=14,16");
	SHOWS("begin note exit99 end", "tid=99");
	SHOWS("begin fork12 fork15 container16 refused unshare unfiles setns setsid stop cont note12 note end",
	      "under=12");
	SHOWS("begin sharing14 note group14 orphan14 end", "under=14");
	/* threads and children that were there count by their process and parent */
	SHOWS("begin there20 there21 there22 spawn17 note zombie20 detach22 end", "under=20");
	SHOWS("begin sharing14 container16 note group14 orphan14 end", "under=14,16");
	SHOWS("begin note end", "under=4711");
}

static void programs(void **state)
{
	(void)state;
	SHOWS("begin launch10 exec10 thread11 fork12 vfork13 sharing14 fork15 container16 refused unshare unfiles "
	      "setns setsid prctl signal name11 stop cont note12 note group14 orphan14 end",
	      "comm=make");
	SHOWS("begin exec13 note exit13 end", "comm=cc*");
	SHOWS("begin there22 exec13 note exit13 detach22 end", "comm=[c]c?,worker");
	SHOWS("begin there20 there21 spawn17 note zombie20 end", "comm=cups[cd]");
	SHOWS("begin note exec10by11 end", "comm=true");
	SHOWS("begin note end", "comm=/bin/true"); /* its directory is no part of the name */
}

static void generations(void **state)
{
	static const char zero[] = "begin launch10 there20 there21 there22 exec10 prctl note zombie20 detach22 end";
	static const char one[] =
		"begin thread11 fork12 vfork13 exec13 spawn17 setsid signal name11 stop cont note12 note "
		"exec10by11 exit13 end";
	static const char two[] =
		"begin sharing14 fork15 container16 refused unshare unfiles setns note group14 orphan14 end";

	(void)state;
	SHOWS(zero, "depth=0");
	SHOWS(one, "depth=1");
	SHOWS(two, "depth=2");
	SHOWS(zero, "depth=<1");
	SHOWS(zero, "depth=<=0");
	SHOWS(two, "depth=>1");
	SHOWS(two, "depth=>=2");
	SHOWS(two, "depth=2-");
	SHOWS(two, "depth=2-7");
	SHOWS(one, "depth=1-1");
	SHOWS("begin note end", "depth=3-4");
	SHOWS("begin note end", "depth=3,4,2147483647");
}

static void negation(void **state)
{
	(void)state;
	SHOWS("begin launch10 there20 there21 there22 exec10 exec13 unfiles setns setsid prctl signal name11 stop "
	      "cont note12 note exec10by11 orphan14 detach22 end",
	      "trace=!creations,refused,exit");
	SHOWS("begin thread11 refused signal name11 note exec10by11 exit99 end", "kind=!process", "trace=!attach");
	SHOWS("begin exec13 note exit13 exit99 end", "!creations", "depth=!0", "comm=!make,true,cupsd");
	SHOWS("begin launch10 there20 there21 there22 note detach22 end", "attach", "under=!12");
	SHOWS("begin note exit99 end", "tid=!10,11,12,13,14,15,16,17,20,21,22");
}

static void together(void **state)
{
	(void)state;
	SHOWS("begin fork12 note end", "creations", "kind=fork", "depth=1");
	SHOWS("begin fork12 fork15 note end", "trace=creations", "under=12", "tid=!16");
	SHOWS("begin note end", "exec", "exit"); /* nothing is both */
	SHOWS("begin vfork13 note exit13 end", "tid=13", "trace=!exec");
}

/* ---- tasks at the end ---- */

static void draws(const char *expected, const char *const exprs[])
{
	const struct task *task;
	struct text text = TEXT_INIT;

	begin(exprs);
	play();
	for (task = model_roots(model); task; task = model_next(task)) {
		if (filter_shows_task(filter, model, task))
			text_addf(&text, "%s%d", text.length ? " " : "", (int)task->tid);
	}
	if (strcmp(text_get(&text), expected) != 0)
		fail_msg("%s\ndraws    %s\nexpected %s", exprs[0], text_get(&text), expected);
	text_done(&text);
	end();
}

#define DRAWS(expected, ...) draws(expected, (const char *const[]){ __VA_ARGS__, NULL })

/* 11 has become 10 by its exec. */
static void tasks_at_the_end(void **state)
{
	(void)state;
	DRAWS("10 10 14 12 15 16 13 20 17 21 22", "trace=none");
	DRAWS("16", "kind=container");
	DRAWS("14", "tid=14");
	DRAWS("12 15 16", "under=12");
	DRAWS("13", "comm=cc1");
	DRAWS("14 15 16", "depth=2");
	DRAWS("21 22", "tid=21,22", "under=20");
	DRAWS("", "tid=4711");
}

/* trace= is about events, but for the calls and library functions that make tasks. */
static void how_tasks_were_made(void **state)
{
	static const char all[] = "10 10 14 12 15 16 13 20 17 21 22";

	(void)state;
	DRAWS("10 14 12 15 16", "clone");
	DRAWS("13", "trace=vfork");
	DRAWS("10 10 14 12 15 16 20 17 21 22", "!vfork"); /* of 17 and of what was there it is not known */
	DRAWS("10 14 12 15 16", "clone,exec");
	DRAWS("10 14 12 15 16", "clone", "vfork,clone");
	DRAWS("12 15", "fork"); /* no call of that name, but what looks like the function */
	DRAWS("10", "pthread_create");
	DRAWS("", "clone3");
	DRAWS(all, "exec");
	DRAWS(all, "!creations");
	DRAWS(all, "unshare,setns");
	DRAWS(all, "vfork,creations");
}

/* What was seen on the stack is believed more than what the request looks like, at the end as before. */
static void seen_on_the_stack(void **state)
{
	const struct frame frames[] = { { .function = "posix_spawn", .object = "/lib/libc.so.6" },
					{ .function = "system", .object = "/lib/libc.so.6" },
					{ .function = "main", .object = "/bin/prog" } };
	static const struct {
		const char *expr;
		bool shows;
	} rows[] = {
		{ "system", true }, { "posix_spawn", true }, { "popen", false },
		{ "fork", false },  { "clone", true },	     { "!system", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const exprs[] = { rows[i].expr, NULL };
		struct event event = {
			.kind = EVENT_SPAWN,
			.tid = 10,
			.have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST | EVENT_HAVE_STACK,
			.spawn = { .child = 11, .child_tgid = 11, .creator_tgid = 10 },
		};

		begin(exprs);
		plain("begin", EVENT_BEGIN, 0);
		attach("launch10", 10, 10, 9, "prog");
		event.attempt.request = unit_clone(GLIBC_FORK | SIGNO_CHLD, 0); /* whatever it looks like */
		event.attempt.stack = (struct stack){ .end = STACK_ORIGIN, .count = 3, .frames = frames };
		apply("spawn", event);
		assert_int_equal(filter_shows_task(filter, model, model_find(model, 11)), rows[i].shows);
		assert_int_equal(filter_draws(filter, model, model_find(model, 11)), rows[i].shows);
		assert_int_equal(strstr(text_get(&shown), "spawn") != NULL, rows[i].shows);
		event.kind = EVENT_REFUSED;
		event.have = EVENT_HAVE_STACK;
		event.attempt.request = unit_clone(GLIBC_FORK | SIGNO_CHLD, 0);
		event.attempt.stack = (struct stack){ .end = STACK_ORIGIN, .count = 3, .frames = frames };
		apply("refusal", event);
		assert_int_equal(strstr(text_get(&shown), "refusal") != NULL, rows[i].shows);
		end();
	}
}

static void lives(void **state)
{
	const struct task *task;

	(void)state;
	begin((const char *const[]){ "trace=none", "comm=nobody", "under=12", NULL });
	play();
	task = model_find(model, 15);
	assert_non_null(task);
	assert_true(filter_draws(filter, model, task));
	assert_false(filter_shows_task(filter, model, task));
	task = model_find(model, 14);
	assert_non_null(task);
	assert_false(filter_draws(filter, model, task));
	end();
	assert_true(filter_draws(NULL, NULL, NULL));
}

/* Subtrees outlive what was forgotten: 100,000 dead tasks in a chain, of which the model keeps few. */
static void subtree_without_its_root(void **state)
{
	struct step step;

	(void)state;
	filter = filter_new();
	add("under=2");
	model = model_new(0);
	filter_watch(filter, model);
	attach("root", 1, 1, 0, "root");
	for (pid_t tid = 2; tid < 100000; tid++) {
		struct event gone = { .kind = EVENT_EXIT, .tid = tid - 1, .seq = ++seq };

		text_clear(&shown);
		spawn("spawn", tid - 1, tid, tid, unit_clone(SIGNO_CHLD, 0));
		assert_string_equal(text_get(&shown), "spawn");
		model_apply(model, &gone, &step);
	}
	assert_null(model_find(model, 2));
	end();
}

/* ---- the language ---- */

static void refuse(const char *expr, const char *at, const char *why)
{
	struct filter_error error;
	struct text text = TEXT_INIT;

	filter = filter_new();
	add("kind=thread");
	assert_int_equal(filter_add(filter, expr, &error), -EINVAL);
	if (error.length != strlen(at) || memcmp(error.at, at, error.length) != 0 ||
	    strcmp(text_get(&error.why), why) != 0)
		fail_expr(expr, &error);
	filter_format(&text, filter);
	assert_string_equal(text_get(&text), "kind=thread");
	text_done(&text);
	text_done(&error.why);
	filter_free(filter);
}

static void refusals(void **state)
{
	static const char trace[] =
		"is neither an event nor a call that is followed; give creations, refused, exec, names, exit, "
		"signals, stops, namespaces, sessions, parents, verify, attach, notes, process, all, none, or "
		"the name of a call such as clone3, unshare or pthread_create";
	static const char kind[] = "is no kind of task; give thread, process, fork, vfork, sharing, container, unknown";
	static const char tid[] = "is no task id; give numbers such as tid=4471,4472";
	static const char under[] = "is no process id; give numbers such as under=4471";
	static const char comm[] = "is no name of a program; give names such as comm=make or comm=cc*";
	static const char depth[] = "is no depth; give generations such as depth=1, depth=<3 or depth=2-4";
	static const char key[] =
		"is no filter; give trace=, kind=, tid=, comm=, under=, depth=, or names of events and "
		"calls alone";
	static const char mark[] = "has a ! that does not begin the list; it turns the whole list round, as in "
				   "trace=!exec,exit";

	(void)state;
	refuse("", "", trace);
	refuse("trace=", "", trace);
	refuse("trace=!", "", trace);
	refuse("openat", "openat", trace);
	refuse("exec,,exit", "", trace);
	refuse("exec,", "", trace);
	refuse("trace=exec,Exit", "Exit", trace);
	refuse("%clone", "%clone", trace);
	refuse("%", "%", trace);
	refuse("os/exec", "os/exec", trace);
	refuse("a", "a", trace);
	refuse("kind=thread,frok", "frok", kind);
	refuse("kind=", "", kind);
	refuse("kind=exec", "exec", kind);
	refuse("tid=x", "x", tid);
	refuse("tid=0", "0", tid);
	refuse("tid=-1", "-1", tid);
	refuse("tid=1 ", "1 ", tid);
	refuse("tid=2147483648", "2147483648", tid);
	refuse("under=", "", under);
	refuse("comm=", "", comm);
	refuse("comm=a,", "", comm);
	refuse("depth=", "", depth);
	refuse("depth=<", "<", depth);
	refuse("depth=<0", "<0", depth);
	refuse("depth=<=", "<=", depth);
	refuse("depth=-1", "-1", depth);
	refuse("depth=3-2", "3-2", depth);
	refuse("depth=1-2-3", "1-2-3", depth);
	refuse("depth=99999999999", "99999999999", depth);
	refuse("inject=clone", "inject", key);
	refuse("=exec", "", key);
	refuse("!kind=thread", "!kind", key);
	refuse("exec,!exit", "!exit", mark);
	refuse("kind=!!thread", "!thread", mark);
}

static void said_again(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	filter = filter_new();
	add("!exit");
	add("comm=a\nb");
	filter_format(&text, filter);
	assert_string_equal(text_get(&text), "!exit and comm=a\\nb");
	text_done(&text);
	assert_int_equal(filter_watched(filter), 0);
	add("under=1,2");
	add("under=!3");
	assert_int_equal(filter_watched(filter), 3);
	filter_free(filter);
	assert_int_equal(filter_watched(NULL), 0);
	filter_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_kinds),
		cmocka_unit_test(words_of_trace),
		cmocka_unit_test(failed_execs),
		cmocka_unit_test(calls_by_name),
		cmocka_unit_test(calls_that_were_seen),
		cmocka_unit_test(what_the_kernel_says),
		cmocka_unit_test(kinds_of_tasks),
		cmocka_unit_test(tasks_by_number),
		cmocka_unit_test(programs),
		cmocka_unit_test(generations),
		cmocka_unit_test(negation),
		cmocka_unit_test(together),
		cmocka_unit_test(tasks_at_the_end),
		cmocka_unit_test(how_tasks_were_made),
		cmocka_unit_test(seen_on_the_stack),
		cmocka_unit_test(lives),
		cmocka_unit_test(refusals),
		cmocka_unit_test(said_again),
		cmocka_unit_test(subtree_without_its_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
