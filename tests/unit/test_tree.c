/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the tree: its lines, its cells, its width, and that no shape of tree is too much for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <string.h>

#include "abi/abi.h"
#include "base/text.h"
#include "clone/flags.h"
#include "model/model.h"
#include "render/tree_table.h"
#include "sink/sink.h"
#include "skip.h"

#define THREAD_FLAGS (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD)
#define SIGNAL_CHILD 17

struct fixture {
	struct model *model;
	uint64_t seq;
	struct text text;
	struct sink_options options;
};

static int setup(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){ .model = model_new(MODEL_KEEP_ALL), .options = { .tree_limit = SIZE_MAX } };
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	model_free(fixture->model);
	text_done(&fixture->text);
	return 0;
}

static void apply(struct fixture *fixture, struct event *event)
{
	struct step step;

	event->seq = ++fixture->seq;
	event->when = fixture->seq * 1000;
	model_apply(fixture->model, event, &step);
}

static void launch(struct fixture *fixture, pid_t tid, const char *command)
{
	struct event event = { .kind = EVENT_ATTACH, .tid = tid, .have = EVENT_HAVE_COMMAND };

	event.attach.tgid = tid;
	event.attach.launched = true;
	event.attach.command = command;
	apply(fixture, &event);
}

static void spawn(struct fixture *fixture, pid_t creator, pid_t tgid, pid_t child, uint64_t flags)
{
	struct event event = { .kind = EVENT_SPAWN, .tid = creator };

	event.have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST;
	event.spawn.creator_tgid = tgid;
	event.spawn.child = child;
	event.spawn.child_tgid = flags & FLAG_THREAD ? tgid : child;
	event.attempt.request.call = CALL_CLONE;
	event.attempt.request.abi = abi_find_name("x86_64");
	event.attempt.request.have = REQUEST_FLAGS;
	event.attempt.request.flags = flags;
	event.attempt.request.exit_signal = flags & FLAG_THREAD ? 0 : SIGNAL_CHILD;
	apply(fixture, &event);
}

static void exec(struct fixture *fixture, pid_t tid, pid_t former, const char *command)
{
	struct event event = { .kind = EVENT_EXEC, .tid = tid, .have = EVENT_HAVE_COMMAND };

	event.exec.former = former;
	event.exec.command = command;
	apply(fixture, &event);
}

static void end(struct fixture *fixture, enum event_kind kind, pid_t tid, int status)
{
	struct event event = { .kind = kind, .tid = tid };

	if (kind != EVENT_DETACH)
		event.exit.status = status;
	apply(fixture, &event);
}

static const char *draw(struct fixture *fixture)
{
	text_clear(&fixture->text);
	tree_table_draw(&fixture->text, fixture->model, &fixture->options,
			&(struct tree_table_times){ .now = fixture->seq * 1000 });
	return text_get(&fixture->text);
}

/* How many lines TEXT has; the longest one's bytes in *RET_LONGEST. */
static size_t count_lines(const char *text, size_t *ret_longest)
{
	size_t lines = 0, longest = 0;

	for (; *text; lines++) {
		size_t length = strcspn(text, "\n");

		longest = length > longest ? length : longest;
		assert_int_equal(text[length], '\n');
		text += length + 1;
	}
	*ret_longest = longest;
	return lines;
}

static void test_nothing(void **state)
{
	assert_string_equal(draw(*state), "");
}

static void test_family(struct fixture *fixture)
{
	launch(fixture, 100, "sh -c x");
	spawn(fixture, 100, 100, 101, 0);
	spawn(fixture, 101, 101, 102, THREAD_FLAGS);
	spawn(fixture, 102, 101, 103, FLAG_VM | FLAG_VFORK);
	spawn(fixture, 100, 100, 104, FLAG_VM);
	exec(fixture, 103, 103, "ls");
	end(fixture, EVENT_EXIT, 103, 2 << 8);
	end(fixture, EVENT_EXIT, 104, 9);
	end(fixture, EVENT_DETACH, 102, 0);
}

static void test_ascii(void **state)
{
	struct fixture *fixture = *state;

	test_family(fixture);
	assert_string_equal(draw(fixture), "TASK      KIND                    FATE              COMMAND\n"
					   "100       process                 running           sh -c x\n"
					   "|-101     process                 running           sh -c x\n"
					   "| `-102   thread                  detached\n"
					   "|   `-103 process (vfork)         exited 2          ls\n"
					   "`-104     process (shared memory) killed by SIGKILL sh -c x\n");
}

static void test_utf8(void **state)
{
	struct fixture *fixture = *state;

	if (!setlocale(LC_ALL, "C.UTF-8") && !setlocale(LC_ALL, "en_US.UTF-8")) {
		skip_because("no UTF-8 locale");
	}
	fixture->options.utf8 = true;
	test_family(fixture);
	draw(fixture);
	setlocale(LC_ALL, "C");
	assert_string_equal(text_get(&fixture->text), "TASK      KIND                    FATE              COMMAND\n"
						      "100       process                 running           sh -c x\n"
						      "├─101     process                 running           sh -c x\n"
						      "│ └─102   thread                  detached\n"
						      "│   └─103 process (vfork)         exited 2          ls\n"
						      "└─104     process (shared memory) killed by SIGKILL sh -c x\n");
}

static void test_leaders(void **state)
{
	struct fixture *fixture = *state;

	launch(fixture, 100, "old");
	spawn(fixture, 100, 100, 101, THREAD_FLAGS);
	spawn(fixture, 100, 100, 102, 0);
	spawn(fixture, 102, 102, 103, THREAD_FLAGS);
	end(fixture, EVENT_LEADER_EXIT, 102, 0);
	exec(fixture, 100, 101, "new");
	assert_string_equal(draw(fixture), "TASK            KIND               FATE                    COMMAND\n"
					   "100             process            replaced by exec\n"
					   "|-100 (was 101) thread, now leader running                 new\n"
					   "`-102           process            zombie leader, exited 0 old\n"
					   "  `-103         thread             running\n");
}

static void test_command_stays_on_its_line(void **state)
{
	struct fixture *fixture = *state;

	launch(fixture, 100, "a\nb\033[31m");
	assert_string_equal(draw(fixture), "TASK KIND    FATE    COMMAND\n"
					   "100  process running a\\nb\\033[31m\n");
}

static void test_width(void **state)
{
	struct fixture *fixture = *state;
	char command[501];
	size_t longest;

	memset(command, 'x', sizeof(command) - 1);
	command[sizeof(command) - 1] = '\0';
	launch(fixture, 100, command);
	spawn(fixture, 100, 100, 101, 0);
	fixture->options.width = 60;
	assert_int_equal(count_lines(draw(fixture), &longest), 3);
	assert_int_equal(longest, 60);
	fixture->options.width = 0;
	assert_int_equal(count_lines(draw(fixture), &longest), 3);
	assert_true(longest > 500);
}

static void test_narrow(void **state)
{
	struct fixture *fixture = *state;
	size_t longest;

	test_family(fixture);
	fixture->options.width = 10;
	assert_int_equal(count_lines(draw(fixture), &longest), 6);
}

/* Every task made the next one. */
static void test_deep(void **state)
{
	struct fixture *fixture = *state;
	size_t longest;

	launch(fixture, 100000, "deep");
	for (pid_t i = 1; i < 10000; i++)
		spawn(fixture, 100000 + i - 1, 100000 + i - 1, 100000 + i, 0);
	assert_int_equal(count_lines(draw(fixture), &longest), 10002);
	assert_true(longest < 256);
	assert_non_null(strstr(text_get(&fixture->text), "-109999 (by 109998) "));
	assert_non_null(strstr(text_get(&fixture->text), "(drawn to level 64: "));
	fixture->options.width = 80;
	assert_int_equal(count_lines(draw(fixture), &longest), 10002);
	assert_true(longest <= 80);
}

/* A level at the limit and tasks behind it that are higher again. */
static void test_deep_and_back(void **state)
{
	struct fixture *fixture = *state;
	size_t longest;

	launch(fixture, 100, "deep");
	for (pid_t i = 1; i < 70; i++)
		spawn(fixture, 100 + i - 1, 100 + i - 1, 100 + i, 0);
	spawn(fixture, 102, 102, 200, 0);
	spawn(fixture, 200, 200, 201, 0);
	draw(fixture);
	assert_non_null(strstr(text_get(&fixture->text), "-163  "));
	assert_non_null(strstr(text_get(&fixture->text), "-164 (by 163) "));
	assert_non_null(strstr(text_get(&fixture->text), "\n    `-200 "));
	assert_non_null(strstr(text_get(&fixture->text), "\n      `-201 "));
	assert_int_equal(count_lines(text_get(&fixture->text), &longest), 1 + 72 + 1);
}

static void test_many(void **state)
{
	struct fixture *fixture = *state;
	size_t longest;

	launch(fixture, 100000, "many");
	for (pid_t i = 1; i < 20000; i++)
		spawn(fixture, 100000, 100000, 100000 + i, i % 2 ? THREAD_FLAGS : 0);
	assert_int_equal(count_lines(draw(fixture), &longest), 20001);
	assert_null(strstr(text_get(&fixture->text), "drawn to level"));
}

/* Past the limit: those that live and who made them, then the first ones; the others are counted. */
static void test_limit(void **state)
{
	struct fixture *fixture = *state;

	launch(fixture, 100, "sh");
	for (pid_t i = 101; i < 106; i++)
		spawn(fixture, 100, 100, i, 0);
	spawn(fixture, 104, 104, 110, 0);
	spawn(fixture, 101, 101, 111, 0);
	spawn(fixture, 105, 105, 112, 0);
	for (pid_t i = 101; i < 106; i++)
		end(fixture, EVENT_EXIT, i, 0);
	end(fixture, EVENT_EXIT, 111, 0);
	end(fixture, EVENT_DETACH, 112, 0);
	fixture->options.tree_limit = 9;
	assert_null(strstr(draw(fixture), "more"));
	fixture->options.tree_limit = 7;
	assert_string_equal(draw(fixture), "TASK    KIND    FATE     COMMAND\n"
					   "100     process running  sh\n"
					   "|-101   process exited 0 sh\n"
					   "|-102   process exited 0 sh\n"
					   "|-104   process exited 0 sh\n"
					   "| `-110 process running  sh\n"
					   "`-105   process exited 0 sh\n"
					   "  `-112 process detached sh\n"
					   "... and 2 more tasks (7 are drawn: --tree-limit)\n");
	/* fewer than live: the oldest of them */
	fixture->options.tree_limit = 2;
	assert_string_equal(draw(fixture), "TASK  KIND    FATE     COMMAND\n"
					   "100   process running  sh\n"
					   "`-104 process exited 0 sh\n"
					   "... and 7 more tasks (2 are drawn: --tree-limit)\n");
	fixture->options.tree_limit = 0;
	assert_string_equal(draw(fixture), "");
}

/* Below the parent at the end: a grandchild whose parent ended is the subreaper's; threads stand with their leader. */
static void test_by_parent(void **state)
{
	struct fixture *fixture = *state;
	struct event event = { .kind = EVENT_REPARENT, .tid = 103 };

	fixture->options.by_parent = true;
	launch(fixture, 100, "sh");
	spawn(fixture, 100, 100, 101, THREAD_FLAGS);
	spawn(fixture, 101, 100, 102, 0);
	spawn(fixture, 102, 102, 103, 0);
	end(fixture, EVENT_EXIT, 102, 0);
	event.reparent.from = 102;
	event.reparent.to = 100;
	apply(fixture, &event);
	assert_string_equal(draw(fixture), "TASK  KIND    FATE     COMMAND\n"
					   "100   process running  sh\n"
					   "|-101 thread  running\n"
					   "|-102 process exited 0 sh\n"
					   "`-103 process running  sh\n");
	fixture->options.by_parent = false;
	assert_string_equal(draw(fixture), "TASK      KIND    FATE     COMMAND\n"
					   "100       process running  sh\n"
					   "`-101     thread  running\n"
					   "  `-102   process exited 0 sh\n"
					   "    `-103 process running  sh\n");
}

/* A tgid that was used twice: each child stands below the one that was there when it was born. */
static void test_by_parent_of_one_number(void **state)
{
	struct fixture *fixture = *state;

	fixture->options.by_parent = true;
	launch(fixture, 100, "sh");
	for (int i = 0; i < 2; i++) {
		spawn(fixture, 100, 100, 101, 0);
		spawn(fixture, 101, 101, 102 + i, 0);
		end(fixture, EVENT_EXIT, 102 + i, i << 8);
		end(fixture, EVENT_EXIT, 101, i << 8);
	}
	assert_string_equal(draw(fixture), "TASK    KIND    FATE     COMMAND\n"
					   "100     process running  sh\n"
					   "|-101   process exited 0 sh\n"
					   "| `-102 process exited 0 sh\n"
					   "`-101   process exited 1 sh\n"
					   "  `-103 process exited 1 sh\n");
}

/* Alike with all below them, in whatever order they stand; what differs stays. */
static void test_fold(void **state)
{
	struct fixture *fixture = *state;

	fixture->options.tree_fold = 3;
	launch(fixture, 100, "sh");
	for (pid_t i = 0; i < 4; i++) {
		spawn(fixture, 100, 100, 110 + i, 0);
		spawn(fixture, 110 + i, 110 + i, 120 + i, THREAD_FLAGS);
		spawn(fixture, 100, 100, 130 + i, 0);
		if (i < 2)
			exec(fixture, 130 + i, 130 + i, "ls");
		end(fixture, EVENT_EXIT, 130 + i, 0);
	}
	spawn(fixture, 113, 113, 140, 0);
	assert_string_equal(draw(fixture), "TASK              KIND    FATE     COMMAND\n"
					   "100               process running  sh\n"
					   "|-110 and 2 alike process running  sh\n"
					   "| `-120           thread  running\n"
					   "|-130             process exited 0 ls\n"
					   "|-131             process exited 0 ls\n"
					   "|-132             process exited 0 sh\n"
					   "|-113             process running  sh\n"
					   "| |-123           thread  running\n"
					   "| `-140           process running  sh\n"
					   "`-133             process exited 0 sh\n");
	/* What a line stands for is drawn. */
	fixture->options.tree_limit = 3;
	assert_non_null(strstr(draw(fixture), "... and 7 more tasks (7 are drawn: --tree-limit)\n"));
	/* JSON has all. */
	fixture->options.tree_limit = SIZE_MAX;
	fixture->options.json = true;
	assert_null(strstr(draw(fixture), "alike"));
	assert_non_null(strstr(text_get(&fixture->text), "\"112\""));
}

static void name(struct fixture *fixture, pid_t tid, const char *given)
{
	apply(fixture,
	      &(struct event){ .kind = EVENT_NAME, .tid = tid, .have = EVENT_HAVE_NAME, .name = { .name = given } });
}

/* Threads of 100 with NAMES, up to a NULL; "" for one without. */
static void name_threads(struct fixture *fixture, const char *const names[])
{
	launch(fixture, 100, "sh");
	for (pid_t tid = 101; *names; names++, tid++) {
		spawn(fixture, 100, 100, tid, THREAD_FLAGS);
		if (**names)
			name(fixture, tid, *names);
	}
}

/* Names that differ in more than numbers are not alike; for others, the range is shown. */
static void test_fold_names(void **state)
{
	static const char *const names[] = { "Cache I/O", "worker-9", "",      "worker-10", "Timer", "worker-007",
					     "p1-t5",	  "p2-t3",    "",      "p1-t4",	    "JS",    "JS",
					     "JS 1",	  "a1b2",     "a1b2c", "\001",	    "\002",  NULL };
	struct fixture *fixture = *state;

	fixture->options.tree_fold = 2;
	name_threads(fixture, names);
	assert_string_equal(draw(fixture), "TASK              KIND    FATE    COMMAND\n"
					   "100               process running sh\n"
					   "|-101             thread  running Cache I/O\n"
					   "|-102 and 2 alike thread  running worker-{007..10}\n"
					   "|-103 and 1 alike thread  running\n"
					   "|-105             thread  running Timer\n"
					   "|-107 and 2 alike thread  running p{1..2}-t{3..5}\n"
					   "|-111 and 1 alike thread  running JS\n"
					   "|-113             thread  running JS 1\n"
					   "|-114             thread  running a1b2\n"
					   "|-115             thread  running a1b2c\n"
					   "|-116             thread  running \\001\n"
					   "`-117             thread  running \\002\n");
}

/* Numbers behind the eighth are as good as letters. */
static void test_fold_many_numbers(void **state)
{
	static const char *const names[] = { "1.2.3.4.5.6.7.8.9", "1.2.3.4.5.6.7.9.9", "1.2.3.4.5.6.7.8.10", NULL };
	struct fixture *fixture = *state;

	fixture->options.tree_fold = 2;
	name_threads(fixture, names);
	assert_non_null(strstr(draw(fixture), "|-101 and 1 alike thread  running 1.2.3.4.5.6.7.{8..9}.9\n"
					      "`-103             thread  running 1.2.3.4.5.6.7.8.10\n"));
}

/* What is below is drawn once for all: so its names are the same in all. */
static void test_fold_names_below(void **state)
{
	static const char *const below[] = { "conn-1", "conn-1", "conn-2" };
	struct fixture *fixture = *state;

	fixture->options.tree_fold = 2;
	launch(fixture, 100, "sh");
	for (pid_t i = 0; i < 3; i++) {
		spawn(fixture, 100, 100, 110 + i, 0);
		spawn(fixture, 110 + i, 110 + i, 120 + i, THREAD_FLAGS);
		name(fixture, 120 + i, below[i]);
	}
	assert_non_null(strstr(draw(fixture), "|-110 and 1 alike process running sh\n"
					      "| `-120           thread  running conn-1\n"
					      "`-112             process running sh\n"
					      "  `-122           thread  running conn-2\n"));
}

/* Tasks are alike if all columns are, except ids and times. */
static void test_fold_by_columns(void **state)
{
	struct fixture *fixture = *state;
	const char *wrong;
	size_t length;

	fixture->options.tree_fold = 2;
	launch(fixture, 100, "sh");
	for (pid_t i = 0; i < 3; i++)
		spawn(fixture, 100, 100, 101 + i, i ? FLAG_FILES : 0);
	assert_non_null(strstr(draw(fixture), "101 and 2 alike"));
	assert_int_equal(column_set_parse("+TID,TGID,START,LIFE", &fixture->options.columns, &wrong, &length), 0);
	assert_non_null(strstr(draw(fixture), "101 and 2 alike"));
	assert_int_equal(column_set_parse("+FLAGS", &fixture->options.columns, &wrong, &length), 0);
	assert_non_null(strstr(draw(fixture), "102 and 1 alike"));
	exec(fixture, 103, 103, "ls");
	assert_null(strstr(draw(fixture), "alike"));
	assert_int_equal(column_set_parse("TASK,KIND", &fixture->options.columns, &wrong, &length), 0);
	assert_non_null(strstr(draw(fixture), "101 and 2 alike"));
}

static void test_columns(void **state)
{
	struct fixture *fixture = *state;
	const char *wrong;
	size_t length;

	test_family(fixture);
	assert_int_equal(
		column_set_parse("tid,Kind,exitsig,creator,nlwp,status", &fixture->options.columns, &wrong, &length),
		0);
	assert_string_equal(draw(fixture), "TID KIND                    EXITSIG CREATOR NLWP STATUS\n"
					   "100 process                                    1\n"
					   "101 process                 SIGCHLD     100    1\n"
					   "102 thread                              101    1\n"
					   "103 process (vfork)         SIGCHLD     102    1 2\n"
					   "104 process (shared memory) SIGCHLD     100    1 SIGKILL\n");
	assert_int_equal(column_set_parse("+tgid", &fixture->options.columns, &wrong, &length), 0);
	assert_non_null(strstr(draw(fixture), "TASK      KIND                    FATE              TGID COMMAND\n"));
	assert_int_equal(column_set_parse("+nlwp,command,tgid", &fixture->options.columns, &wrong, &length), 0);
	assert_non_null(strstr(draw(fixture), "FATE              NLWP TGID COMMAND\n"));
	assert_int_equal(column_set_parse("TID,nonsense,KIND", &fixture->options.columns, &wrong, &length), -EINVAL);
	assert_int_equal(length, strlen("nonsense"));
	assert_memory_equal(wrong, "nonsense", length);
	assert_int_equal(column_set_parse("TID,TID", &fixture->options.columns, &wrong, &length), -EINVAL);
	assert_int_equal(column_set_parse("", &fixture->options.columns, &wrong, &length), -EINVAL);
	assert_int_equal(column_set_parse("TID,", &fixture->options.columns, &wrong, &length), -EINVAL);
	assert_true(fixture->options.columns.added); /* left as it was */
}

/* Every column can be asked for at once, and has a cell of some task. */
static void test_all_columns(void **state)
{
	struct fixture *fixture = *state;
	struct text list = TEXT_INIT;
	const char *wrong;
	size_t length, count;
	const struct column *columns = column_table(&count);

	for (size_t i = 0; i < count; i++)
		if (!(columns[i].marks & COLUMN_SEEN))
			text_addf(&list, "%s%s", i ? "," : "", columns[i].name);
	assert_int_equal(column_set_parse(text_get(&list), &fixture->options.columns, &wrong, &length), 0);
	text_done(&list);
	test_family(fixture);
	assert_non_null(strstr(draw(fixture), "CLONE_VM|CLONE_FS"));
	assert_non_null(strstr(text_get(&fixture->text), "memory, descriptors, cwd and umask, signal handlers"));
}

/* From a model that keeps so many and no more, the same tasks are drawn. */
static void test_limit_of_the_model(void **state)
{
	struct fixture *fixture = *state;
	struct text all = TEXT_INIT;

	for (int i = 0; i < 2; i++) {
		model_free(fixture->model);
		fixture->model = model_new(i ? MODEL_KEEP_ALL : 4);
		fixture->options.tree_limit = 4;
		fixture->seq = 0;
		launch(fixture, 100, "sh");
		for (pid_t tid = 200; tid < 5200; tid++) {
			spawn(fixture, 100, 100, tid, 0);
			end(fixture, EVENT_EXIT, tid, 0);
		}
		spawn(fixture, 100, 100, 101, 0);
		draw(fixture);
		if (!i)
			text_add(&all, text_get(&fixture->text));
	}
	assert_string_equal(text_get(&all), text_get(&fixture->text));
	assert_string_equal(text_get(&all), "TASK  KIND    FATE     COMMAND\n"
					    "100   process running  sh\n"
					    "|-200 process exited 0 sh\n"
					    "|-201 process exited 0 sh\n"
					    "`-101 process running  sh\n"
					    "... and 4998 more tasks (4 are drawn: --tree-limit)\n");
	text_done(&all);
}

/* A task whose creator has been forgotten says who that was. */
static void test_creator_left_out(void **state)
{
	struct fixture *fixture = *state;

	model_free(fixture->model);
	fixture->model = model_new(3);
	fixture->options.tree_limit = 3;
	launch(fixture, 100, "sh");
	spawn(fixture, 100, 100, 101, 0);
	spawn(fixture, 101, 101, 102, THREAD_FLAGS);
	spawn(fixture, 101, 101, 103, 0);
	spawn(fixture, 103, 103, 104, 0);
	end(fixture, EVENT_EXIT, 102, 0);
	end(fixture, EVENT_EXIT, 103, 0);
	for (pid_t tid = 200; tid < 3200; tid++) {
		spawn(fixture, 100, 100, tid, 0);
		end(fixture, EVENT_EXIT, tid, 0);
	}
	assert_string_equal(draw(fixture), "TASK             KIND    FATE    COMMAND\n"
					   "100              process running sh\n"
					   "`-101            process running sh\n"
					   "  `-104 (by 103) process running sh\n"
					   "... and 3002 more tasks (3 are drawn: --tree-limit)\n"
					   "(\"by\" names a creator that is left out)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ascii, setup, teardown),
		cmocka_unit_test_setup_teardown(test_utf8, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leaders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_command_stays_on_its_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_width, setup, teardown),
		cmocka_unit_test_setup_teardown(test_narrow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deep_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_by_parent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_by_parent_of_one_number, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fold, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fold_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fold_many_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fold_names_below, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fold_by_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit_of_the_model, setup, teardown),
		cmocka_unit_test_setup_teardown(test_creator_left_out, setup, teardown),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
