/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of --debug-stops: what is written is read again, and what is no such line is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "follow/stopline.h"

/* LINE is written as EXPECTED; what is read from that is written so again. */
static void check(const struct stopline *line, const char *expected)
{
	struct text text = TEXT_INIT;
	struct stopline parsed;
	char *copy;

	stopline_format(&text, line);
	assert_string_equal(text_get(&text), expected);
	copy = mem_strdup(expected);
	assert_int_equal(stopline_parse(copy, &parsed), 0);
	assert_int_equal(parsed.kind, line->kind);
	text_clear(&text);
	stopline_format(&text, &parsed);
	assert_string_equal(text_get(&text), expected);
	free(copy);
	text_done(&text);
}

static void test_inputs(void **state)
{
	(void)state;
	check(&(struct stopline){ .kind = STOPLINE_BEGIN,
				  .when = 7,
				  .begin = { .config = { .mode = EVENT_MODE_CALLS,
							 .wants = WANT_DURATIONS | WANT_MEMORY | WANT_SIGNALS,
							 .stop_cost = 2000,
							 .stop_cost_most = 20000,
							 .clone3_hidden = 38,
							 .detach_on_exec = true,
							 .seccomp_data = 0xffffffff },
					     .launched = true,
					     .audit_arch = 0xc000003e,
					     .realtime = UINT64_C(1700000000000000001) } },
	      "begin mode=calls duration=1 memory=1 stop_cost=2000 stop_cost_most=20000 clone3_hidden=38 signals=1 "
	      "detach_on_exec=1 data=0xffffffff launched=1 arch=0xc000003e realtime=1700000000000000001 "
	      "when=7\n");
	check(&(struct stopline){ .kind = STOPLINE_BEGIN,
				  .begin = { .config = { .wants = WANT_VERIFY | WANT_NAMES | WANT_IGNORED |
								  WANT_ORIGINS | WANT_STACKS } } },
	      "begin mode=filter verify=1 names=1 ignored_asked=1\n");
	check(&(struct stopline){ .kind = STOPLINE_ATTACH,
				  .when = 8,
				  .attach = { .tid = 1,
					      .tgid = 2,
					      .ppid = 3,
					      .nspid = 4,
					      .nlwp = 5,
					      .creator = 6,
					      .inferred = UINT64_C(1) << 63,
					      .launched = true,
					      .zombie = true,
					      .exit_stop = true,
					      .command = "a b" } },
	      "attach tid=1 tgid=2 ppid=3 nspid=4 nlwp=5 creator=6 inferred=0x8000000000000000 launched=1 zombie=1 "
	      "exit_stop=1 when=8 command=a b\n");
	check(&(struct stopline){ .kind = STOPLINE_ATTACH, .attach = { .tid = 1, .tgid = 1 } },
	      "attach tid=1 tgid=1\n");
	check(&(struct stopline){ .kind = STOPLINE_MODE, .when = 9, .mode = { EVENT_MODE_EVENTS, 38 } },
	      "mode mode=events error=38 when=9\n");
	check(&(struct stopline){ .kind = STOPLINE_STOP, .stop = { .tid = 5, .status = 0x80057f, .when = 10 } },
	      "stop tid=5 status=0x80057f when=10\n");
	check(&(struct stopline){ .kind = STOPLINE_STOP, .stop = { .tid = 5, .when = 10 } },
	      "stop tid=5 status=0x0 when=10\n");
	check(&(struct stopline){ .kind = STOPLINE_IDLE, .when = 11 }, "idle when=11\n");
	check(&(struct stopline){ .kind = STOPLINE_DETACH, .when = 12 }, "detach when=12\n");
	check(&(struct stopline){ .kind = STOPLINE_LEAVE, .when = 13 }, "leave when=13\n");
	check(&(struct stopline){ .kind = STOPLINE_END, .when = 14, .end = { 9 } }, "end status=0x9 when=14\n");
}

static void test_order(void **state)
{
	(void)state;
	check(&(struct stopline){ .kind = STOPLINE_ORDER,
				  .order = { .tid = 1,
					     .how = ORDER_LISTEN,
					     .signal = 19,
					     .change = ORDER_SET_FLAGS,
					     .audit_arch = 0x40000003,
					     .flags = UINT64_MAX,
					     .address = 0x7f0000000000 },
				  .result = -ESRCH },
	      "order tid=1 how=listen signal=19 change=0x4 arch=0x40000003 flags=0xffffffffffffffff "
	      "address=0x7f0000000000 result=-3\n");
	check(&(struct stopline){ .kind = STOPLINE_ORDER, .order = { .tid = 1 } }, "order tid=1 how=cont\n");
	check(&(struct stopline){ .kind = STOPLINE_ORDER, .order = { .tid = 1, .how = ORDER_DETACH } },
	      "order tid=1 how=detach\n");
	check(&(struct stopline){ .kind = STOPLINE_ORDER, .order = { .tid = 1, .how = ORDER_SYSCALL } },
	      "order tid=1 how=syscall\n");
}

/* An event's JSON extends to the end of its line, whatever it contains. */
static void test_event(void **state)
{
	const struct stopline line = { .kind = STOPLINE_EVENT, .json = "{\"seq\":1,\"command\":\"a tid=6 \\n=\"}" };

	(void)state;
	check(&line, "event json={\"seq\":1,\"command\":\"a tid=6 \\n=\"}\n");
}

/* Of an answer there is what it has, and no more. */
static void test_gather(void **state)
{
	struct stop stop = {
		.tid = 5,
		.message = 77,
		.call = { .audit_arch = 0xc000003e,
			  .nr = 435,
			  .args = { 1, 2, 3, 4, 5, UINT64_MAX },
			  .sp = 0x7ffe,
			  .value = -38,
			  .seccomp_data = 0xc17a },
		.clone_args = { .length = 3, .bytes = { 0x00, 0xff, 0x1a }, .set_tid_count = 2, .set_tid = { 1, -2 } },
		.result = -4095,
		.ids = { .tgid = 1, .ppid = 2, .nspid = 3, .depth = 4, .state = 'R' },
		.command = "x=1 tid=6",
		.set_id = { .ignored = true, .file_id = (uid_t)-1, .actual_id = 1000 },
		.other_pid_ns = true,
		.siginfo = { .code = -6, .sender = 20, .value = UINT64_MAX },
		.action = { .caught = true, .ignored = true },
		.memory = { .page_tables = 4096, .resident = UINT64_C(1) << 40 },
		.beside = 6,
		.answers = { .shared = 1, .apart = 2, .neither = 4, .refused = 8, .error = 38 },
	};
	struct stopline line = { .kind = STOPLINE_GATHER, .stop = stop, .parts = 0x1f };

	(void)state;
	check(&line, "gather tid=5 parts=0x1f\n");
	line.stop.have = STOP_MESSAGE;
	check(&line, "gather tid=5 parts=0x1f have=0x1 message=77\n");
	line.stop.have = STOP_CALL;
	check(&line, "gather tid=5 parts=0x1f have=0x2 arch=0xc000003e nr=435 args=0x1,0x2,0x3,0x4,0x5,"
		     "0xffffffffffffffff sp=0x7ffe value=-38 data=0xc17a clone_args=00ff1a set_tid=1,-2\n");
	line.stop.have = STOP_RESULT;
	check(&line, "gather tid=5 parts=0x1f have=0x4 result=-4095\n");
	line.stop.have = STOP_IDS;
	check(&line, "gather tid=5 parts=0x1f have=0x8 tgid=1 ppid=2 nspid=3 depth=4 state=R\n");
	line.stop.have = STOP_COMMAND;
	check(&line, "gather tid=5 parts=0x1f have=0x10 set_id=1 file_id=-1 actual_id=1000 command=x=1 tid=6\n");
	line.stop.have = STOP_PID_NS;
	check(&line, "gather tid=5 parts=0x1f have=0x20 other_pid_ns=1\n");
	line.stop.have = STOP_SIGINFO;
	check(&line, "gather tid=5 parts=0x1f have=0x40 code=-6 sender=20 sent=0xffffffffffffffff\n");
	line.stop.have = STOP_ACTION;
	check(&line, "gather tid=5 parts=0x1f have=0x80 caught=1 ignored=1\n");
	line.stop.have = STOP_MEMORY;
	check(&line, "gather tid=5 parts=0x1f have=0x200 page_tables=4096 resident=1099511627776\n");
	line.stop.have = STOP_ANSWERS;
	check(&line, "gather tid=5 parts=0x1f have=0x1000 beside=6 shared=0x1 apart=0x2 neither=0x4 refused=0x8 "
		     "error=38\n");
	line.stop.have = STOP_WORKERS;
	line.stop.workers = 3;
	check(&line, "gather tid=5 parts=0x1f have=0x100000 workers=3\n");
	line.stop.have = STOP_NAME;
	line.stop.name = "a b=c ";
	check(&line, "gather tid=5 parts=0x1f have=0x2000 name=a b=c \n");
	line.stop.name = "";
	check(&line, "gather tid=5 parts=0x1f have=0x2000 name=\n");
	line.stop.have = STOP_ENTERED;
	line.stop.wanted.descriptor = 7;
	check(&line, "gather tid=5 parts=0x1f have=0x4000 descriptor=7 shared=0x1 apart=0x2 neither=0x4 refused=0x8 "
		     "error=38\n");
}

static const struct facts facts = {
	.count = 3,
	.list = { { FACT_NPROC, 5, 6, 1000 }, { FACT_PIDS, FACT_UNLIMITED, 0, 0 }, { FACT_DESCRIPTOR, 0, 0, 1 } },
	.cgroup = "/a b\nc",
};

static void test_facts(void **state)
{
	static const char expected[] = "gather tid=5 parts=0x800 have=0x800 "
				       "facts=nproc:5:6:3e8,pids:ffffffffffffffff:0:0,descriptor:0:0:1 "
				       "cgroup=/a b\\nc\n";
	char newer[] = "gather tid=5 have=0x800 facts=moon:1:2:3,pids:1:2:3";
	char *copy = mem_strdup(expected);
	struct stopline line = { .kind = STOPLINE_GATHER, .parts = STOP_FACTS };
	struct stopline parsed;
	struct stop stop = { .tid = 5 };

	(void)state;
	line.stop = (struct stop){ .tid = 5, .have = STOP_FACTS, .facts = &facts };
	check(&line, expected);
	assert_int_equal(stopline_parse(copy, &parsed), 0);
	stopline_answer(&parsed, &stop);
	assert_int_equal(stop.have, STOP_FACTS);
	assert_int_equal(stop.facts->count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(stop.facts->list[i].what, facts.list[i].what);
		assert_int_equal(stop.facts->list[i].value, facts.list[i].value);
		assert_int_equal(stop.facts->list[i].use, facts.list[i].use);
		assert_int_equal(stop.facts->list[i].id, facts.list[i].id);
	}
	assert_string_equal(stop.facts->cgroup, facts.cgroup);
	free(copy);
	/* of a newer version */
	assert_int_equal(stopline_parse(newer, &parsed), 0);
	assert_int_equal(parsed.facts.count, 1);
	assert_int_equal(parsed.facts.list[0].id, 3);
}

/* Whatever bytes a program has for a name, it stays on its line and comes back. */
static void test_command(void **state)
{
	static const char *const commands[] = {
		"", " ", "a\nb\tc", "back\\slash", "\xff\xfe\x01", "caf\xc3\xa9", "\033[2J", "trailing ", "\\n\\001"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct stopline line = { .kind = STOPLINE_ATTACH, .attach = { .tid = 1, .command = commands[i] } };
		struct text text = TEXT_INIT;
		struct stopline parsed;

		stopline_format(&text, &line);
		assert_ptr_equal(strchr(text.data, '\n'), text.data + text.length - 1);
		assert_int_equal(stopline_parse(text.data, &parsed), 0);
		assert_string_equal(parsed.attach.command, commands[i]);
		text_done(&text);
	}
}

static int parse(const char *line, struct stopline *ret)
{
	char *copy = mem_strdup(line);
	int result = stopline_parse(copy, ret);

	free(copy); /* no test of these looks at a command */
	return result;
}

/* A newer version may write what this one does not know. */
static void test_unknown_keys(void **state)
{
	struct stopline line;

	(void)state;
	assert_int_equal(parse("stop tid=5 colour=red status=0x9 when=3", &line), 0);
	assert_int_equal(line.stop.tid, 5);
	assert_int_equal(line.stop.status, 9);
	assert_int_equal(line.stop.when, 3);
}

static void test_refused(void **state)
{
	static const char *const lines[] = {
		"",
		"\n",
		" ",
		"stopp tid=5",
		"stop tid",
		"stop tid=",
		"stop tid=x",
		"stop tid=5x",
		"stop tid= 5",
		"stop tid 5=6",
		"begin mode=none",
		"event",
		"event tid=5",
		"order how=",
		"gather have=0x2 args=1,2,3,4,5",
		"gather have=0x2 args=1,2,3,4,5,6,7",
		"gather have=0x2 args=1,,3,4,5,6",
		"gather have=0x2 args=1,2,3,4,5,",
		"gather have=0x2 clone_args=0",
		"gather have=0x2 clone_args=0g",
		"gather have=0x2 clone_args=FF",
		"gather have=0x2 set_tid=,",
		"gather have=0x800 facts=",
		"gather have=0x800 facts=nproc",
		"gather have=0x800 facts=nproc:1:2",
		"gather have=0x800 facts=nproc:1:2:3:4",
		"gather have=0x800 facts=nproc:1:2:x",
		"gather have=0x800 facts=nproc:1:2:3,",
		"attach command=\\",
		"attach command=\\9",
		"attach command=\\18",
		"attach command=\\400",
	};
	struct stopline line;
	char many[1024] = "gather have=0x2 clone_args=";

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (parse(lines[i], &line) != -EINVAL)
			fail_msg("taken: %s", lines[i]);
	memset(many + strlen(many), '0', 2 * (CLONE_ARGS_KEEP + 1));
	assert_int_equal(parse(many, &line), -EINVAL);
	strcpy(many, "gather have=0x2 set_tid=1");
	for (int i = 0; i < CLONE_SET_TID_MAX; i++)
		strcat(many, ",1");
	assert_int_equal(parse(many, &line), -EINVAL);
}

/* An answer adds to what the stop has. */
static void test_answer(void **state)
{
	struct stop stop = { .tid = 5, .have = STOP_MESSAGE, .message = 77 };
	struct stopline line;

	(void)state;
	assert_int_equal(parse("gather tid=5 parts=0x8 have=0x8 tgid=3 ppid=2", &line), 0);
	stopline_answer(&line, &stop);
	assert_int_equal(stop.have, STOP_MESSAGE | STOP_IDS);
	assert_int_equal(stop.message, 77);
	assert_int_equal(stop.ids.tgid, 3);
	assert_int_equal(parse("gather tid=5 parts=0x6 have=0x4 result=-11", &line), 0);
	stopline_answer(&line, &stop);
	assert_int_equal(stop.have, STOP_MESSAGE | STOP_IDS | STOP_RESULT);
	assert_int_equal(stop.result, -11);
	assert_int_equal(parse("gather tid=5 parts=0x2 have=0x2 arch=0x1 nr=56 clone_args=0102", &line), 0);
	stopline_answer(&line, &stop);
	assert_int_equal(stop.call.nr, 56);
	assert_int_equal(stop.clone_args.length, 2);
	assert_int_equal(stop.clone_args.bytes[1], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inputs),	cmocka_unit_test(test_order),  cmocka_unit_test(test_event),
		cmocka_unit_test(test_gather),	cmocka_unit_test(test_facts),  cmocka_unit_test(test_command),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_answer), cmocka_unit_test(test_unknown_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
