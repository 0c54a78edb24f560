/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random histories of several multi-threaded forkers: each legal for the kernel, in any interleaving of what different
 * tasks do. Whatever happens, every task is announced once and before anything else is reported of it (script.c), no
 * task but a held one is ever left stopped, and at the end none is missing.
 *
 * A failure names the seed: STOPS_SEED and STOPS_MODE in the environment play that history alone and print what was
 * done. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define ACTORS_MAX 64 /* all that ever were, the latest of each tid */
#define ALIVE_MAX 14
#define STEPS 300
#define SEEDS 400
#define LAW_EACH 100 /* one of so many histories is held to the replay law, too */
#define PATIENCE 60  /* see test_killed.c */

enum doing {
	DOING_NOTHING, /* runs in user mode */
	DOING_CALL,    /* is in a creation call, past its entry stop */
	DOING_EVENT,   /* has made `child`, its event stop is to come */
	DOING_FIRST,   /* is new, its first stop is to come */
	DOING_EXEC,    /* waits for the other threads of its group to end */
	DOING_END,     /* on its way out with `status`, its stop at the end is to come or not */
	DOING_LAST,    /* past that: wait(2) is to report its end */
	DOING_GONE,    /* over, or detached */
};

struct actor {
	pid_t tid, tgid;
	enum doing doing;
	pid_t child;
	int status;
	bool leaves;	  /* exit(2) rather than exit_group(2) */
	bool interrupted; /* PTRACE_INTERRUPT: its stop for detaching is to come */
	/* Its process ends with this status, which wait(2) gives for it, too, if it has ended before by itself
	 * (kernel/exit.c: wait_task_zombie()). */
	bool group_ends;
	int group_status;
};

struct play {
	struct script *s;
	enum event_mode mode;
	uint64_t random;
	struct actor actors[ACTORS_MAX];
	size_t count;
	unsigned born, replaced; /* the latter: leaders, by exec */
	pid_t next_tid;
	bool reuse; /* tids of the dead */
	bool detaching;
	bool closing; /* nobody makes anybody any more */
	bool verbose;
};

/* xorshift64*: the same everywhere. */
static unsigned pick(struct play *p, unsigned below)
{
	p->random ^= p->random >> 12;
	p->random ^= p->random << 25;
	p->random ^= p->random >> 27;
	return (unsigned)(p->random * UINT64_C(2685821657736338717) >> 33) % below;
}

static bool chance(struct play *p, unsigned percent)
{
	return pick(p, 100) < percent;
}

static void __attribute__((format(printf, 2, 3))) narrate(const struct play *p, const char *format, ...)
{
	va_list ap;

	if (!p->verbose)
		return;
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
}

/* Actors */

static struct actor *actor_find(struct play *p, pid_t tid)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->actors[i].tid == tid && p->actors[i].doing != DOING_GONE)
			return &p->actors[i];
	return NULL;
}

static unsigned alive(const struct play *p, pid_t tgid)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += p->actors[i].doing != DOING_GONE && (!tgid || p->actors[i].tgid == tgid);
	return n;
}

static struct actor *actor_add(struct play *p, pid_t tid, pid_t tgid, enum doing doing)
{
	size_t i = 0;

	while (i < p->count && p->actors[i].doing != DOING_GONE)
		i++;
	assert_true(i < ACTORS_MAX);
	p->count += i == p->count;
	p->actors[i] = (struct actor){ .tid = tid, .tgid = tgid, .doing = doing };
	return &p->actors[i];
}

/* Whether TID can be used for a new task: nobody has it, and nobody is about to name the one who had it. One that died
 * unreported cannot always be distinguished from the next with its tid; test_killed.c has what can be done. */
static bool is_free(struct play *p, pid_t tid)
{
	const struct script_task *task = script_find(p->s, tid);

	for (size_t i = 0; i < p->count; i++)
		if (p->actors[i].doing == DOING_EVENT && p->actors[i].child == tid)
			return false;
	return !task || (task->ended && task->announced);
}

static pid_t new_tid(struct play *p)
{
	pid_t tid;

	if (!p->reuse)
		return p->next_tid++;
	do
		tid = 11 + (pid_t)pick(p, 3 * ALIVE_MAX);
	while (!is_free(p, tid));
	return tid;
}

/* TASK is to end with STATUS, whatever it does. A stop that it is in ends at once. */
static void end(struct play *p, struct actor *a, int status)
{
	if (a->doing == DOING_GONE || a->doing == DOING_LAST)
		return;
	if (script_task(p->s, a->tid)->stopped)
		script_gone(p->s, a->tid);
	script_task(p->s, a->tid)->stopped = false;
	a->status = status;
	a->leaves = false;
	a->doing = DOING_END;
}

/* BUT: the one that execs, which ends the others but not the process. */
static void end_group(struct play *p, pid_t tgid, int status, const struct actor *but)
{
	for (size_t i = 0; i < p->count; i++) {
		struct actor *a = &p->actors[i];

		if (a->tgid != tgid || a == but || a->doing == DOING_GONE)
			continue;
		if (a->doing != DOING_LAST && !(a->doing == DOING_END && !a->leaves))
			script_task(p->s, a->tid)->end = but ? SCRIPT_EXEC : SCRIPT_TAKEN;
		end(p, a, status);
		if (!but && !a->group_ends) {
			a->group_ends = true;
			a->group_status = status;
		}
	}
}

/* What a task can do */

static void begin_call(struct play *p, struct actor *a)
{
	static const struct {
		enum call call;
		uint64_t flags;
	} calls[] = {
		{ CALL_CLONE3, SCRIPT_PTHREAD },
		{ CALL_CLONE, SCRIPT_PTHREAD },
		{ CALL_FORK, 0 },
		{ CALL_CLONE, SIGCHLD },
		{ CALL_VFORK, 0 },
		{ CALL_CLONE3, FLAG_VM | FLAG_PARENT },
		{ CALL_CLONE3, FLAG_VM | FLAG_FILES | SIGUSR1 },
		{ CALL_CLONE, FLAG_UNTRACED | SIGCHLD },
	};
	unsigned which = pick(p, sizeof(calls) / sizeof(calls[0]));

	if (calls[which].flags & FLAG_UNTRACED && p->mode == EVENT_MODE_EVENTS)
		which = 2; /* nobody would hear of the child */
	narrate(p, "%d calls %s\n", a->tid, call_name(calls[which].call));
	script_entry(p->s, a->tid, calls[which].call, calls[which].flags);
	a->doing = DOING_CALL;
}

static void leave(struct play *p, struct actor *a)
{
	narrate(p, "%d exits\n", a->tid);
	a->status = (int)pick(p, 4) << 8;
	if (a->tid == a->tgid && chance(p, 50)) {
		end_group(p, a->tgid, a->status, NULL); /* exit_group */
		return;
	}
	script_task(p->s, a->tid)->end = SCRIPT_LEFT;
	script_task(p->s, a->tid)->own_status = a->status;
	a->leaves = true;
	a->doing = DOING_END;
}

static void kill_group(struct play *p, pid_t tgid)
{
	narrate(p, "the group %d is killed\n", tgid);
	end_group(p, tgid, SIGKILL, NULL);
}

static void do_nothing(struct play *p, struct actor *a)
{
	unsigned what = pick(p, 100);

	if (a->interrupted) {
		narrate(p, "%d is interrupted\n", a->tid);
		script_first(p->s, a->tid);
	} else if (p->closing || what < 12) {
		leave(p, a);
	} else if (what < 18) {
		kill_group(p, a->tgid);
	} else if (what < 26) {
		script_signal(p->s, a->tid, SIGUSR1);
	} else if (what < 32) {
		narrate(p, "%d execs\n", a->tid);
		end_group(p, a->tgid, 0, a);
		a->doing = DOING_EXEC;
	} else if (alive(p, 0) < ALIVE_MAX) {
		begin_call(p, a);
	}
}

static void do_call(struct play *p, struct actor *a)
{
	if (chance(p, 15)) {
		narrate(p, "%d is refused\n", a->tid);
		a->doing = DOING_NOTHING;
		script_task(p->s, a->tid)->call.value = -EAGAIN;
		if (p->mode != EVENT_MODE_EVENTS)
			script_returns(p->s, a->tid, -EAGAIN);
		return;
	}
	a->child = new_tid(p);
	narrate(p, "%d has made %d\n", a->tid, a->child);
	script_born(p->s, a->tid, a->child);
	p->born++;
	a->doing = DOING_EVENT;
	actor_add(p, a->child, script_task(p->s, a->child)->tgid, DOING_FIRST);
}

/* The event; now and then the task is killed just when it has been reported. */
static void do_event(struct play *p, struct actor *a)
{
	bool killed = chance(p, 5);

	narrate(p, "%d stops for %d%s\n", a->tid, a->child, killed ? ", is killed" : "");
	a->doing = DOING_NOTHING;
	script_task(p->s, a->tid)->gone = killed;
	script_reports(p->s, a->tid, a->child);
	if (killed)
		kill_group(p, a->tgid);
}

static void do_first(struct play *p, struct actor *a)
{
	narrate(p, "%d stops first\n", a->tid);
	a->doing = DOING_NOTHING;
	script_first(p->s, a->tid);
}

/* The leader whose place A's exec takes; NULL: it is A itself, or was detached. */
static struct actor *exec_leader(struct play *p, const struct actor *a)
{
	struct actor *leader = actor_find(p, a->tgid);

	return leader == a ? NULL : leader;
}

/* exec succeeds once the others are gone: all but a leader that it replaces, who is dead but never reported so. */
static bool can_exec(struct play *p, const struct actor *a)
{
	const struct actor *leader = exec_leader(p, a);

	return leader ? leader->doing == DOING_LAST && alive(p, a->tgid) == 2 : alive(p, a->tgid) == 1;
}

static void do_exec(struct play *p, struct actor *a)
{
	struct actor *leader = exec_leader(p, a);
	pid_t former = a->tid;

	if (!can_exec(p, a))
		return;
	narrate(p, "%d is the program of %d now\n", former, a->tgid);
	if (leader)
		leader->doing = DOING_GONE;
	p->replaced += leader != NULL;
	a->tid = a->tgid;
	a->doing = DOING_NOTHING;
	script_exec(p->s, a->tgid, former, "next");
}

/* PTRACE_EVENT_EXIT comes where it was asked for, mostly. */
static void do_end(struct play *p, struct actor *a)
{
	const struct script_task *task = script_task(p->s, a->tid);

	a->doing = DOING_LAST;
	if (!task->exit_stop || chance(p, 20))
		return;
	narrate(p, "%d stops at its end\n", a->tid);
	script_task(p->s, a->tid)->gone = false;
	if (a->leaves)
		script_exit_stop(p->s, a->tid, CALL_EXIT, a->status);
	else
		script_killed_stop(p->s, a->tid, a->status);
}

static void do_last(struct play *p, struct actor *a)
{
	if (a->tid == a->tgid && alive(p, a->tgid) > 1)
		return; /* a zombie leader: kernel/exit.c, delay_group_leader() */
	narrate(p, "%d has ended\n", a->tid);
	a->doing = DOING_GONE;
	script_death(p->s, a->tid, a->group_ends ? a->group_status : a->status);
}

static void act(struct play *p, struct actor *a)
{
	static void (*const acts[])(struct play * p, struct actor * a) = {
		[DOING_NOTHING] = do_nothing, [DOING_CALL] = do_call, [DOING_EVENT] = do_event,
		[DOING_FIRST] = do_first,     [DOING_EXEC] = do_exec, [DOING_END] = do_end,
		[DOING_LAST] = do_last,
	};

	if (a->doing == DOING_GONE)
		return;
	if (!script_task(p->s, a->tid)->stopped)
		acts[a->doing](p, a);
	else if (chance(p, 10)) /* held: only SIGKILL can change that */
		kill_group(p, a->tgid);
}

/* Whether anything is under way that wait(2) would report before long. */
static bool quiet(struct play *p)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct actor *a = &p->actors[i];
		bool waits = a->doing == DOING_GONE || a->doing == DOING_NOTHING ||
			     (a->doing == DOING_EXEC && !can_exec(p, a)) ||
			     (a->doing == DOING_LAST && a->tid == a->tgid && alive(p, a->tgid) > 1);

		if (!waits && !script_task(p->s, a->tid)->stopped)
			return false;
	}
	return true;
}

static void detach_all(struct play *p)
{
	narrate(p, "letting go\n");
	p->detaching = true;
	script_detach(p->s);
	for (size_t i = 0; i < p->count; i++)
		p->actors[i].interrupted = p->actors[i].doing != DOING_GONE;
}

/* What must hold between any two stops. A detached task is out of this story. */
static void check(struct play *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (!script_task(p->s, p->actors[i].tid)->traced)
			p->actors[i].doing = DOING_GONE;
	for (size_t i = 0; i < p->count; i++) {
		const struct script_task *task = script_task(p->s, p->actors[i].tid);

		if (p->actors[i].doing == DOING_GONE || !task->stopped)
			continue;
		if (task->reported)
			fail_msg("task %d was told of and is left stopped", (int)task->tid);
		if (!follow_is_holding(script_follow(p->s)))
			fail_msg("task %d is held and nobody will look at it", (int)task->tid);
	}
}

/* Whether every task that was made was announced, and none is left. */
static void check_end(struct play *p)
{
	script_idle(p->s, PATIENCE);
	assert_int_equal(follow_count(script_follow(p->s)), 0);
	assert_false(follow_is_holding(script_follow(p->s)));
	script_end(p->s, 0);
	assert_int_equal(script_count(p->s, "spawn"), p->born);
	assert_int_equal(script_count(p->s, "end"), 1);
	assert_int_equal(script_count(p->s, "exit") + script_count(p->s, "gone on") + p->replaced, p->born + 1);
}

static void play(enum event_mode mode, bool reuse, bool may_detach, uint64_t seed, bool verbose)
{
	struct play p = { .s = script_launched(mode),
			  .mode = mode,
			  .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1,
			  .next_tid = 11,
			  .reuse = reuse,
			  .verbose = verbose };

	if (verbose)
		script_echo(p.s);
	if (seed % LAW_EACH)
		script_without_law(p.s);
	actor_add(&p, 10, 10, DOING_NOTHING);
	for (unsigned step = 0; alive(&p, 0); step++) {
		p.closing |= step == STEPS;
		if (step > 100 * STEPS)
			fail_msg("this history does not end");
		act(&p, &p.actors[pick(&p, (unsigned)p.count)]);
		if (quiet(&p))
			script_idle(p.s, 1 + pick(&p, 3));
		check(&p);
		if (may_detach && !p.detaching && step > STEPS / 4 && chance(&p, 2))
			detach_all(&p);
	}
	check_end(&p);
	script_free(p.s);
}

static const struct {
	const char *name;
	enum event_mode mode;
	bool reuse;
} variants[] = {
	{ "filter", EVENT_MODE_FILTER, false },
	{ "events", EVENT_MODE_EVENTS, false },
	{ "calls", EVENT_MODE_CALLS, false },
	{ "filter-reuse", EVENT_MODE_FILTER, true },
};

/* What was being played when a check failed. */
static const char *playing;
static uint64_t playing_seed;

static int name_failed(void **state)
{
	(void)state;
	if (playing)
		print_error("this was STOPS_MODE=%s STOPS_SEED=%llu\n", playing, (unsigned long long)playing_seed);
	playing = NULL;
	return 0;
}

static void play_all(bool may_detach)
{
	const char *only = getenv("STOPS_SEED"), *mode = getenv("STOPS_MODE");

	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		if (mode && strcmp(mode, variants[i].name) != 0)
			continue;
		for (uint64_t seed = 1; seed <= SEEDS; seed++) {
			if (only && strtoull(only, NULL, 10) != seed)
				continue;
			playing = variants[i].name;
			playing_seed = seed;
			play(variants[i].mode, variants[i].reuse, may_detach, seed, only);
			playing = NULL;
		}
	}
}

static void test_random_histories(void **state)
{
	(void)state;
	play_all(false);
}

static void test_random_letting_go(void **state)
{
	(void)state;
	play_all(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_random_histories, name_failed),
		cmocka_unit_test_teardown(test_random_letting_go, name_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
