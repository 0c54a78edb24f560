/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests snapshots against a made-up kernel: who shares what, what is unusual, events and back, two side by side. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "event/codec.h"
#include "event/event.h"
#include "sink/snapshot_json.h"
#include "snapshot/diff.h"
#include "snapshot/findings.h"
#include "snapshot/sharing.h"
#include "snapshot/events.h"

#define ZOMBIE 999999

/* The address of each task's objects, 0: none; what kcmp(2) compares and does not show. */
struct fake {
	unsigned objects[4096][OBJECT_COUNT];
	bool refused[4096], gone[4096];
	unsigned questions;
	unsigned disorder; /* one in so many answers is about another moment; 0: none */
};

static struct fake fake;

static int fake_compare(void *data, pid_t one, pid_t other, enum task_object object, int *ret)
{
	const unsigned a = one == ZOMBIE ? 0 : fake.objects[one][object];
	const unsigned b = other == ZOMBIE ? 0 : fake.objects[other][object];

	(void)data;
	fake.questions++;
	if ((one != ZOMBIE && fake.gone[one]) || (other != ZOMBIE && fake.gone[other]))
		return -ESRCH;
	if ((one != ZOMBIE && fake.refused[one]) || (other != ZOMBIE && fake.refused[other]))
		return -EPERM;
	*ret = a < b ? -1 : a > b;
	if (fake.disorder && fake.questions % fake.disorder == 0)
		*ret = -*ret;
	return 0;
}

static void run_backwards(size_t count, void (*work)(void *data, size_t part), void *data)
{
	while (count)
		work(data, --count);
}

static const struct sharing_ask ask = { fake_compare, NULL, ZOMBIE, NULL };
static const struct sharing_ask ask_backwards = { fake_compare, NULL, ZOMBIE, run_backwards };

/* Task TID of TGID with each object at the address FIRST + its number; FIRST 0: none at all. */
static struct snap_task *add(struct snapshot *snapshot, pid_t tgid, pid_t tid, unsigned first)
{
	struct snap_task *task = snapshot_add(snapshot, tgid, tid);

	task->state = 'S';
	task->ppid = 1;
	task->start = 100 + (uint64_t)tid;
	snprintf(task->name, sizeof(task->name), "task%d", (int)tid);
	for (unsigned i = 0; i < OBJECT_COUNT; i++)
		fake.objects[tid][i] = first ? first * 16 + i + 1 : 0;
	return task;
}

static int begin(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	return 0;
}

static enum relation between(const struct snapshot *snapshot, pid_t one, pid_t other, enum task_object object)
{
	return snapshot_relation(snapshot_find(snapshot, one), snapshot_find(snapshot, other), object);
}

/* ---- who shares what ---- */

static void test_threads_and_processes(void **state)
{
	struct snapshot snapshot = { 0 };

	(void)state;
	add(&snapshot, 10, 10, 7);
	add(&snapshot, 10, 11, 7);
	add(&snapshot, 20, 20, 5);
	add(&snapshot, 30, 30, 6);
	fake.objects[11][OBJECT_FILES] = 3;				 /* unshared */
	fake.objects[20][OBJECT_FILES] = fake.objects[30][OBJECT_FILES]; /* CLONE_FILES */
	fake.objects[10][OBJECT_IO] = fake.objects[20][OBJECT_IO] = 0;
	sharing_find(&snapshot, &ask);
	assert_int_equal(between(&snapshot, 10, 11, OBJECT_MEMORY), RELATION_SHARED);
	assert_int_equal(between(&snapshot, 10, 11, OBJECT_SIGHAND), RELATION_SHARED);
	assert_int_equal(between(&snapshot, 10, 11, OBJECT_FILES), RELATION_APART);
	assert_int_equal(between(&snapshot, 20, 30, OBJECT_FILES), RELATION_SHARED);
	assert_int_equal(between(&snapshot, 20, 30, OBJECT_MEMORY), RELATION_APART);
	assert_int_equal(between(&snapshot, 20, 30, OBJECT_SIGHAND), RELATION_APART);
	/* kcmp(2) would call these two the same. */
	assert_int_equal(between(&snapshot, 10, 20, OBJECT_IO), RELATION_NEITHER);
	assert_int_equal(between(&snapshot, 10, 30, OBJECT_IO), RELATION_APART);
	snapshot_done(&snapshot);
}

/* Of every pair the answer is the kernel's, whatever the order of addresses. */
static void test_every_pair(void **state)
{
	struct snapshot snapshot = { 0 };
	unsigned seed = 12345;

	(void)state;
	for (int i = 1; i <= 200; i++) {
		add(&snapshot, i - i % 3, i, (unsigned)i);
		for (unsigned object = 0; object < OBJECT_COUNT; object++) {
			seed = seed * 1103515245 + 12345;
			/* memory is one within a process, and signal handlers are in one memory */
			if (object == OBJECT_MEMORY || object == OBJECT_SIGHAND)
				fake.objects[i][object] = 1000 - (unsigned)(i - i % 3) / 9;
			else
				fake.objects[i][object] =
					object > OBJECT_SIGHAND ? seed >> 16 & 7 : 1 + (seed >> 16 & 7);
		}
	}
	snapshot_sort(&snapshot);
	sharing_find(&snapshot, &ask);
	for (size_t i = 0; i < snapshot.count; i++)
		for (size_t j = 0; j < i; j++)
			for (unsigned object = 0; object < OBJECT_COUNT; object++) {
				const unsigned a = fake.objects[snapshot.tasks[i].tid][object];
				const unsigned b = fake.objects[snapshot.tasks[j].tid][object];

				assert_int_equal(snapshot_relation(&snapshot.tasks[i], &snapshot.tasks[j], object),
						 !a && !b ? RELATION_NEITHER
						 : a == b ? RELATION_SHARED
							  : RELATION_APART);
			}
	snapshot_done(&snapshot);
}

/* Tasks that end, or may not be asked about, do not spoil what is said of the others, and nothing is made up. */
static void test_gone_and_refused(void **state)
{
	struct snapshot snapshot = { 0 };

	(void)state;
	add(&snapshot, 10, 10, 7);
	add(&snapshot, 10, 11, 7);
	add(&snapshot, 20, 20, 7);
	add(&snapshot, 30, 30, 5);
	add(&snapshot, 30, 31, 5);
	fake.gone[10] = true;
	fake.refused[30] = fake.refused[31] = true;
	sharing_find(&snapshot, &ask);
	assert_true(snapshot.tasks[0].gone);
	snapshot_drop_gone(&snapshot);
	assert_int_equal(snapshot.ended, 1);
	assert_int_equal(between(&snapshot, 11, 20, OBJECT_MEMORY), RELATION_SHARED);
	assert_int_equal(between(&snapshot, 30, 31, OBJECT_MEMORY), RELATION_UNKNOWN);
	snapshot_infer(&snapshot);
	/* What THREAD cannot be without is known without asking; the rest, and anything about others, is not. */
	assert_int_equal(between(&snapshot, 30, 31, OBJECT_MEMORY), RELATION_SHARED);
	assert_int_equal(between(&snapshot, 30, 31, OBJECT_SIGHAND), RELATION_SHARED);
	assert_int_equal(between(&snapshot, 30, 31, OBJECT_FILES), RELATION_UNKNOWN);
	assert_int_equal(between(&snapshot, 20, 30, OBJECT_MEMORY), RELATION_UNKNOWN);
	snapshot_done(&snapshot);
}

/* Tasks continue, so answers may contradict each other. It comes to an end, and never says shared of what is not. */
static void test_disorder(void **state)
{
	(void)state;
	for (unsigned disorder = 2; disorder < 40; disorder++) {
		struct snapshot snapshot = { 0 };

		begin(NULL);
		for (int i = 1; i <= 100; i++)
			add(&snapshot, i, i, (unsigned)(i * 37 % 101));
		fake.disorder = disorder;
		sharing_find(&snapshot, &ask);
		for (int i = 2; i <= 100; i++)
			assert_int_not_equal(between(&snapshot, i - 1, i, OBJECT_MEMORY), RELATION_SHARED);
		snapshot_done(&snapshot);
	}
}

/* Parts of the work do not need each other's results: whatever their order is, the answer is the same. */
static void test_parts(void **state)
{
	for (int count = 1; count <= 300; count += 23) {
		struct snapshot one = { 0 }, other = { 0 };

		begin(state);
		for (int i = 1; i <= count; i++) {
			add(&one, i, i, (unsigned)(i * 37 % 101));
			add(&other, i, i, (unsigned)(i * 37 % 101));
			fake.objects[i][OBJECT_IO] = i % 3 ? 0 : fake.objects[i][OBJECT_IO];
			fake.refused[i] = i % 31 == 30;
			fake.gone[i] = i % 41 == 40;
		}
		sharing_find(&one, &ask);
		sharing_find(&other, &ask_backwards);
		for (int i = 0; i < count; i++) {
			assert_memory_equal(one.tasks[i].object, other.tasks[i].object, sizeof(one.tasks[i].object));
			assert_int_equal(one.tasks[i].asked, other.tasks[i].asked);
			assert_int_equal(one.tasks[i].gone, other.tasks[i].gone);
			assert_int_equal(one.tasks[i].gone, i % 41 == 39);
		}
		snapshot_done(&one);
		snapshot_done(&other);
	}
}

/* n log n, not n². */
static void test_questions(void **state)
{
	struct snapshot snapshot = { 0 };

	(void)state;
	for (int i = 1; i <= 4000; i++)
		add(&snapshot, i, i, (unsigned)(i * 2654435761U >> 12));
	sharing_find(&snapshot, &ask);
	assert_true(fake.questions < 4000 * 12 * OBJECT_COUNT + 4000 * 20);
	snapshot_done(&snapshot);
}

/* ---- what is unusual ---- */

static void make_unusual(struct snapshot *snapshot)
{
	add(snapshot, 10, 10, 1)->cpus = mem_strdup("0-3");
	add(snapshot, 10, 11, 1)->cpus = mem_strdup("1");
	snapshot->tasks[1].nice = 5;
	snapshot->tasks[1].capabilities = 3;
	snapshot->tasks[1].policy = 1;
	snapshot->tasks[1].priority = 10;
	fake.objects[11][OBJECT_FILES] = 99;
	add(snapshot, 10, 12, 1)->worker = true;
	add(snapshot, 20, 20, 2);
	fake.objects[20][OBJECT_MEMORY] = fake.objects[10][OBJECT_MEMORY];
	add(snapshot, 30, 30, 0)->state = 'Z';
	add(snapshot, 30, 31, 3);
	add(snapshot, 40, 40, 4)->kernel = true;
	add(snapshot, 41, 41, 4)->kernel = true;
	snapshot->tasks[3].ns[NAMESPACE_NET] = 5; /* another process may have others */
	snapshot->tasks[0].ns[NAMESPACE_NET] = 7;
	snapshot->tasks[1].ns[NAMESPACE_NET] = 8;
	for (size_t i = 0; i < snapshot->count; i++)
		snapshot->tasks[i].nlwp = 1;
	sharing_find(snapshot, &ask);
	snapshot_infer(snapshot);
}

static void test_findings(void **state)
{
	static const char *const expected[] = {
		"memory shared by processes without being threads of one: 10 (task10), 20 (task20)",
		"process 10 (task10): threads that do not share descriptors with 10: 11 (task11)",
		"process 10 (task10): threads in another network namespace than 10's 7; 11: 8",
		"process 10 (task10): io_uring workers, threads that the kernel made: 12 (task12)",
		"process 10 (task10): threads with other nice value than 10's 0; 11: 5",
		"process 10 (task10): threads with other scheduling than 10's other; 11: fifo 10",
		"process 10 (task10): threads with other CPUs than 10's 0-3; 11: 1",
		"process 10 (task10): threads with other capabilities than 10's 0x0; 11: 0x3",
		"process 30 (task30): its leader has ended and is a zombie while its threads live",
	};
	struct snapshot snapshot = { 0 };
	struct text text = TEXT_INIT;
	struct findings findings;

	(void)state;
	make_unusual(&snapshot);
	findings_find(&snapshot, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		text_clear(&text);
		finding_explain(&text, &snapshot, &findings.findings[i]);
		assert_true(i < sizeof(expected) / sizeof(expected[0]));
		assert_string_equal(text_get(&text), expected[i]);
	}
	assert_int_equal(findings.count, sizeof(expected) / sizeof(expected[0]));
	findings_done(&findings);
	text_done(&text);
	snapshot_done(&snapshot);
}

/* ---- events ---- */

static void take(void *data, const struct event *event)
{
	struct text line = TEXT_INIT;
	struct event *decoded;

	codec_encode(&line, event);
	assert_int_equal(codec_decode(line.data, line.length, &decoded), 0);
	snapshot_take(data, decoded);
	event_free(decoded);
	text_done(&line);
}

static void test_events_and_back(void **state)
{
	struct snapshot snapshot = { 0 }, again = { 0 };
	struct text text = TEXT_INIT;

	(void)state;
	make_unusual(&snapshot);
	snapshot.tasks[0].command_cut = true;
	snapshot_report(&snapshot, 5, 6, take, &again);
	snapshot_taken(&again);
	assert_int_equal(again.count, snapshot.count);
	for (size_t i = 0; i < snapshot.count; i++) {
		assert_int_equal(again.tasks[i].tid, snapshot.tasks[i].tid);
		assert_int_equal(again.tasks[i].command_cut, snapshot.tasks[i].command_cut);
		assert_memory_equal(again.tasks[i].object, snapshot.tasks[i].object, sizeof(snapshot.tasks[i].object));
		assert_int_equal(again.tasks[i].asked, snapshot.tasks[i].asked);
		assert_int_equal(again.tasks[i].state, snapshot.tasks[i].state);
	}
	snapshot_diff(&text, &snapshot, &again);
	assert_string_equal(text_get(&text), "gone: 0, new: 0, changed: 0, tasks now: 8\n");
	text_done(&text);
	snapshot_done(&snapshot);
	snapshot_done(&again);
}

static void list(void *data, const struct event *event)
{
	if (event->kind == EVENT_ATTACH)
		text_addf(data, "%d ", (int)event->tid);
}

/* Who hears of it can draw the tree as it goes: numbers are used again, so that a parent's may be the higher one. */
static void test_parents_first(void **state)
{
	static const struct {
		pid_t tgid, tid, ppid;
	} tasks[] = { { 1, 1, 0 },   { 10, 10, 30 }, { 10, 11, 30 }, { 20, 20, 10 }, { 30, 30, 1 },
		      { 40, 41, 1 }, { 50, 50, 60 }, { 60, 60, 50 }, { 70, 70, 99 } };
	struct snapshot snapshot = { 0 };
	struct text text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
		snapshot_add(&snapshot, tasks[i].tgid, tasks[i].tid)->ppid = tasks[i].ppid;
	snapshot_sort(&snapshot);
	snapshot_report(&snapshot, 5, 6, list, &text);
	assert_string_equal(text_get(&text), "1 30 10 11 20 41 60 50 70 ");
	text_done(&text);
	snapshot_done(&snapshot);
}

static void test_diff(void **state)
{
	struct snapshot before = { 0 }, now = { 0 };
	struct text text = TEXT_INIT;

	(void)state;
	add(&before, 10, 10, 1)->command = mem_strdup("./a");
	add(&before, 10, 11, 1);
	add(&before, 12, 12, 2);
	add(&before, 13, 13, 3);
	sharing_find(&before, &ask);
	add(&now, 10, 10, 1)->command = mem_strdup("./b");
	add(&now, 10, 11, 1)->nice = 3;
	fake.objects[11][OBJECT_FILES] = 99;
	add(&now, 13, 13, 3)->start = 7; /* another one */
	sharing_find(&now, &ask);
	snapshot_diff(&text, &before, &now);
	assert_string_equal(text_get(&text),
			    "- 12 process, child of 1: task12\n"
			    "- 13 process, child of 1: task13\n"
			    "+ 13 process, child of 1: task13\n"
			    "~ 10 process, child of 1: ./b; command ./a -> ./b\n"
			    "~ 11 thread of 10: task11; nice value 0 -> 3; descriptors no longer shared "
			    "with 10\n"
			    "new: process 10 (task10): threads that do not share descriptors with 10: 11 (task11)\n"
			    "new: process 10 (task10): threads with other nice value than 10's 0; 11: 3\n"
			    "gone: 2, new: 1, changed: 2, tasks now: 3\n");
	text_clear(&text);
	snapshot_json_diff(&text, &before, &now);
	assert_string_equal(
		text_get(&text),
		"{\n   \"gone\": [\n"
		"      {\"lwp\": 12, \"pid\": 12, \"ppid\": 1, \"kind\": \"process\", \"command\": \"task12\"},\n"
		"      {\"lwp\": 13, \"pid\": 13, \"ppid\": 1, \"kind\": \"process\", \"command\": \"task13\"}\n"
		"   ],\n   \"new\": [\n"
		"      {\"lwp\": 13, \"pid\": 13, \"ppid\": 1, \"kind\": \"process\", \"command\": \"task13\"}\n"
		"   ],\n   \"changed\": [\n"
		"      {\"lwp\": 10, \"pid\": 10, \"ppid\": 1, \"kind\": \"process\", "
		"\"command\": \"./b\", \"changes\": "
		"[{\"what\": \"command\", \"before\": \"./a\", \"now\": \"./b\"}]},\n"
		"      {\"lwp\": 11, \"pid\": 10, \"ppid\": 1, \"kind\": \"thread\", "
		"\"command\": \"task11\", \"changes\": "
		"[{\"what\": \"nice value\", \"before\": 0, \"now\": 3}, "
		"{\"what\": \"descriptors\", \"shared_with\": 10, \"before\": true, \"now\": false}]}\n"
		"   ],\n   \"findings_gone\": [],\n   \"findings_new\": [\n"
		"      {\"finding\": \"not-shared-by-threads\", \"what\": \"descriptors\", "
		"\"beside\": 10, \"tasks\": [11], "
		"\"sentence\": \"process 10 (task10): threads that do not share descriptors with 10: 11 (task11)\"},\n"
		"      {\"finding\": \"threads-with-other-nice-value\", \"what\": null, "
		"\"beside\": 10, \"tasks\": [11], "
		"\"sentence\": \"process 10 (task10): threads with other nice value than 10's 0; 11: 3\"}\n"
		"   ],\n   \"tasks_now\": 3\n}\n");
	text_done(&text);
	snapshot_done(&before);
	snapshot_done(&now);
}

/* What may not be asked any more has not gone for that. */
static void test_diff_not_known(void **state)
{
	struct snapshot before = { 0 }, now = { 0 };
	struct text text = TEXT_INIT;

	(void)state;
	add(&before, 10, 10, 1);
	add(&before, 12, 12, 1);
	sharing_find(&before, &ask);
	add(&now, 10, 10, 1)->uid = (uid_t)-1;
	add(&now, 12, 12, 1);
	fake.refused[12] = true;
	sharing_find(&now, &ask);
	snapshot_diff(&text, &before, &now);
	assert_string_equal(text_get(&text), "gone: 0, new: 0, changed: 0, tasks now: 2\n");
	snapshot_done(&now);
	now = (struct snapshot){ 0 };
	add(&now, 10, 10, 1);
	sharing_find(&now, &ask);
	text_clear(&text);
	snapshot_diff(&text, &before, &now);
	assert_non_null(strstr(text_get(&text), "\nno longer: memory shared by processes without being threads"));
	text_done(&text);
	snapshot_done(&before);
	snapshot_done(&now);
}

static void test_keep(void **state)
{
	static const pid_t pids[] = { 11 };
	struct snapshot snapshot = { 0 };

	(void)state;
	add(&snapshot, 5, 5, 1)->ppid = 20; /* a child with a lower number */
	add(&snapshot, 10, 10, 2);
	add(&snapshot, 10, 11, 2);
	add(&snapshot, 20, 20, 3)->ppid = 10;
	add(&snapshot, 30, 30, 4);
	snapshot_keep(&snapshot, pids, 1, true);
	assert_int_equal(snapshot.count, 4);
	snapshot_keep(&snapshot, pids, 1, false);
	assert_int_equal(snapshot.count, 2);
	assert_int_equal(snapshot.tasks[0].tid, 10);
	snapshot_done(&snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_threads_and_processes, begin),
		cmocka_unit_test_setup(test_every_pair, begin),
		cmocka_unit_test_setup(test_gone_and_refused, begin),
		cmocka_unit_test_setup(test_disorder, begin),
		cmocka_unit_test_setup(test_parts, begin),
		cmocka_unit_test_setup(test_questions, begin),
		cmocka_unit_test_setup(test_findings, begin),
		cmocka_unit_test_setup(test_events_and_back, begin),
		cmocka_unit_test(test_parents_first),
		cmocka_unit_test_setup(test_diff, begin),
		cmocka_unit_test_setup(test_diff_not_known, begin),
		cmocka_unit_test_setup(test_keep, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
