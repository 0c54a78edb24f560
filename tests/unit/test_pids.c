/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that of the pids.max of a cgroup and those above it, the one that is closest to being reached is reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "source/ptrace/cgroup.h"
#include "source/ptrace/causes.h"

static char root[] = "/tmp/test_pids.XXXXXX";

static void write_file(const char *cgroup, const char *name, const char *value)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s/%s", root, cgroup, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(value, file);
	fclose(file);
}

/* The root of the hierarchy has no such files. */
static int make_tree(void **state)
{
	char path[128];

	(void)state;
	if (!mkdtemp(root))
		return -1;
	snprintf(path, sizeof(path), "%s/job", root);
	if (mkdir(path, 0700))
		return -1;
	snprintf(path, sizeof(path), "%s/job/step", root);
	return mkdir(path, 0700);
}

static int remove_tree(void **state)
{
	static const char *const names[] = {
		"job/step/pids.max", "job/step/pids.current", "job/step", "job/pids.max", "job/pids.current", "job", ""
	};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, names[i]);
		if (remove(path))
			return -1;
	}
	return 0;
}

static void write_limits(const char *outer_max, const char *outer_use, const char *inner_max, const char *inner_use)
{
	write_file("/job", "pids.max", outer_max);
	write_file("/job", "pids.current", outer_use);
	write_file("/job/step", "pids.max", inner_max);
	write_file("/job/step", "pids.current", inner_use);
}

static void assert_reported(const char *cgroup, uint64_t value, uint64_t use)
{
	struct text text = TEXT_INIT;
	struct fact fact;

	assert_true(cgroup_pids(root, "/job/step", &fact, &text));
	assert_string_equal(text_get(&text), cgroup);
	assert_int_equal(fact.what, FACT_PIDS);
	assert_int_equal(fact.value, value);
	assert_int_equal(fact.use, use);
	text_done(&text);
}

static void test_nearest(void **state)
{
	struct text text = TEXT_INIT;
	struct fact fact;

	(void)state;
	assert_false(cgroup_pids(root, "/job/step", &fact, &text)); /* no such files yet */
	text_done(&text);
	write_limits("max\n", "9\n", "5\n", "4\n");
	assert_reported("/job/step", 5, 4);
	write_limits("9\n", "9\n", "5\n", "4\n"); /* the cgroup above is full, the task's own is not */
	assert_reported("/job", 9, 9);
	write_limits("9\n", "9\n", "5\n", "5\n"); /* both: the kernel asks the innermost first */
	assert_reported("/job/step", 5, 5);
	write_limits("9\n", "20\n", "max\n", "4\n"); /* lowered below what there is */
	assert_reported("/job", 9, 20);
	write_limits("max\n", "9\n", "max\n", "4\n");
	assert_reported("/job/step", FACT_UNLIMITED, 4);
}

/* Where CLONE_INTO_CGROUP's descriptor leads to, and what is no cgroup. */
static void test_descriptor(void **state)
{
	char path[128], below[64], beside[64];
	struct fact fact;
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/job/step", root);
	snprintf(beside, sizeof(beside), "%s/jo", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(cgroup_below(getpid(), fd, root, below, sizeof(below)));
	assert_string_equal(below, "/job/step");
	assert_true(cgroup_below(getpid(), fd, path, below, sizeof(below)));
	assert_string_equal(below, "");
	assert_false(cgroup_below(getpid(), fd, beside, below, sizeof(below)));
	assert_false(cgroup_below(getpid(), fd, root, below, 5));
	assert_true(cgroup_look(getpid(), fd, &fact));
	assert_int_equal(fact.what, FACT_CGROUP);
	assert_int_equal(fact.id, FACT_CGROUP_OTHER);
	close(fd);
	assert_false(cgroup_below(getpid(), fd, root, below, sizeof(below)));
	assert_true(cgroup_look(getpid(), fd, &fact));
	assert_int_equal(fact.id, FACT_CGROUP_BAD);
	assert_true(cgroup_look(getpid(), -1, &fact));
	assert_int_equal(fact.id, FACT_CGROUP_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_descriptor),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
