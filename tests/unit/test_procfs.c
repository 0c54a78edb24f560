/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests how files in /proc are named and read. With "foreign" it stands in a pid namespace whose /proc is not mounted:
 * the numbers there are other tasks, and nothing may be read of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "clone/facts.h"
#include "skip.h"
#include "source/kernel/procfs/call.h"
#include "source/kernel/procfs/fd.h"
#include "source/kernel/procfs/fields.h"
#include "source/kernel/procfs/idmap.h"
#include "source/kernel/procfs/limits.h"
#include "source/kernel/procfs/loadavg.h"
#include "source/kernel/procfs/memory.h"
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
		skip_because("needs root, or user namespaces");
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
	static const char text[] = "Name:\t a\\nb: c\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\nPPid:\t2\n"
				   "Uid:\t1\t2\t3\t4294967295\nGid:\t5\t6\nNStgid:\t7\t1\nNSpid:\t8\t2\n"
				   "VmRSS:\t     100 kB\nThreads:\t3\nSigBlk:\tffffffff000000ff\n"
				   "Seccomp_filters:\t2\nCpus_allowed_list:\t0-1\nMems_allowed:\t1";
	struct proc_status status;

	(void)state;
	status_parse(text, &status);
	assert_string_equal(status.name, " a\nb: c");
	assert_int_equal(status.ids.state, 'S');
	assert_int_equal(status.ids.tgid, 7);
	assert_int_equal(status.uids[ID_EFFECTIVE], 2);
	assert_int_equal(status.uids[ID_FILES], UINT32_MAX);
	assert_false(status_has(&status, STATUS_GIDS)); /* two of its four columns */
	assert_int_equal(status.nstgid, 1);
	assert_int_equal(status.ids.nspid, 2);
	assert_int_equal(status.ids.depth, 2);
	assert_int_equal(status.resident, 100);
	assert_int_equal(status.threads, 3);
	assert_true(status.blocked == UINT64_C(0xffffffff000000ff));
	assert_int_equal(status.filters, 2);
	assert_false(status_has(&status, STATUS_SECCOMP));
	assert_memory_equal(status.cpus, "0-1\n", 4);
	assert_false(status.kernel); /* it has memory */
	status_parse("PPid:\t2\n", &status);
	assert_true(status.kernel);
	assert_int_equal(status.ids.state, '?');
	assert_null(status.cpus);
}

/* The running kernel has each line. */
static void test_status_own(void **state)
{
	const unsigned newer = 1u << STATUS_KERNEL | 1u << STATUS_FILTERS | 1u << STATUS_SECCOMP;
	char text[PROC_STATUS_SIZE];
	struct proc_status status;

	(void)state;
	assert_int_equal(proc_thread_status(getpid(), getpid(), text, &status), 0);
	assert_int_equal(status.has | newer, (1u << STATUS_LINES) - 1);
	assert_int_equal(status.uids[ID_REAL], getuid());
	assert_int_equal(status.gids[ID_EFFECTIVE], getegid());
	assert_int_equal(status.ids.tgid, getpid());
	assert_non_null(status.cpus);
}

static void test_fields(void **state)
{
	static const char text[] = "pos:\t0\nmnt_id:\t15\n\nPid:\t7\nempty:\nPids:\t8 a 9";
	const char *from = text;
	uint64_t numbers[3];

	(void)state;
	assert_memory_equal(fields_find(text, &from, "Pid"), "\t7\n", 3);
	assert_memory_equal(from, "empty:", 6);
	assert_memory_equal(fields_find(text, &from, "mnt_id"), "\t15\n", 4); /* before */
	assert_int_equal(fields_numbers(fields_find(text, &from, "empty"), 10, 3, numbers), 0);
	assert_int_equal(fields_numbers(fields_find(text, &from, "Pids"), 16, 3, numbers), 3);
	assert_int_equal(numbers[1], 10);
	assert_int_equal(fields_numbers(fields_find(text, &from, "Pids"), 10, 3, numbers), 1);
	assert_string_equal(from, "");
	assert_null(fields_find(text, &from, "id"));
	assert_null(fields_find(text, &from, "9"));
}

static void test_fd(void **state)
{
	struct text link = TEXT_INIT;
	int fd, pipes[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(proc_fd_link(&link, PROC_SELF, pipes[0]), 0);
	assert_false(fd_is_pidfd(text_get(&link)));
	assert_int_equal(proc_fd_process(PROC_SELF, pipes[0], &pid), -ENODATA);
	close(pipes[0]);
	close(pipes[1]);
	assert_int_equal(proc_fd_process(PROC_SELF, pipes[0], &pid), -ENOENT);
	fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (fd < 0)
		skip_because("pidfd_open: %s", strerror(errno));
	text_clear(&link);
	assert_int_equal(proc_fd_link(&link, PROC_SELF, fd), 0);
	assert_true(fd_is_pidfd(text_get(&link)));
	assert_int_equal(proc_fd_process(PROC_SELF, fd, &pid), 0);
	assert_int_equal(pid, getpid());
	close(fd);
	text_done(&link);
}

static void test_loadavg(void **state)
{
	struct proc_loadavg load = { 0 };

	(void)state;
	assert_int_equal(proc_loadavg(&load), 0);
	assert_in_range(load.running, 1, load.tasks);
}

static void test_limit(void **state)
{
	const struct rlimit some = { 77, 78 }, none = { RLIM_INFINITY, RLIM_INFINITY };
	uint64_t limit;

	(void)state;
	assert_int_equal(setrlimit(RLIMIT_RTTIME, &none), 0);
	assert_int_equal(proc_limit(PROC_SELF, "Max realtime timeout", &limit), 0);
	assert_true(limit == UINT64_MAX);
	assert_int_equal(setrlimit(RLIMIT_RTTIME, &some), 0);
	assert_int_equal(proc_limit(PROC_SELF, "Max realtime timeout", &limit), 0);
	assert_int_equal(limit, 77);
	assert_int_equal(proc_limit(PROC_SELF, "Max of it", &limit), -ENODATA);
}

static void test_call(void **state)
{
	struct stop_call call;
	const int r = proc_call(PROC_SELF, &call);

	(void)state;
	if (r == -ENOENT || r == -EPERM) /* CONFIG_HAVE_ARCH_TRACEHOOK, a security module */
		skip_because("/proc/self/syscall: %s", strerror(-r));
	assert_int_equal(r, 0);
	assert_int_equal(call.nr, SYS_read);
	assert_true(call.args[1] && call.args[2] && call.sp);
}

/* A kernel thread has no arguments, and neither has a process that ended. */
static void test_command(void **state)
{
	struct text command = TEXT_INIT, listed = TEXT_INIT, arguments = TEXT_INIT;
	char byte;
	int end[2];
	bool cut;
	pid_t pid;

	(void)state;
	assert_int_equal(proc_command(&command, getpid(), NULL, &cut), 0);
	assert_int_equal(proc_arguments(&arguments, getpid(), &cut), 0);
	assert_int_equal(proc_command_of(&listed, getpid(), &arguments, &cut), 0);
	assert_string_equal(text_get(&command), text_get(&listed));
	assert_non_null(strstr(text_get(&command), "test_procfs"));
	assert_int_equal(pipe(end), 0);
	pid = fork();
	if (pid == 0)
		_exit(0);
	close(end[1]);
	assert_int_equal(read(end[0], &byte, 1), 0); /* it has no memory any more */
	close(end[0]);
	text_clear(&command);
	assert_int_equal(proc_command(&command, pid, NULL, &cut), 0);
	assert_string_equal(text_get(&command), "[test_procfs]");
	text_clear(&command);
	assert_int_equal(proc_command(&command, pid, "a b", &cut), 0);
	assert_string_equal(text_get(&command), "[a b]");
	waitpid(pid, NULL, 0);
	assert_true(proc_command(&command, pid, NULL, &cut) < 0);
	text_done(&command);
	text_done(&listed);
	text_done(&arguments);
}

static void test_user_maps(void **state)
{
	struct idmap first;

	(void)state;
	assert_int_equal(proc_first_mapped(PROC_SELF, "uid_map", &first), 0);
	assert_int_equal(proc_is_mapped(PROC_SELF, "uid_map", IDMAP_INSIDE, first.inside), 1);
	assert_int_equal(proc_is_mapped(PROC_SELF, "uid_map", IDMAP_OUTSIDE, first.outside + first.count - 1), 1);
	assert_int_equal(proc_is_mapped(PROC_SELF, "uid_map", IDMAP_INSIDE, UINT32_MAX), 0);
	assert_true(proc_first_mapped(PROC_SELF, "no_map", &first) < 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),	     cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_own),	     cmocka_unit_test(test_mounts),
		cmocka_unit_test(test_status_lines), cmocka_unit_test(test_status_own),
		cmocka_unit_test(test_fields),	     cmocka_unit_test(test_fd),
		cmocka_unit_test(test_loadavg),	     cmocka_unit_test(test_limit),
		cmocka_unit_test(test_call),	     cmocka_unit_test(test_command),
		cmocka_unit_test(test_user_maps),
	};

	if (argc > 1 && strcmp(argv[1], "foreign") == 0)
		return foreign();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
