/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to JSON lines and back: nothing is lost, and no line does harm. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "base/array.h"
#include "base/text.h"
#include "event/codec.h"
#include "event/codec_common.h"

static const char **command_of(struct event *event)
{
	if (event->kind == EVENT_ATTACH)
		return &event->attach.command;
	return event->kind == EVENT_EXEC ? &event->exec.command : NULL;
}

static struct arguments *argv_of(struct event *event)
{
	if (event->kind == EVENT_ATTACH)
		return &event->attach.argv;
	return event->kind == EVENT_EXEC ? &event->exec.argv : NULL;
}

/* Every byte of A and B, made from zeroed memory, must agree, and the commands as strings. */
static void check_same(const struct event *a, const struct event *b)
{
	struct event x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	if (x.kind == EVENT_BEGIN && x.have & EVENT_HAVE_HOST) {
		assert_string_equal(x.begin.version, y.begin.version);
		assert_string_equal(x.begin.release, y.begin.release);
		x.begin.version = y.begin.version = x.begin.release = y.begin.release = NULL;
	}
	if (x.have & EVENT_HAVE_FACTS) {
		const struct facts **fx = &x.attempt.facts;
		const struct facts **fy = &y.attempt.facts;

		assert_non_null(*fy);
		assert_int_equal((*fx)->count, (*fy)->count);
		for (size_t i = 0; i < (*fx)->count; i++) {
			assert_int_equal((*fx)->list[i].what, (*fy)->list[i].what);
			assert_int_equal((*fx)->list[i].value, (*fy)->list[i].value);
			assert_int_equal((*fx)->list[i].use, (*fy)->list[i].use);
			assert_int_equal((*fx)->list[i].id, (*fy)->list[i].id);
		}
		assert_int_equal(!(*fx)->cgroup, !(*fy)->cgroup);
		if ((*fx)->cgroup)
			assert_string_equal((*fx)->cgroup, (*fy)->cgroup);
		*fx = *fy = NULL;
	}
	if (command_of(&x) && x.have & EVENT_HAVE_COMMAND) {
		assert_non_null(*command_of(&y));
		assert_string_equal(*command_of(&x), *command_of(&y));
		*command_of(&x) = *command_of(&y) = NULL;
	}
	if (argv_of(&x) && x.have & EVENT_HAVE_ARGV) {
		assert_int_equal(argv_of(&x)->length, argv_of(&y)->length);
		if (argv_of(&x)->length)
			assert_memory_equal(argv_of(&x)->bytes, argv_of(&y)->bytes, argv_of(&x)->length);
		argv_of(&x)->bytes = argv_of(&y)->bytes = NULL;
	}
	if (x.kind == EVENT_NAME && x.have & EVENT_HAVE_NAME) {
		assert_string_equal(x.name.name, y.name.name);
		x.name.name = y.name.name = NULL;
	}
	if (x.kind == EVENT_EXIT && x.have & EVENT_HAVE_FORBIDDEN) {
		assert_string_equal(x.exit.call, y.exit.call);
		x.exit.call = y.exit.call = NULL;
	}
	assert_memory_equal(&x, &y, sizeof(x));
}

/* LINE is one line and JSON; returns its object. */
static json_object *check_line(const struct text *line)
{
	struct json_tokener *tokener = json_tokener_new();
	json_object *object;

	assert_ptr_equal(strchr(text_get(line), '\n'), text_get(line) + line->length - 1);
	assert_true(json_is_valid(text_get(line), line->length));
	object = json_tokener_parse_ex(tokener, text_get(line), (int)line->length - 1);
	assert_non_null(object);
	json_tokener_free(tokener);
	return object;
}

static void check_round_trip(const struct event *event)
{
	struct text line = TEXT_INIT;
	struct event *back = NULL;

	codec_encode(&line, event);
	assert_int_equal(codec_decode(line.data, line.length, &back), 0);
	check_same(event, back);
	event_free(back);
	assert_int_equal(codec_decode_slowly(line.data, line.length, &back), 0);
	check_same(event, back);
	event_free(back);
	text_done(&line);
}

static void check_encoded(const struct event *event, const char *expected)
{
	struct text line = TEXT_INIT;

	codec_encode(&line, event);
	assert_string_equal(text_get(&line), expected);
	json_object_put(check_line(&line));
	text_done(&line);
	check_round_trip(event);
}

static struct event *event_new(enum event_kind kind, unsigned have)
{
	static struct event event;

	memset(&event, 0, sizeof(event));
	event.seq = 7;
	event.when = 123456789;
	event.kind = kind;
	if (kind == EVENT_BEGIN)
		event.begin.format = 1;
	event.have = have;
	event.tid = 4470;
	return &event;
}

/* What was looked at goes along, and what a newer version looked at is passed over. */
static void test_facts(void **state)
{
	static const struct facts facts = {
		.count = 3,
		.list = { { FACT_KERNEL, 6, 18, 0 },
			  { FACT_NPROC, 100, 100, 1000 },
			  { FACT_PIDS, FACT_UNLIMITED, 7, 0 } },
		.cgroup = "/a \"b\"",
	};
	static const char newer[] =
		"{\"seq\":1,\"when\":1,\"kind\":\"refused\",\"tid\":1,\"request\":{\"call\":\"fork\","
		"\"abi\":\"x86_64\"},\"error\":11,\"facts\":[{\"what\":\"moon\",\"value\":1,\"use\":2},"
		"{\"what\":\"pid_max\",\"value\":1,\"use\":2}]}";
	static const char *const bad[] = { "1",
					   "[1]",
					   "[{}]",
					   "[{\"what\":\"nproc\",\"value\":1}]",
					   "[{\"what\":\"nproc\",\"value\":-1,\"use\":0}]",
					   "[{\"what\":1,\"value\":1,\"use\":0}]",
					   "[{\"what\":\"pids\",\"value\":1,\"use\":0,\"path\":3}]" };
	struct event *event = event_new(EVENT_REFUSED, EVENT_HAVE_FACTS), *back, *copy;
	struct text line = TEXT_INIT;

	(void)state;
	event->attempt.request = (struct request){ .call = CALL_FORK, .abi = abi_find_name("x86_64") };
	event->refused.error = EAGAIN;
	event->attempt.facts = &facts;
	check_encoded(event,
		      "{\"seq\":7,\"when\":123456789,\"kind\":\"refused\",\"tid\":4470,\"request\":{\"call\":"
		      "\"fork\",\"abi\":\"x86_64\"},\"error\":11,\"error_name\":\"EAGAIN\","
		      "\"rule\":\"nproc\",\"why\":\"RLIMIT_NPROC of "
		      "user 1000: 100 of 100 tasks, counted in /proc\",\"facts\":[{\"what\":\"kernel\",\"value\":6,"
		      "\"use\":18},{\"what\":\"nproc\",\"value\":100,\"use\":100,\"id\":1000},{\"what\":\"pids\","
		      "\"value\":\"0xffffffffffffffff\",\"use\":7,\"path\":\"/a \\\"b\\\"\"}]}\n");
	copy = event_copy(event);
	assert_ptr_not_equal(copy->attempt.facts, &facts);
	check_same(event, copy);
	event_free(copy);
	assert_int_equal(codec_decode(newer, strlen(newer), &back), 0);
	assert_int_equal(back->attempt.facts->count, 1);
	assert_int_equal(back->attempt.facts->list[0].what, FACT_PID_MAX);
	event_free(back);
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		text_clear(&line);
		text_addf(&line, "%.*s%s}", (int)(strstr(newer, "[") - newer), newer, bad[i]);
		assert_int_equal(codec_decode(line.data, line.length, &back), -EINVAL);
	}
	text_done(&line);
	event = event_new(EVENT_CALL, EVENT_HAVE_FACTS);
	event->attempt.request = (struct request){ .call = CALL_SETSID, .abi = abi_find_name("x86_64") };
	event->call.result = -EPERM;
	event->attempt.facts = &facts;
	check_round_trip(event);
}

static const uint64_t numbers[] = {
	0,
	1,
	0x80000000,
	0xffffffff,
	(UINT64_C(1) << 53) - 1,
	UINT64_C(1) << 53,
	(UINT64_C(1) << 53) + 1,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xdeadbeefcafef00d,
	UINT64_MAX,
};

/* Fills what HAVE names; 64-bit fields from numbers[], beginning with SEED. */
static void fill_request(struct request *request, enum call call, const char *abi, unsigned have, unsigned seed)
{
	static const struct {
		unsigned have;
		size_t offset;
	} rows[] = {
		{ REQUEST_FLAGS, offsetof(struct request, flags) },
		{ REQUEST_STACK, offsetof(struct request, stack) },
		{ REQUEST_STACK_SIZE, offsetof(struct request, stack_size) },
		{ REQUEST_PARENT_TID, offsetof(struct request, parent_tid) },
		{ REQUEST_CHILD_TID, offsetof(struct request, child_tid) },
		{ REQUEST_TLS, offsetof(struct request, tls) },
		{ REQUEST_PIDFD, offsetof(struct request, pidfd) },
		{ REQUEST_SET_TID, offsetof(struct request, set_tid) },
		{ REQUEST_SET_TID, offsetof(struct request, set_tid_size) },
		{ REQUEST_CGROUP, offsetof(struct request, cgroup) },
		{ REQUEST_SIZE, offsetof(struct request, size) },
		{ REQUEST_ARGS_ADDRESS, offsetof(struct request, address) },
	};

	request->call = call;
	request->abi = abi_find_name(abi);
	assert_non_null(request->abi);
	request->have = have;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (have & rows[i].have)
			*(uint64_t *)((char *)request + rows[i].offset) = numbers[seed++ % ARRAY_LENGTH(numbers)];
	if (have & REQUEST_FLAGS && call_is_creation(call))
		request->exit_signal = numbers[seed++ % ARRAY_LENGTH(numbers)];
	for (size_t i = 0; have & REQUEST_ARGS && i < ARRAY_LENGTH(request->args); i++)
		request->args[i] = numbers[seed++ % ARRAY_LENGTH(numbers)];
	if (have & REQUEST_NEWER)
		request->newer[seed % sizeof(request->newer)] = (uint8_t)(1 + seed % 255);
	if (have & REQUEST_SET_TID_LIST)
		for (size_t i = 0; i < CLONE_SET_TID_MAX && i < request->set_tid_size; i++)
			request->set_tid_list[i] = i % 2 ? INT32_MIN + (int32_t)i : INT32_MAX - (int32_t)i;
}

static void test_every_request(void **state)
{
	const unsigned end = REQUEST_ARGS_ADDRESS << 1;

	(void)state;
	for (unsigned have = 0; have < end; have++) {
		struct event *event = event_new(EVENT_REFUSED, 0);

		event->refused.error = 22;
		fill_request(&event->attempt.request, CALL_CLONE3, "x86_64", have, have);
		check_round_trip(event);
	}
}

static void test_every_call_and_abi(void **state)
{
	(void)state;
	for (enum call call = CALL_CLONE; call < CALL_COUNT; call++) {
		for (unsigned i = 0; abi_at(i); i++) {
			struct event *event;

			if (call_is_creation(call)) {
				event = event_new(EVENT_SPAWN, EVENT_HAVE_REQUEST);
				fill_request(&event->attempt.request, call, abi_at(i)->name,
					     REQUEST_FLAGS | REQUEST_STACK, i);
			} else {
				event = event_new(EVENT_CALL, 0);
				fill_request(&event->attempt.request, call, abi_at(i)->name, REQUEST_ARGS, i);
			}
			check_round_trip(event);
		}
	}
}

static void test_every_spawn(void **state)
{
	const unsigned all =
		EVENT_HAVE_REQUEST | EVENT_HAVE_CREATOR | EVENT_HAVE_NSPID | EVENT_HAVE_DURATION | EVENT_HAVE_PPID;

	(void)state;
	for (unsigned have = 0; have <= all; have++) {
		struct event *event = event_new(EVENT_SPAWN, have);

		if (have & ~all)
			continue;
		event->tid = have & EVENT_HAVE_CREATOR || have & EVENT_HAVE_PPID ? 4470 : 0;
		event->spawn.creator_tgid = 4469;
		event->spawn.child = 4471;
		event->spawn.child_tgid = 4471;
		if (have & EVENT_HAVE_PPID)
			event->spawn.ppid = 1;
		if (have & EVENT_HAVE_NSPID)
			event->spawn.nspid = INT32_MAX;
		if (have & EVENT_HAVE_DURATION)
			event->attempt.duration = UINT64_MAX;
		if (have & EVENT_HAVE_REQUEST)
			fill_request(&event->attempt.request, CALL_CLONE, "i386", REQUEST_FLAGS | REQUEST_TLS, 8);
		check_round_trip(event);
	}
}

static void test_every_attach(void **state)
{
	const unsigned all =
		EVENT_HAVE_NSPID | EVENT_HAVE_COMMAND | EVENT_HAVE_PPID | EVENT_HAVE_INFERRED | EVENT_HAVE_COMMAND_CUT;

	(void)state;
	for (unsigned have = 0; have <= all; have++) {
		for (unsigned bools = 0; bools < 4; bools++) {
			struct event *event = event_new(EVENT_ATTACH, have);

			if (have & ~all)
				continue;
			event->attach.tgid = 4469;
			event->attach.creator = 12;
			event->attach.nlwp = UINT32_MAX;
			event->attach.launched = bools & 1;
			event->attach.zombie = bools & 2;
			event->attach.command_cut = have & EVENT_HAVE_COMMAND_CUT;
			if (have & EVENT_HAVE_PPID)
				event->attach.ppid = 1;
			if (have & EVENT_HAVE_NSPID)
				event->attach.nspid = 2;
			if (have & EVENT_HAVE_INFERRED)
				event->attach.inferred = UINT64_MAX - bools;
			if (have & EVENT_HAVE_COMMAND)
				event->attach.command = "sh -c 'sleep 1'";
			check_round_trip(event);
		}
	}
}

static void test_numbers_in_namespaces(void **state)
{
	static const unsigned kinds[] = { EVENT_BEGIN, EVENT_ATTACH, EVENT_SPAWN, EVENT_CALL, EVENT_EXEC };
	static const char *const bad[] = {
		"\"nspids\":1",
		"\"nspids\":[-1]",
		"\"nspids\":[\"1\"]",
		"\"returned\":-1",
		"\"namespaces\":[1]",
		"\"namespaces\":{\"mnt\":-1}",
		"\"namespaces\":{\"mnt\":\"a\"}",
	};
	static const char newer[] = "{\"seq\":1,\"when\":1,\"kind\":\"exec\",\"tid\":1,\"former\":1,\"namespaces\":{"
				    "\"moon\":\"?\",\"uts\":3}}";
	struct event *event, *back;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		for (unsigned ns = 0; ns <= NAMESPACE_COUNT; ns++) { /* all, and each of them not known */
			event = event_new(kinds[i], EVENT_HAVE_NS);
			if (kinds[i] == EVENT_CALL)
				fill_request(&event->attempt.request, CALL_SETNS, "x86_64",
					     REQUEST_FLAGS | REQUEST_ARGS, 1);
			for (unsigned j = 0; j < NAMESPACE_COUNT; j++)
				event->ns[j] = j == ns ? 0 : UINT64_C(4026531835) + j;
			check_round_trip(event);
		}
		memset(event->ns, 0, sizeof(event->ns));
		check_round_trip(event);
	}
	for (unsigned count = 0; count <= EVENT_NSPIDS_MAX; count++) {
		struct nspids *nspids;

		event = event_new(count % 2 ? EVENT_SPAWN : EVENT_ATTACH, EVENT_HAVE_NSPIDS);
		nspids = count % 2 ? &event->spawn.nspids : &event->attach.nspids;
		nspids->count = count;
		for (unsigned i = 0; i < count; i++)
			nspids->list[i] = INT32_MAX - (pid_t)i;
		if (count % 2) {
			event->have |= EVENT_HAVE_RETURNED;
			event->spawn.returned = (pid_t)count;
		}
		check_round_trip(event);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct text line = TEXT_INIT;

		text_addf(&line,
			  "{\"seq\":1,\"when\":1,\"kind\":\"spawn\",\"tid\":1,\"creator_tgid\":1,\"child\":2,"
			  "\"child_tgid\":2,%s}",
			  bad[i]);
		assert_int_equal(codec_decode(line.data, line.length, &back), -EINVAL);
		text_done(&line);
	}
	assert_int_equal(codec_decode(newer, strlen(newer), &back), 0);
	assert_int_equal(back->ns[NAMESPACE_UTS], 3);
	event_free(back);
}

static void test_times_and_results(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		struct event *event = event_new(EVENT_CALL, EVENT_HAVE_DURATION);

		event->seq = event->when = event->attempt.duration = numbers[i];
		event->call.result = (int64_t)numbers[i];
		fill_request(&event->attempt.request, CALL_SETNS, "riscv64", REQUEST_FLAGS | REQUEST_ARGS, (unsigned)i);
		check_round_trip(event);
		event->call.result = (int64_t)-numbers[i];
		check_round_trip(event);
		event = event_new(EVENT_REFUSED, EVENT_HAVE_DURATION);
		event->attempt.duration = numbers[i];
		event->refused.error = INT32_MAX;
		fill_request(&event->attempt.request, CALL_VFORK, "x32", 0, 0);
		check_round_trip(event);
		event = event_new(EVENT_BEGIN, 0);
		event->tid = 0;
		event->begin.realtime = numbers[i];
		event->begin.audit_arch = UINT32_MAX;
		check_round_trip(event);
	}
}

static void test_every_note(void **state)
{
	(void)state;
	for (enum event_note code = 0; code < NOTE_COUNT; code++) {
		struct event *event = event_new(EVENT_NOTE, 0);

		event->note.code = code;
		event->note.number = INT64_MIN + code;
		event->note.value = INT64_MAX - code;
		check_round_trip(event);
	}
}

static void test_every_mode(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS, EVENT_MODE_CALLS };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(modes); i++) {
		struct event *event = event_new(EVENT_BEGIN, 0);

		event->begin.mode = modes[i];
		event->begin.launched = i % 2;
		check_round_trip(event);
	}
}

static void test_memory(void **state)
{
	struct event *event = event_new(EVENT_SPAWN, EVENT_HAVE_MEMORY);

	(void)state;
	event->spawn.page_tables = 4096;
	event->spawn.resident = UINT64_C(1) << 40;
	event->spawn.child_page_tables = 8192;
	check_round_trip(event);
}

static void test_small_kinds(void **state)
{
	static const enum event_kind signals[] = { EVENT_SIGNAL, EVENT_GROUP_STOP, EVENT_GROUP_CONT };
	static const char *const names[] = { "", "worker 3", "\xff\"\n\\" };
	static const enum event_kind exits[] = { EVENT_EXIT, EVENT_LEADER_EXIT, EVENT_GROUP_EXIT };
	struct event *event;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(signals); i++) {
		event = event_new(signals[i], 0);
		event->signal.signo = 19;
		check_round_trip(event);
	}
	for (unsigned known = 0; known < 4; known++) {
		event = event_new(EVENT_SIGNAL,
				  (known & 1 ? EVENT_HAVE_SIGINFO : 0) | (known & 2 ? EVENT_HAVE_ACTION : 0));
		event->signal.signo = 40;
		if (known & 1) {
			event->signal.code = -1;
			event->signal.sender = -7; /* whoever queues it writes what he likes */
			event->signal.inside = true;
			event->signal.value = UINT64_MAX;
			event->signal.error = 32;
		}
		event->signal.caught = event->signal.ignored = known & 2;
		check_round_trip(event);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(exits); i++) {
		for (unsigned known = 0; known < 3; known++) {
			event = event_new(exits[i], known && exits[i] != EVENT_GROUP_EXIT ? EVENT_HAVE_LEADER : 0);
			event->exit.status = known == 2 ? -1 : 0x8b;
			event->exit.with_group = known == 2 && event->have;
			check_round_trip(event);
		}
	}
	event = event_new(EVENT_EXIT, EVENT_HAVE_REPLACED);
	event->exit.replaced = true;
	check_round_trip(event);
	event = event_new(EVENT_EXIT, EVENT_HAVE_LEADER | EVENT_HAVE_IGNORED);
	event->exit.sigchld_ignored = true;
	check_round_trip(event);
	event = event_new(EVENT_EXIT, EVENT_HAVE_LEADER | EVENT_HAVE_FORBIDDEN);
	event->exit.status = 0x9f;
	event->exit.forbidden_by = 1;
	event->exit.nr = 435;
	event->exit.audit_arch = 0xc000003e;
	event->exit.call = "clone3";
	check_round_trip(event);
	event->exit.call = "";
	check_round_trip(event);
	event = event_new(EVENT_REPARENT, 0);
	event->reparent.from = 4470;
	event->reparent.to = 1;
	check_round_trip(event);
	for (enum event_kind kind = EVENT_VERIFY; kind <= EVENT_DIFFERENCE; kind++) {
		event = event_new(kind, 0);
		event->verify.other = 4471;
		event->verify.said = (struct check_masks){ .shared = UINT64_MAX, .apart = 1 };
		event->verify.answers = (struct check_answers){ 2, UINT64_C(1) << 63, 4, 8, 1 };
		event->verify.cause = kind == EVENT_DIFFERENCE ? UINT32_MAX : 0;
		check_round_trip(event);
		event->have = EVENT_HAVE_ENTERED;
		event->verify.other = 0;
		event->verify.descriptor = 5;
		check_round_trip(event);
	}
	check_round_trip(event_new(EVENT_NAME, 0));
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {

		event = event_new(EVENT_NAME, EVENT_HAVE_NAME);
		event->name.name = names[i];
		check_round_trip(event);
	}
	check_round_trip(event_new(EVENT_DETACH, 0));
	event = event_new(EVENT_VFORK_DONE, 0);
	event->vfork_done.child = INT32_MAX;
	event->vfork_done.waited = UINT64_C(1) << 60;
	check_round_trip(event);
	event = event_new(EVENT_END, 0);
	event->tid = 0;
	event->end.status = 0x100;
	check_round_trip(event);
	event = event_new(EVENT_EXEC, 0);
	event->exec.former = 4472;
	check_round_trip(event);
}

static void test_commands(void **state)
{
	static const char *const commands[] = {
		"",
		" ",
		"ls -l",
		"echo \"quoted\" 'and' \\back\\slash\\",
		"two\nlines\r\ttab\bbell\a",
		"\033[31mred\033[0m \177",
		"gr\303\274n \342\202\254 \360\237\220\247",
		"C1 \302\205 and no-break \302\240",
		"\357\277\275 is a true replacement character",
		"latin1 gr\374n",
		"\377\376\200",
		"overlong \300\257 \340\200\257 \360\200\200\257",
		"surrogate \355\240\200 \355\277\277",
		"beyond \364\220\200\200 \365\200\200\200",
		"cut \342\202",
		"cut \360\237\220",
		"\303",
		"\\u0041 \\ufffd \\x00",
		"</script>{\"seq\":1}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
		struct event *event = event_new(EVENT_EXEC, EVENT_HAVE_COMMAND);
		struct text line = TEXT_INIT;

		event->exec.former = 4470;
		event->exec.command = commands[i];
		event->exec.command_cut = i % 2;
		event->have |= i % 2 ? EVENT_HAVE_COMMAND_CUT : 0;
		check_round_trip(event);
		codec_encode(&line, event);
		json_object_put(check_line(&line));
		for (size_t j = 0; j < line.length - 1; j++)
			assert_true((unsigned char)line.data[j] >= 0x20 && line.data[j] != 0x7f);
		text_done(&line);
	}
}

/* Arguments, each by itself: their borders, empty ones, any bytes. */
static void test_arguments(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *json;
	} cases[] = {
		{ "", 0, "\"argv\":[]" },
		{ "", 1, "\"argv\":[\"\"]" },
		{ "sh\0-c\0", 6, "\"argv\":[\"sh\",\"-c\"]" },
		{ "a b\0\0 \0", 7, "\"argv\":[\"a b\",\"\",\" \"]" },
		{ "\"\0\n\0", 4, "\"argv\":[\"\\\"\",\"\\u000a\"]" },
		{ "gr\303\274n\0", 6, "\"argv\":[\"gr\303\274n\"]" },
		/* the whole list, and a character that a border cuts is none */
		{ "a\0\303\0\274\0\0", 7,
		  "\"argv\":[\"a\",\"\\ufffd\",\"\\ufffd\",\"\"],\"argv_hex\":[\"61\",\"c3\",\"bc\",\"\"]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct event *event = event_new(EVENT_EXEC, EVENT_HAVE_ARGV);
		char expected[256];

		event->exec.former = 4470;
		event->exec.argv = (struct arguments){ cases[i].bytes, cases[i].length, false };
		snprintf(expected, sizeof(expected),
			 "{\"seq\":7,\"when\":123456789,\"kind\":\"exec\",\"tid\":4470,\"former\":4470,%s}\n",
			 cases[i].json);
		check_encoded(event, expected);
		event = event_new(EVENT_ATTACH, EVENT_HAVE_ARGV | EVENT_HAVE_ARGV_CUT);
		event->attach.argv = (struct arguments){ cases[i].bytes, cases[i].length, true };
		check_round_trip(event);
	}
}

/* Paths are any bytes, too, each with its own KEY_hex. */
static void test_paths(void **state)
{
	struct event *event = event_new(EVENT_EXEC, EVENT_HAVE_SCRIPT | EVENT_HAVE_EXE | EVENT_HAVE_CWD), *back = NULL;
	struct text line = TEXT_INIT;

	(void)state;
	event->exec.former = 4470;
	event->exec.script = "./gr\374n";
	event->exec.exe = "/bin/sh";
	event->exec.cwd = "/\377";
	codec_encode(&line, event);
	assert_string_equal(text_get(&line), "{\"seq\":7,\"when\":123456789,\"kind\":\"exec\",\"tid\":4470,"
					     "\"former\":4470,\"script\":\"./gr\\ufffdn\","
					     "\"script_hex\":\"2e2f6772fc6e\",\"exe\":\"/bin/sh\","
					     "\"cwd\":\"/\\ufffd\",\"cwd_hex\":\"2fff\"}\n");
	assert_int_equal(codec_decode(text_get(&line), line.length, &back), 0);
	assert_string_equal(back->exec.script, event->exec.script);
	assert_string_equal(back->exec.exe, event->exec.exe);
	assert_string_equal(back->exec.cwd, event->exec.cwd);
	assert_int_equal(back->have, event->have);
	assert_null(back->exec.loader);
	event_free(back);
	text_done(&line);
}

static void test_every_byte_of_a_command(void **state)
{
	char command[256];

	(void)state;
	for (unsigned i = 1; i < 256; i++)
		command[i - 1] = (char)i;
	command[255] = '\0';
	for (unsigned i = 0; i < 255; i++) {
		struct event *event = event_new(EVENT_ATTACH, EVENT_HAVE_COMMAND);

		event->attach.command = command + i;
		check_round_trip(event);
	}
}

/* The format as users see it. */
static void test_format(void **state)
{
	struct event *event = event_new(EVENT_SPAWN, EVENT_HAVE_REQUEST | EVENT_HAVE_CREATOR | EVENT_HAVE_PPID);
	struct request *request = &event->attempt.request;

	(void)state;
	event->spawn.creator_tgid = 4469;
	event->spawn.child = event->spawn.child_tgid = 4471;
	event->spawn.ppid = 4469;
	fill_request(request, CALL_CLONE3, "x86_64", REQUEST_FLAGS, 0);
	request->have |= REQUEST_STACK | REQUEST_SET_TID | REQUEST_SET_TID_LIST | REQUEST_NEWER;
	request->flags = UINT64_C(1) << 63 | 0x100;
	request->exit_signal = 17;
	request->stack = 0x7fa193ce3000;
	request->set_tid = 4096;
	request->set_tid_size = 2;
	request->set_tid_list[0] = 7;
	request->set_tid_list[1] = -1;
	request->newer[1] = 0xab;
	check_encoded(event,
		      "{\"seq\":7,\"when\":123456789,\"kind\":\"spawn\",\"tid\":4470,\"creator\":4470,"
		      "\"creator_tgid\":4469,\"child\":4471,\"child_tgid\":4471,\"ppid\":4469,"
		      "\"request\":{\"call\":\"clone3\",\"abi\":\"x86_64\",\"flags\":\"0x8000000000000100\","
		      "\"flag_names\":[\"CLONE_VM\",\"0x8000000000000000\"],\"exit_signal\":17,"
		      "\"exit_signal_name\":\"SIGCHLD\",\"stack\":140331946225664,\"set_tid\":4096,\"set_tid_size\":2,"
		      "\"set_tid_list\":[7,-1],\"newer\":\"00ab\"},"
		      "\"verdict\":\"process-sharing\",\"reasons\":{\"set\":[\"CLONE_VM\"],"
		      "\"clear\":[\"CLONE_VFORK\",\"CLONE_THREAD\"]}}\n");
	event = event_new(EVENT_CALL, EVENT_HAVE_DURATION);
	event->call.result = -1;
	event->attempt.duration = 1500;
	fill_request(&event->attempt.request, CALL_SETNS, "aarch64", REQUEST_FLAGS | REQUEST_ARGS, 0);
	event->attempt.request.flags = 0x40000000;
	memset(event->attempt.request.args, 0, sizeof(event->attempt.request.args));
	event->attempt.request.args[0] = 3;
	event->attempt.request.args[5] = UINT64_MAX;
	check_encoded(event,
		      "{\"seq\":7,\"when\":123456789,\"kind\":\"call\",\"tid\":4470,\"request\":{\"call\":\"setns\","
		      "\"abi\":\"aarch64\",\"flags\":1073741824,\"flag_names\":[\"CLONE_NEWNET\"],"
		      "\"args\":[3,0,0,0,0,\"0xffffffffffffffff\"]},"
		      "\"result\":-1,\"error_name\":\"EPERM\",\"duration\":1500}\n");
	event = event_new(EVENT_BEGIN, 0);
	event->tid = 0;
	event->begin.realtime = UINT64_C(1700000000123456789);
	event->begin.launched = true;
	event->begin.audit_arch = 0xc000003e;
	check_encoded(
		event,
		"{\"seq\":7,\"when\":123456789,\"kind\":\"begin\",\"tid\":0,\"format\":1,"
		"\"clock\":\"CLOCK_MONOTONIC\",\"realtime\":1700000000123456789,\"mode\":\"filter\",\"launched\":true,"
		"\"audit_arch\":3221225534,\"arch\":\"x86_64\"}\n");
	event->have = EVENT_HAVE_HOST;
	event->begin.version = "9.8";
	event->begin.release = "6.18.0-x \"y\"";
	check_encoded(event, "{\"seq\":7,\"when\":123456789,\"kind\":\"begin\",\"tid\":0,\"format\":1,"
			     "\"cltrace\":\"9.8\","
			     "\"release\":\"6.18.0-x \\\"y\\\"\",\"clock\":\"CLOCK_MONOTONIC\","
			     "\"realtime\":1700000000123456789,\"mode\":\"filter\",\"launched\":true,"
			     "\"audit_arch\":3221225534,\"arch\":\"x86_64\"}\n");
	event = event_new(EVENT_EXEC, EVENT_HAVE_COMMAND);
	event->exec.former = 4470;
	event->exec.command = "a\"\\\n\303\274\374";
	check_encoded(event, "{\"seq\":7,\"when\":123456789,\"kind\":\"exec\",\"tid\":4470,\"former\":4470,"
			     "\"command\":\"a\\\"\\\\\\u000a\303\274\\ufffd\",\"command_hex\":\"61225c0ac3bcfc\"}\n");
}

/* The set_tid list is as long as the size that the program gave, at most 32. */
static void test_set_tid_lists(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 2, 31, 32, 33, 1000, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		struct event *event = event_new(EVENT_REFUSED, 0);
		struct request *request = &event->attempt.request;

		event->refused.error = 17;
		fill_request(request, CALL_CLONE3, "x86_64", REQUEST_FLAGS | REQUEST_SET_TID | REQUEST_SET_TID_LIST, 0);
		memset(request->set_tid_list, 0, sizeof(request->set_tid_list));
		request->set_tid_size = sizes[i];
		for (size_t j = 0; j < CLONE_SET_TID_MAX && j < sizes[i]; j++)
			request->set_tid_list[j] = (int32_t)(100 + j);
		check_round_trip(event);
	}
}

static void test_newer_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i <= sizeof(((struct request *)NULL)->newer); i++) {
		struct event *event = event_new(EVENT_REFUSED, 0);

		fill_request(&event->attempt.request, CALL_CLONE3, "x86_64", 0, 0);
		event->attempt.request.have = REQUEST_NEWER;
		for (size_t j = 0; j < i; j++)
			event->attempt.request.newer[j] = (uint8_t)(0xff - j);
		check_round_trip(event);
	}
}

#define EXIT_LINE(rest) "{\"seq\":1,\"when\":2,\"kind\":\"exit\",\"tid\":3" rest
#define CALL_LINE(request) "{\"seq\":1,\"when\":2,\"kind\":\"call\",\"tid\":3,\"result\":0,\"request\":" request "}"
#define SPAWN_LINE(request)                                                                                   \
	"{\"seq\":1,\"when\":2,\"kind\":\"spawn\",\"tid\":3,\"creator_tgid\":3,\"child\":4,\"child_tgid\":4," \
	"\"request\":" request "}"
#define NESTED_8 "[[[[[[[["
#define NESTED_8_END "]]]]]]]]"

static const struct {
	int expected;
	const char *line;
} lines[] = {
	/* What a reader must bear. */
	{ 0, EXIT_LINE(",\"status\":0}") },
	{ 0, EXIT_LINE(",\"status\":0}\n") },
	{ 0, EXIT_LINE(",\"status\":0} \t\r\n") },
	{ 0, "  { \"tid\" : 3 , \"status\" : 0 , \"kind\" : \"exit\" , \"when\" : 2 , \"seq\" : 1 }" },
	{ 0, EXIT_LINE(",\"status\":0,\"colour\":\"red\",\"nested\":{\"a\":[1,{\"b\":null}]},\"f\":1.5e300}") },
	{ 0, EXIT_LINE(",\"status\":-2147483648}") },
	{ 0, EXIT_LINE(",\"status\":2147483647,\"with_group\":true}") },
	{ 0, "{\"seq\":\"0x1\",\"when\":\"0xffffffffffffffff\",\"kind\":\"detach\",\"tid\":3}" },
	{ 0, "{\"seq\":1,\"when\":2,\"kind\":\"det\\u0061ch\",\"tid\":3}" },
	{ 0, "{\"seq\":1,\"when\":2,\"kind\":\"name\",\"tid\":3,\"name\":\"gr\303\274n \360\237\220\247\"}" },
	{ 0, CALL_LINE("{\"call\":\"setsid\",\"abi\":\"x86_64\"}") },
	{ 0, SPAWN_LINE("{\"call\":\"fork\",\"abi\":\"x86_64\",\"flags\":0,\"exit_signal\":17}") },

	/* Not such a line. */
	{ -EINVAL, "" },
	{ -EINVAL, "\n" },
	{ -EINVAL, "   " },
	{ -EINVAL, "null" },
	{ -EINVAL, "true" },
	{ -EINVAL, "7" },
	{ -EINVAL, "-" },
	{ -EINVAL, "\"exit\"" },
	{ -EINVAL, "[]" },
	{ -EINVAL, "{}" },
	{ -EINVAL, "{" },
	{ -EINVAL, "}" },
	{ -EINVAL, "NaN" },
	{ -EINVAL, "[" EXIT_LINE(",\"status\":0}") "]" },
	{ -EINVAL, EXIT_LINE(",\"status\":0}") EXIT_LINE(",\"status\":0}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0}") "\n" EXIT_LINE(",\"status\":0}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0} x") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0 /* comment */}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,\"bad\":\"\377\"}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,\"bad\":\"a\tb\"}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,\"bad\":NaN}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,'bad':1}") },

	/* Fields that are not there or of another type. */
	{ -EINVAL, EXIT_LINE("}") },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"tid\":3,\"status\":0}" },
	{ -EINVAL, "{\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":null,\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":10,\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":[\"exit\"],\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"detach\\u0000\",\"tid\":3}" },
	{ -EINVAL, EXIT_LINE(",\"status\":null}") },
	{ -EINVAL, EXIT_LINE(",\"status\":\"0\"}") },
	{ -EINVAL, EXIT_LINE(",\"status\":\"0x0\"}") },
	{ -EINVAL, EXIT_LINE(",\"status\":true}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0.0}") },
	{ -EINVAL, EXIT_LINE(",\"status\":{}}") },
	{ -EINVAL, EXIT_LINE(",\"status\":[0]}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,\"with_group\":1}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,\"with_group\":\"true\"}") },
	{ -EINVAL, EXIT_LINE(",\"status\":0,\"with_group\":null}") },

	/* Numbers out of range. */
	{ -EINVAL, EXIT_LINE(",\"status\":2147483648}") },
	{ -EINVAL, EXIT_LINE(",\"status\":-2147483649}") },
	{ -EINVAL, EXIT_LINE(",\"status\":99999999999999999999999999999999}") },
	{ -EINVAL, EXIT_LINE(",\"status\":-99999999999999999999999999999999}") },
	{ -EINVAL, EXIT_LINE(",\"status\":1e999}") },
	{ -EINVAL, EXIT_LINE(",\"status\":NaN}") },
	{ -EINVAL, EXIT_LINE(",\"status\":-Infinity}") },
	{ -EINVAL, "{\"seq\":-1,\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":18446744073709551616,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":9223372036854775807,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"detach\",\"tid\":-3}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"detach\",\"tid\":4294967296}" },
	{ -EINVAL, "{\"seq\":\"\",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":\"1\",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":\"0x\",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":\"0xg\",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":\"-0x1\",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":\"0x1 \",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },
	{ -EINVAL, "{\"seq\":\"0x10000000000000000\",\"when\":2,\"kind\":\"detach\",\"tid\":3}" },

	/* Notes: signed 64 bits. */
	{ 0, "{\"seq\":1,\"when\":2,\"kind\":\"note\",\"tid\":3,\"note\":\"set-id\",\"number\":\"-0x8000000000000000\","
	     "\"value\":\"0x7fffffffffffffff\"}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"note\",\"tid\":3,\"note\":\"set-id\",\"number\":0,"
		   "\"value\":\"0x8000000000000000\"}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"note\",\"tid\":3,\"note\":\"set-id\",\"number\":0,"
		   "\"value\":\"-0x8000000000000001\"}" },
	{ -EINVAL,
	  "{\"seq\":1,\"when\":2,\"kind\":\"note\",\"tid\":3,\"note\":\"set-id\",\"number\":0,\"value\":\"-\"}" },

	/* Requests. */
	{ -EINVAL, CALL_LINE("null") },
	{ -EINVAL, CALL_LINE("[]") },
	{ -EINVAL, CALL_LINE("{}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"setsid\"}") },
	{ -EINVAL, CALL_LINE("{\"abi\":\"x86_64\"}") },
	{ -EINVAL, CALL_LINE("{\"call\":1,\"abi\":\"x86_64\"}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"setsid\",\"abi\":1}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"fork\",\"abi\":\"x86_64\"}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"setns\",\"abi\":\"x86_64\",\"args\":[]}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"setns\",\"abi\":\"x86_64\",\"args\":[0,0,0,0,0,0,0]}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"setns\",\"abi\":\"x86_64\",\"args\":[0,0,0,0,0,null]}") },
	{ -EINVAL, CALL_LINE("{\"call\":\"setns\",\"abi\":\"x86_64\",\"args\":{\"0\":0}}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"setsid\",\"abi\":\"x86_64\"}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"fork\",\"abi\":\"x86_64\",\"flags\":0}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"set_tid_size\":1}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"set_tid_list\":[1]}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"set_tid\":1,\"set_tid_size\":2,"
			      "\"set_tid_list\":[1]}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"set_tid\":1,\"set_tid_size\":1,"
			      "\"set_tid_list\":[2147483648]}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"newer\":\"0\"}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"newer\":\"0G\"}") },
	{ -EINVAL, SPAWN_LINE("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"newer\":[0]}") },

	/* Commands. */
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"exec\",\"tid\":3,\"former\":3,\"command\":\"a\\u0000b\"}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"exec\",\"tid\":3,\"former\":3,\"command\":[\"a\"]}" },
	{ -EINVAL,
	  "{\"seq\":1,\"when\":2,\"kind\":\"exec\",\"tid\":3,\"former\":3,\"command\":\"a\",\"command_hex\":1}" },
	{ -EINVAL,
	  "{\"seq\":1,\"when\":2,\"kind\":\"exec\",\"tid\":3,\"former\":3,\"command\":\"a\",\"command_hex\":\"6\"}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"exec\",\"tid\":3,\"former\":3,\"command\":\"a\","
		   "\"command_hex\":\"610062\"}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"exec\",\"tid\":3,\"former\":3,\"command\":\"a\","
		   "\"command_hex\":\"61\\u000061\"}" },

	/* From a newer version. */
	{ -ENOTSUP, "{\"seq\":1,\"when\":2,\"kind\":\"teleport\",\"tid\":3}" },
	{ -ENOTSUP, "{\"kind\":\"teleport\"}" },
	{ -ENOTSUP, "{\"kind\":\"?\"}" },
	{ -ENOTSUP, "{\"kind\":\"\"}" },
	{ -ENOTSUP, "{\"seq\":1,\"when\":2,\"kind\":\"note\",\"tid\":3,\"note\":\"new\",\"number\":0,\"value\":0}" },
	{ 0, "{\"seq\":1,\"when\":2,\"kind\":\"begin\",\"tid\":0,\"format\":2,\"realtime\":3,\"mode\":\"filter\","
	     "\"launched\":true,\"audit_arch\":0}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"begin\",\"tid\":0,\"format\":0,\"realtime\":3,\"mode\":\"filter\","
		   "\"launched\":true,\"audit_arch\":0}" },
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"begin\",\"tid\":0,\"realtime\":3,\"mode\":\"filter\","
		   "\"launched\":true,\"audit_arch\":0}" },
	/* one of two that come together */
	{ -EINVAL, "{\"seq\":1,\"when\":2,\"kind\":\"begin\",\"tid\":0,\"format\":1,\"cltrace\":\"1\",\"realtime\":3,"
		   "\"mode\":\"filter\",\"launched\":true,\"audit_arch\":0}" },
	{ -ENOTSUP,
	  "{\"seq\":1,\"when\":2,\"kind\":\"begin\",\"tid\":0,\"format\":1,\"realtime\":3,\"mode\":\"psychic\","
	  "\"launched\":true,\"audit_arch\":0}" },
	{ -ENOTSUP, CALL_LINE("{\"call\":\"clone4\",\"abi\":\"x86_64\"}") },
	{ -ENOTSUP, CALL_LINE("{\"call\":\"setsid\",\"abi\":\"vax\"}") },

	/* Depth. */
	{ 0, EXIT_LINE(",\"status\":0,\"deep\":" NESTED_8 NESTED_8 NESTED_8_END NESTED_8_END "}") },
	{ -EINVAL, NESTED_8 NESTED_8 NESTED_8 NESTED_8 NESTED_8 },
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		struct event *event = NULL;
		int r = codec_decode(lines[i].line, strlen(lines[i].line), &event);

		if (r != lines[i].expected)
			fail_msg("%d instead of %d for %s", r, lines[i].expected, lines[i].line);
		assert_true(r == 0 ? event != NULL : event == NULL);
		event_free(event);
	}
}

/* What each of json-c's versions and modes judges in its own way among them. */
static void test_grammar(void **state)
{
	static const char *const right[] = {
		"0",
		"-0",
		"10",
		"-1.50",
		"1e5",
		"1E+05",
		"0.0e-0",
		"true",
		"false",
		"null",
		" \t\r\n[ ] ",
		"{ }",
		"[[],{},\"\",[1 , 2]]",
		"{\"a\":{\"\":0},\"a\":[null]}",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00aF\"",
		"\"\\ud800 \177 // 'a' NaN\"",
		"\"\302\200 gr\303\274n \342\202\254 \360\237\220\247\"",
		NESTED_8 NESTED_8 NESTED_8 "[[[[[[[0]]]]]]]" NESTED_8_END NESTED_8_END NESTED_8_END,
	};
	static const char *const wrong[] = {
		"",
		" ",
		"01",
		"-",
		"+1",
		".5",
		"1.",
		"1.e1",
		"1e",
		"1e+",
		"0x1",
		"1 2",
		"True",
		"NULL",
		"nul",
		"truefalse",
		"trufalse",
		"NaN",
		"Infinity",
		"-Infinity",
		"undefined",
		"[",
		"]",
		"[1,]",
		"[,1]",
		"[,]",
		"[1 2]",
		"[1}",
		"{\"a\":1]",
		"{\"a\":1,}",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\" 1}",
		"{a:1}",
		"{1:1}",
		"{'a':1}",
		"['a']",
		"[] []",
		"[] // comment",
		"/* comment */ []",
		"[1 /**/]",
		"\v[]",
		"[]\f",
		"\302\240[]",
		"\357\273\277[]",
		"\"",
		"\"a",
		"\"\\\"",
		"\"\\x41\"",
		"\"\\'\"",
		"\"\\\303\274\"",
		"\"\\u12\"",
		"\"\\u123g\"",
		"\"a\tb\"",
		"\"a\nb\"",
		"\"\037\"",
		"\"\377\"",
		"\"\300\257\"",
		"\"\355\240\200\"",
		"\"\303\"",
		NESTED_8 NESTED_8 NESTED_8 NESTED_8 "0" NESTED_8_END NESTED_8_END NESTED_8_END NESTED_8_END,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(right); i++)
		if (!json_is_valid(right[i], strlen(right[i])))
			fail_msg("refused: %s", right[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
		if (json_is_valid(wrong[i], strlen(wrong[i])))
			fail_msg("accepted: %s", wrong[i]);
	assert_false(json_is_valid("[]\0", 3));
	assert_false(json_is_valid("\"a\0b\"", 5));
}

static void test_nul_and_depth(void **state)
{
	static const char with_nul[] = EXIT_LINE(",\"status\":0}\0");
	static const char nul_inside[] = EXIT_LINE(",\"sta\0tus\":0,\"status\":0}");
	const size_t depth = 1000000;
	char *deep = malloc(depth);
	struct event *event = NULL;

	(void)state;
	assert_int_equal(codec_decode(with_nul, sizeof(with_nul) - 1, &event), -EINVAL);
	assert_int_equal(codec_decode(nul_inside, sizeof(nul_inside) - 1, &event), -EINVAL);
	assert_int_equal(codec_decode("\0", 1, &event), -EINVAL);
	memset(deep, '[', depth);
	assert_int_equal(codec_decode(deep, depth, &event), -EINVAL);
	for (size_t i = 0; i + 5 <= depth; i += 5)
		memcpy(deep + i, "{\"a\":", 5);
	assert_int_equal(codec_decode(deep, depth, &event), -EINVAL);
	assert_null(event);
	free(deep);
}

/* Decodes BYTES from memory of exactly that size; what is accepted must have a stable form. */
static int decode_exactly(const char *bytes, size_t length)
{
	char *line = malloc(length ? length : 1);
	struct text first = TEXT_INIT, second = TEXT_INIT;
	struct event *event = NULL, *again = NULL;
	int r;

	memcpy(line, bytes, length);
	r = codec_decode(line, length, &event);
	/* the quick way takes what the general one takes, and in the same sense */
	assert_int_equal(codec_decode_slowly(line, length, &again), r);
	free(line);
	if (r < 0)
		return r;
	check_same(event, again);
	event_free(again);
	again = NULL;
	codec_encode(&first, event);
	assert_int_equal(codec_decode(first.data, first.length, &again), 0);
	codec_encode(&second, again);
	assert_string_equal(text_get(&first), text_get(&second));
	event_free(event);
	event_free(again);
	text_done(&first);
	text_done(&second);
	return 0;
}

/* That EVENT's line has PART, and no part of WITHOUT (NULL: none) as a key. */
static void check_part(const struct event *event, const char *part, const char *without)
{
	struct text line = TEXT_INIT;

	codec_encode(&line, event);
	if (!strstr(text_get(&line), part) || (without && strstr(text_get(&line), without)))
		fail_msg("not as it should be: %s", text_get(&line));
	text_done(&line);
}

static void test_names_of_ends(void **state)
{
	struct event *event = event_new(EVENT_EXIT, 0);

	(void)state;
	event->exit.status = 3 << 8;
	check_part(event, "\"status\":768,\"exit_code\":3}", "signal");
	event->exit.status = 11 | 0x80;
	check_part(event, "\"status\":139,\"signal\":11,\"signal_name\":\"SIGSEGV\",\"core\":true}", "exit_code");
	event->exit.status = 9;
	check_part(event, "\"status\":9,\"signal\":9,\"signal_name\":\"SIGKILL\"}", "core");
	event->exit.status = -1;
	check_part(event, "\"status\":-1}", "exit_code");
	event = event_new(EVENT_END, 0);
	event->end.status = 15;
	check_part(event, "\"status\":15,\"signal\":15,\"signal_name\":\"SIGTERM\"}", "exit_code");
	event = event_new(EVENT_GROUP_STOP, 0);
	event->signal.signo = 19;
	check_part(event, "\"signo\":19,\"signal_name\":\"SIGSTOP\"}", NULL);
	event->signal.signo = 0;
	check_part(event, "\"signo\":0}", NULL);
}

static void test_names_of_verdicts(void **state)
{
	static const struct {
		uint64_t flags;
		unsigned signo;
		const char *part;
	} cases[] = {
		{ 0x3d0f00, 0,
		  "\"verdict\":\"thread\",\"reasons\":{\"set\":[\"CLONE_THREAD\"],\"clear\":[]},"
		  "\"looks_like\":\"pthread_create()\"}" },
		{ 0x1200000, 17,
		  "\"verdict\":\"process\",\"reasons\":{\"set\":[],\"clear\":[\"CLONE_VM\",\"CLONE_THREAD\"]}" },
		{ 0x4100, 17,
		  "\"verdict\":\"process-vfork\",\"reasons\":{\"set\":[\"CLONE_VM\",\"CLONE_VFORK\"],"
		  "\"clear\":[\"CLONE_THREAD\"]}" },
		{ 0x20020100, 17,
		  "\"verdict\":\"process-namespaces\",\"reasons\":{\"set\":[\"CLONE_NEWNS\",\"CLONE_NEWPID\"],"
		  "\"clear\":[\"CLONE_THREAD\"]}" },
	};
	struct event *event;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		event = event_new(EVENT_SPAWN, EVENT_HAVE_REQUEST);
		event->spawn.child = event->spawn.child_tgid = 4471;
		fill_request(&event->attempt.request, CALL_CLONE3, "x86_64", REQUEST_FLAGS | REQUEST_STACK, 0);
		event->attempt.request.flags = cases[i].flags;
		event->attempt.request.exit_signal = cases[i].signo;
		check_part(event, cases[i].part, NULL);
	}
	/* by the pids alone */
	event = event_new(EVENT_SPAWN, 0);
	event->spawn.child = 4471;
	check_part(event, "\"verdict\":\"unknown\"}", NULL);
	event->spawn.child_tgid = 4471;
	check_part(event, "\"verdict\":\"process\"}", NULL);
	event->spawn.child_tgid = 4470;
	check_part(event, "\"verdict\":\"thread\"}", NULL);
}

/* What we write is read the quick way, but for the little that needs a second look. */
static void test_quick_way(void **state)
{
	struct event *event = event_new(EVENT_SPAWN, EVENT_HAVE_REQUEST | EVENT_HAVE_CREATOR | EVENT_HAVE_PPID);
	struct text line = TEXT_INIT;
	struct event back;

	(void)state;
	event->spawn.child = event->spawn.child_tgid = 4471;
	fill_request(&event->attempt.request, CALL_CLONE3, "x86_64", REQUEST_FLAGS | REQUEST_STACK | REQUEST_TLS, 2);
	codec_encode(&line, event);
	memset(&back, 0, sizeof(back));
	assert_int_equal(scan_event(line.data, line.length, &back), 0);
	check_same(event, &back);
	for (size_t length = 0; length < line.length - 1; length++) {
		memset(&back, 0, sizeof(back));
		assert_int_equal(scan_event(line.data, length, &back), -EAGAIN);
	}
	text_done(&line);
	event = event_new(EVENT_EXIT, EVENT_HAVE_LEADER);
	event->exit.status = 139;
	codec_encode(&line, event);
	memset(&back, 0, sizeof(back));
	assert_int_equal(scan_event(line.data, line.length, &back), 0);
	check_same(event, &back);
	text_done(&line);
}

static void full_line(struct text *line, unsigned which)
{
	struct event *event;

	if (which == 0) {
		event = event_new(EVENT_SPAWN, EVENT_HAVE_REQUEST | EVENT_HAVE_CREATOR | EVENT_HAVE_NSPID |
						       EVENT_HAVE_DURATION | EVENT_HAVE_PPID);
		fill_request(&event->attempt.request, CALL_CLONE3, "x86_64", (REQUEST_ARGS_ADDRESS << 1) - 1, 3);
	} else if (which == 1) {
		event = event_new(EVENT_ATTACH, EVENT_HAVE_COMMAND | EVENT_HAVE_PPID | EVENT_HAVE_NSPID);
		event->attach.command = "gr\303\274n \374 \"x\"";
	} else {
		event = event_new(EVENT_CALL, EVENT_HAVE_DURATION);
		fill_request(&event->attempt.request, CALL_PRCTL, "arm", REQUEST_ARGS, 5);
	}
	codec_encode(line, event);
}

static void test_cut_lines(void **state)
{
	(void)state;
	for (unsigned which = 0; which < 3; which++) {
		struct text line = TEXT_INIT;

		full_line(&line, which);
		for (size_t length = 0; length < line.length - 1; length++)
			assert_int_equal(decode_exactly(line.data, length), -EINVAL);
		assert_int_equal(decode_exactly(line.data, line.length - 1), 0);
		text_done(&line);
	}
}

/* Each byte replaced by each of a few that mean something to the reader. */
static void test_changed_lines(void **state)
{
	static const char bytes[] = "\"\\{}[]:,-.0e9xnt \n\001\177\200\303\377";

	(void)state;
	for (unsigned which = 0; which < 3; which++) {
		struct text line = TEXT_INIT;

		full_line(&line, which);
		for (size_t i = 0; i < line.length; i++) {
			char old = line.data[i];

			for (size_t j = 0; j < sizeof(bytes); j++) {
				int r;

				line.data[i] = bytes[j];
				r = decode_exactly(line.data, line.length);
				assert_true(r == 0 || r == -EINVAL || r == -ENOTSUP);
			}
			line.data[i] = old;
		}
		text_done(&line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_every_request),
		cmocka_unit_test(test_every_spawn),
		cmocka_unit_test(test_every_call_and_abi),
		cmocka_unit_test(test_every_attach),
		cmocka_unit_test(test_numbers_in_namespaces),
		cmocka_unit_test(test_times_and_results),
		cmocka_unit_test(test_every_note),
		cmocka_unit_test(test_every_mode),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_small_kinds),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_set_tid_lists),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_every_byte_of_a_command),
		cmocka_unit_test(test_newer_bytes),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_nul_and_depth),
		cmocka_unit_test(test_cut_lines),
		cmocka_unit_test(test_changed_lines),
		cmocka_unit_test(test_names_of_ends),
		cmocka_unit_test(test_names_of_verdicts),
		cmocka_unit_test(test_quick_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
