/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of events and notes, and copies of events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event/event.h"
#include "event/schema.h"

/* A name serves as a key: there, unlike the others, lower case. */
static void check_names(const char *(*name)(unsigned index), unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		assert_string_not_equal(name(i), "?");
		assert_int_equal(strspn(name(i), "abcdefghijklmnopqrstuvwxyz-"), strlen(name(i)));
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(name(i), name(j));
	}
	assert_string_equal(name(count), "?");
	assert_string_equal(name(~0u), "?");
}

static const char *kind_name_at(unsigned index)
{
	return event_kind_name((enum event_kind)index);
}

static const char *note_name_at(unsigned index)
{
	return event_note_name((enum event_note)index);
}

static void test_names(void **state)
{
	(void)state;
	check_names(kind_name_at, EVENT_KIND_COUNT);
	check_names(note_name_at, NOTE_COUNT);
	assert_string_equal(event_kind_name(EVENT_GROUP_STOP), "group-stop");
	assert_string_equal(event_note_name(NOTE_UNTRACED), "untraced");
}

static void test_copy_owns_its_string(void **state)
{
	static const enum event_kind kinds[] = { EVENT_ATTACH, EVENT_EXEC };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char command[] = "sleep 1";
		struct event event = { .seq = 7, .kind = kinds[i], .have = EVENT_HAVE_COMMAND, .tid = 4 };
		const char **string = kinds[i] == EVENT_EXEC ? &event.exec.command : &event.attach.command;
		struct event *copy;

		*string = command;
		copy = event_copy(&event);
		memset(command, 'x', sizeof(command) - 1);
		assert_int_equal(copy->seq, 7);
		assert_int_equal(copy->tid, 4);
		assert_string_equal(kinds[i] == EVENT_EXEC ? copy->exec.command : copy->attach.command, "sleep 1");
		event_free(copy);
	}
}

static void test_copy_owns_its_arguments(void **state)
{
	static const enum event_kind kinds[] = { EVENT_ATTACH, EVENT_EXEC };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char bytes[] = "sh\0\0a b";
		struct event event = { .kind = kinds[i], .have = EVENT_HAVE_ARGV };
		struct arguments *argv = kinds[i] == EVENT_EXEC ? &event.exec.argv : &event.attach.argv;
		const struct arguments *copied;
		struct event *copy;
		const char *at;

		*argv = (struct arguments){ bytes, sizeof(bytes), true };
		copy = event_copy(&event);
		memset(bytes, 'x', sizeof(bytes) - 1);
		copied = kinds[i] == EVENT_EXEC ? &copy->exec.argv : &copy->attach.argv;
		assert_true(copied->cut);
		at = arguments_next(copied, NULL);
		assert_string_equal(at, "sh");
		at = arguments_next(copied, at);
		assert_string_equal(at, "");
		at = arguments_next(copied, at);
		assert_string_equal(at, "a b");
		assert_null(arguments_next(copied, at));
		event_free(copy);
		event.have = 0; /* what is not known is not looked at */
		argv->bytes = (const char *)1;
		event_free(event_copy(&event));
	}
}

static void test_copy_owns_every_string(void **state)
{
	char word[] = "word";
	const struct event exec = { .kind = EVENT_EXEC,
				    .have = EVENT_HAVE_SCRIPT | EVENT_HAVE_EXE | EVENT_HAVE_LOADER,
				    .exec = { .script = word, .exe = word, .loader = word, .cwd = word } };
	const struct event spawn = { .kind = EVENT_SPAWN,
				     .have = EVENT_HAVE_PIDFD,
				     .attempt.refers = word,
				     .spawn = { .pidfd = 5, .pidfd_is = word } };
	const struct event call = { .kind = EVENT_CALL,
				    .have = EVENT_HAVE_REFERS | EVENT_HAVE_FILE,
				    .attempt.refers = word,
				    .call = { .file = word } };
	const struct event refused = { .kind = EVENT_REFUSED, .have = EVENT_HAVE_REFERS, .attempt.refers = word };
	struct event *copies[] = { event_copy(&exec), event_copy(&spawn), event_copy(&call), event_copy(&refused) };

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	assert_string_equal(copies[0]->exec.script, "word");
	assert_string_equal(copies[0]->exec.exe, "word");
	assert_string_equal(copies[0]->exec.loader, "word");
	assert_null(copies[0]->exec.cwd); /* each by its own bit */
	assert_string_equal(copies[1]->spawn.pidfd_is, "word");
	assert_null(copies[1]->attempt.refers);
	assert_string_equal(copies[2]->attempt.refers, "word");
	assert_string_equal(copies[3]->attempt.refers, "word");
	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		event_free(copies[i]);
}

/* Code that changes a string must know whether waiting events point to it. */
static void test_points(void **state)
{
	const struct event exit = { .kind = EVENT_EXIT, .have = EVENT_HAVE_LEADER };
	const struct event forbidden = { .kind = EVENT_EXIT, .have = EVENT_HAVE_FORBIDDEN };
	const struct event spawn = { .kind = EVENT_SPAWN, .have = EVENT_HAVE_REQUEST | EVENT_HAVE_CREATOR };
	const struct event stack = { .kind = EVENT_SPAWN, .have = EVENT_HAVE_STACK };
	const struct event refused = { .kind = EVENT_REFUSED, .have = EVENT_HAVE_FACTS };
	const struct event exec = { .kind = EVENT_EXEC, .have = EVENT_HAVE_ARGV };

	(void)state;
	assert_false(event_points(&exit));
	assert_true(event_points(&forbidden));
	assert_false(event_points(&spawn));
	assert_true(event_points(&stack));
	assert_true(event_points(&refused));
	assert_true(event_points(&exec));
}

/* What is not known is not looked at: the pointer may be anything. */
static void test_copy_leaves_unknown_string(void **state)
{
	struct event event = { .kind = EVENT_EXEC, .exec = { .former = 3, .command = (const char *)16 } };
	struct event *copy = event_copy(&event);

	(void)state;
	assert_null(copy->exec.command);
	assert_int_equal(copy->exec.former, 3);
	event_free(copy);
}

static void test_copy_of_kinds_without_string(void **state)
{
	struct event event = { .kind = EVENT_NOTE,
			       .tid = 9,
			       .note = { .code = NOTE_SET_ID, .number = -1, .value = 5 } };
	struct event *copy = event_copy(&event);

	(void)state;
	assert_int_equal(copy->note.code, NOTE_SET_ID);
	assert_int_equal(copy->note.number, -1);
	assert_int_equal(copy->note.value, 5);
	event_free(copy);
	event_free(NULL);
}

/* A copy owns only what the kind's own rows point to. */
static void test_common_fields_point_to_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < event_common.count; i++) {
		const enum field_type type = event_common.rows[i].type;

		assert_true(type == FIELD_COUNT || type == FIELD_KIND || type == FIELD_PID);
		assert_int_equal(event_common.rows[i].of, ~0u);
	}
}

/* A row that names kinds is among the rows of each of these kinds. */
static void test_rows_name_their_kinds(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		const struct fields *own = &event_kind_row((enum event_kind)kind)->own;

		for (size_t i = 0; i < own->count; i++)
			for (unsigned other = 0; own->rows[i].of != ~0u && other < EVENT_KIND_COUNT; other++)
				if (own->rows[i].of & 1u << other)
					assert_ptr_equal(event_kind_row((enum event_kind)other)->own.rows, own->rows);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_common_fields_point_to_nothing),
		cmocka_unit_test(test_rows_name_their_kinds),
		cmocka_unit_test(test_copy_owns_its_string),
		cmocka_unit_test(test_copy_owns_its_arguments),
		cmocka_unit_test(test_copy_owns_every_string),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_copy_leaves_unknown_string),
		cmocka_unit_test(test_copy_of_kinds_without_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
