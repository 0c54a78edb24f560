/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests how files in /proc are named and read. With "foreign" it stands in a pid namespace whose /proc is not mounted:
 * the numbers there are other tasks, and nothing may be read of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "clone/facts.h"
#include "source/kernel/procfs/idmap.h"
#include "source/kernel/procfs/mounts.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"
#include "source/ptrace/cgroup.h"

static void test_paths(void **state)
{
	struct text text = TEXT_INIT;
	char path[PROC_PATH_SIZE];

	(void)state;
	assert_string_equal(proc_path(path, 42, "stat"), "/proc/42/stat");
	assert_string_equal(proc_path(path, PROC_SELF, "stat"), "/proc/self/stat");
	assert_string_equal(proc_thread_path(path, 42, 42, "stat"), "/proc/42/stat");
	assert_string_equal(proc_thread_path(path, 42, 43, "stat"), "/proc/42/task/43/stat");
	assert_string_equal(proc_fd_path(path, 42, 7), "/proc/42/fd/7");
	proc_add_path(&text, 42, "cwd/", "a");
	assert_string_equal(text_get(&text), "/proc/42/cwd/a");
	text_done(&text);
}

/* What the looks at causes and the snapshot ask for, in a child that is in a new pid namespace but sees our /proc. Each
 * number that it uses is also that of a task outside. */
static int foreign(void)
{
	char path[PROC_PATH_SIZE], buffer[64];
	struct proc_stat stat;
	struct proc_status status;
	struct fact fact;

	if (proc_is_ours() || strcmp(proc_path(path, 1, "stat"), "/proc/0/stat") != 0 ||
	    strcmp(proc_thread_path(path, 1, 2, "stat"), "/proc/0/task/2/stat") != 0 ||
	    strcmp(proc_fd_path(path, 1, 0), "/proc/0/fd/0") != 0)
		return 1;
	if (proc_status(1, &status) >= 0 || proc_stat(1, 1, &stat) >= 0 || proc_has_process(1) ||
	    proc_namespace(1, NAMESPACE_USER) || proc_read(1, "limits", buffer, sizeof(buffer)) >= 0)
		return 2;
	/* a descriptor that a task outside, of our number, has */
	if (cgroup_look(1, 0, &fact) && fact.id != FACT_CGROUP_BAD)
		return 3;
	return 0;
}

static void test_foreign(void **state)
{
	int status, flags = CLONE_NEWPID | (geteuid() ? CLONE_NEWUSER : 0);
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		pid_t child;

		if (unshare(flags) < 0)
			_exit(77);
		child = fork();
		if (child == 0) {
			execl("/proc/self/exe", "test_procfs", "foreign", NULL);
			_exit(78);
		}
		waitpid(child, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 79);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_own(void **state)
{
	uint64_t all[NAMESPACE_COUNT], links[NAMESPACE_COUNT] = { 0 };
	char name[64], expected[64];
	struct proc_status status;
	struct proc_stat stat;
	pid_t *pids = NULL;
	ssize_t n;

	(void)state;
	assert_int_equal(proc_status(getpid(), &status), 0);
	assert_int_equal(proc_stat(getpid(), getpid(), &stat), 0);
	assert_int_equal(stat.ppid, getppid());
	assert_int_equal(stat.ppid, status.ids.ppid);
	assert_int_equal(stat.nlwp, status.threads);
	assert_int_equal(stat.state, 'R');
	assert_true(proc_namespaces(PROC_SELF, all) >= 6);
	proc_ns_links(getpid(), getpid(), 1u << NAMESPACE_MNT, links);
	assert_int_equal(links[NAMESPACE_MNT], all[NAMESPACE_MNT]);
	assert_int_equal(links[NAMESPACE_NET], 0);
	assert_int_equal(proc_namespace(getpid(), NAMESPACE_MNT), all[NAMESPACE_MNT]);
	assert_int_equal(proc_ns_name(PROC_SELF, NAMESPACE_MNT, name, sizeof(name)), 0);
	snprintf(expected, sizeof(expected), "mnt:[%ju]", (uintmax_t)all[NAMESPACE_MNT]);
	assert_string_equal(name, expected);
	n = proc_processes(&pids);
	assert_true(n > 0);
	while (n > 0 && pids[n - 1] != getpid())
		n--;
	assert_true(n > 0);
	free(pids);
	assert_int_equal(proc_is_mapped(PROC_SELF, "uid_map", IDMAP_INSIDE, getuid()), 1);
	assert_true(proc_is_mapped(PROC_SELF, "no_map", IDMAP_INSIDE, 0) < 0);
}

static bool find_proc(void *data, const struct mount *mount)
{
	bool *found = data;

	*found = strcmp(mount->point, "/proc") == 0 && strcmp(mount->type, "proc") == 0 &&
		 strcmp(mount->part, "/") == 0 && *mount->options;
	return !*found;
}

static void test_mounts(void **state)
{
	bool found = false;

	(void)state;
	proc_mounts(find_proc, &found);
	assert_true(found);
	assert_string_equal(mount_option("rw,hidepid=2,gid=4", "hidepid"), "2,gid=4");
	assert_string_equal(mount_option("rw,hidepid=2,gid=4", "gid"), "4");
	assert_non_null(mount_option("rw,nsdelegate", "nsdelegate"));
	assert_non_null(mount_option("nsdelegate,rw", "nsdelegate"));
	assert_null(mount_option("rw,nsdelegated", "nsdelegate"));
	assert_null(mount_option("rw", "gid"));
}

static void test_status_lines(void **state)
{
	static const char status[] = "Name:\t a\\nb\nUmask:\t0022\nUid:\t1\t2\t3\t4\nSigBlk:\t00000000000000ff\n"
				     "NStgid:\t7\t1\nCpus_allowed_list:\t0-1\n";
	uint64_t number;
	char name[64];

	(void)state;
	status_name(status, name, sizeof(name));
	assert_string_equal(name, " a\nb");
	assert_true(status_number(status, "Uid", 3, 10, &number));
	assert_int_equal(number, 4);
	assert_false(status_number(status, "Uid", 4, 10, &number));
	assert_true(status_number(status, "SigBlk", 0, 16, &number));
	assert_int_equal(number, 255);
	assert_false(status_number(status, "Gid", 0, 10, &number));
	assert_int_equal(status_columns(status, "NStgid"), 2);
	assert_int_equal(status_columns(status, "NSpid"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),  cmocka_unit_test(test_foreign),	    cmocka_unit_test(test_own),
		cmocka_unit_test(test_mounts), cmocka_unit_test(test_status_lines),
	};

	if (argc > 1 && strcmp(argv[1], "foreign") == 0)
		return foreign();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
