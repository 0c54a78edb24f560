/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what becomes of each resource, flag by flag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "clone/flags.h"
#include "clone/resource.h"
#include "requests.h"

static const enum outcome fork_outcomes[RESOURCE_COUNT] = {
	[RESOURCE_MEMORY] = OUTCOME_COPIED_WRITE,
	[RESOURCE_FILES] = OUTCOME_COPIED,
	[RESOURCE_FS] = OUTCOME_COPIED,
	[RESOURCE_SIGHAND] = OUTCOME_COPIED,
	[RESOURCE_PENDING] = OUTCOME_NEW,
	[RESOURCE_SYSVSEM] = OUTCOME_APART,
	[RESOURCE_IO] = OUTCOME_APART,
	[RESOURCE_TLS] = OUTCOME_COPIED,
	[RESOURCE_STACK] = OUTCOME_COPIED,
	[RESOURCE_THREAD_GROUP] = OUTCOME_NEW,
	[RESOURCE_PARENT] = OUTCOME_NEW,
	[RESOURCE_NS_MNT] = OUTCOME_CALLERS,
	[RESOURCE_NS_CGROUP] = OUTCOME_CALLERS,
	[RESOURCE_NS_UTS] = OUTCOME_CALLERS,
	[RESOURCE_NS_IPC] = OUTCOME_CALLERS,
	[RESOURCE_NS_USER] = OUTCOME_CALLERS,
	[RESOURCE_NS_PID] = OUTCOME_CALLERS,
	[RESOURCE_NS_NET] = OUTCOME_CALLERS,
	[RESOURCE_NS_TIME] = OUTCOME_CALLERS,
	[RESOURCE_CGROUP] = OUTCOME_CALLERS,
	[RESOURCE_NNP] = OUTCOME_CALLERS,
};

struct change {
	enum resource resource;
	enum outcome outcome;
};

/* Against BASE, exactly the CHANGES, up to one with RESOURCE_COUNT. */
static void assert_changes(const enum outcome base[RESOURCE_COUNT], const struct request *request,
			   const struct change *changes)
{
	enum outcome outcomes[RESOURCE_COUNT], expected[RESOURCE_COUNT];

	memcpy(expected, base, sizeof(expected));
	for (; changes->resource != RESOURCE_COUNT; changes++)
		expected[changes->resource] = changes->outcome;
	memset(outcomes, 0x5a, sizeof(outcomes));
	resource_outcomes(request, outcomes);
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		assert_int_equal(outcomes[i], expected[i]);
}

/* Compared with fork's outcomes, exactly RESOURCE changes to OUTCOME (RESOURCE_COUNT: none does). */
static void assert_only(const struct request *request, enum resource resource, enum outcome outcome)
{
	const struct change changes[] = { { resource, outcome }, { RESOURCE_COUNT, OUTCOME_CALLERS } };

	assert_changes(fork_outcomes, request, changes);
}

#define CHANGES(...)                                    \
	(const struct change[])                         \
	{                                               \
		__VA_ARGS__,                            \
		{                                       \
			RESOURCE_COUNT, OUTCOME_CALLERS \
		}                                       \
	}

static void test_fork(void **state)
{
	struct request request = unit_call(CALL_FORK, 0, 0);

	(void)state;
	assert_only(&request, RESOURCE_COUNT, OUTCOME_CALLERS);
	request = unit_clone(0x1200011, 0);
	assert_only(&request, RESOURCE_COUNT, OUTCOME_CALLERS);
	request = unit_clone3(0, 17, 0);
	assert_only(&request, RESOURCE_COUNT, OUTCOME_CALLERS);
}

static void test_one_flag(void **state)
{
	static const struct {
		uint64_t flag;
		enum resource resource;
		enum outcome outcome;
	} rows[] = {
		{ FLAG_FILES, RESOURCE_FILES, OUTCOME_SHARED },
		{ FLAG_FS, RESOURCE_FS, OUTCOME_SHARED },
		{ FLAG_SIGHAND, RESOURCE_SIGHAND, OUTCOME_SHARED },
		{ FLAG_CLEAR_SIGHAND, RESOURCE_SIGHAND, OUTCOME_RESET },
		{ FLAG_SYSVSEM, RESOURCE_SYSVSEM, OUTCOME_SHARED },
		{ FLAG_IO, RESOURCE_IO, OUTCOME_SHARED_ANY },
		{ FLAG_SETTLS, RESOURCE_TLS, OUTCOME_NEW },
		{ FLAG_PARENT, RESOURCE_PARENT, OUTCOME_SHARED },
		{ FLAG_NEWNS, RESOURCE_NS_MNT, OUTCOME_NEW },
		{ FLAG_EMPTY_MNTNS, RESOURCE_NS_MNT, OUTCOME_NEW },
		{ FLAG_NEWCGROUP, RESOURCE_NS_CGROUP, OUTCOME_NEW },
		{ FLAG_NEWUTS, RESOURCE_NS_UTS, OUTCOME_NEW },
		{ FLAG_NEWIPC, RESOURCE_NS_IPC, OUTCOME_NEW },
		{ FLAG_NEWUSER, RESOURCE_NS_USER, OUTCOME_NEW },
		{ FLAG_NEWPID, RESOURCE_NS_PID, OUTCOME_NEW },
		{ FLAG_NEWNET, RESOURCE_NS_NET, OUTCOME_NEW },
		{ FLAG_NEWTIME, RESOURCE_NS_TIME, OUTCOME_NEW },
		{ FLAG_INTO_CGROUP, RESOURCE_CGROUP, OUTCOME_MOVED },
		{ FLAG_NNP, RESOURCE_NNP, OUTCOME_SET },
		{ FLAG_VFORK, RESOURCE_COUNT, OUTCOME_CALLERS }, /* waiting shares nothing */
		{ FLAG_PTRACE | FLAG_UNTRACED | FLAG_PIDFD, RESOURCE_COUNT, OUTCOME_CALLERS },
		{ FLAG_PARENT_SETTID | FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID, RESOURCE_COUNT, OUTCOME_CALLERS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct request request = unit_clone3(rows[i].flag, 17, 0);

		assert_only(&request, rows[i].resource, rows[i].outcome);
	}
}

static void test_stack(void **state)
{
	struct request request = unit_clone(17, UNIT_STACK);

	(void)state;
	assert_only(&request, RESOURCE_STACK, OUTCOME_NEW);
	request = unit_clone3(0, 17, UNIT_STACK);
	assert_only(&request, RESOURCE_STACK, OUTCOME_NEW);
}

static void test_newtime_with_memory(void **state)
{
	const struct request request = unit_clone3(FLAG_VM | FLAG_NEWTIME, 17, 0);

	(void)state;
	/* thread pointer and stack pointer are copies, but of places in one memory */
	assert_changes(fork_outcomes, &request,
		       CHANGES({ RESOURCE_MEMORY, OUTCOME_SHARED }, { RESOURCE_TLS, OUTCOME_SHARED },
			       { RESOURCE_STACK, OUTCOME_SHARED }, { RESOURCE_NS_TIME, OUTCOME_NEW_CHILDREN }));
}

/* Of which of the caller's two pid and time namespaces a new task is. */
static void test_for_children(void **state)
{
	struct request request = unit_clone(17, 0);

	(void)state;
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		assert_int_equal(resource_is_for_children(&request, (enum resource)i),
				 i == RESOURCE_NS_PID || i == RESOURCE_NS_TIME);
	request = unit_clone(FLAG_VM | 17, 0);
	assert_true(resource_is_for_children(&request, RESOURCE_NS_PID));
	assert_false(resource_is_for_children(&request, RESOURCE_NS_TIME));
	request = unit_clone3(0x3d0f00, 0, UNIT_STACK);
	assert_false(resource_is_for_children(&request, RESOURCE_NS_PID));
	assert_false(resource_is_for_children(&request, RESOURCE_NS_TIME));
	request = unit_call(CALL_UNSHARE, FLAG_FILES, 0);
	assert_false(resource_is_for_children(&request, RESOURCE_NS_PID));
}

static void test_vfork(void **state)
{
	static const struct change changes[] = { { RESOURCE_MEMORY, OUTCOME_SHARED_EXEC },
						 { RESOURCE_TLS, OUTCOME_SHARED_EXEC },
						 { RESOURCE_STACK, OUTCOME_SHARED_EXEC },
						 { RESOURCE_COUNT, OUTCOME_CALLERS } };
	struct request request = unit_call(CALL_VFORK, 0, 0);

	(void)state;
	assert_changes(fork_outcomes, &request, changes);
	request = unit_clone(FLAG_VM | FLAG_VFORK | 17, 0);
	assert_changes(fork_outcomes, &request, changes);
}

static void test_thread(void **state)
{
	static const enum resource shared[] = { RESOURCE_MEMORY,  RESOURCE_FILES,   RESOURCE_FS,
						RESOURCE_SIGHAND, RESOURCE_SYSVSEM, RESOURCE_THREAD_GROUP,
						RESOURCE_PARENT };
	struct request request = unit_clone3(0x3d0f00, 0, UNIT_STACK);
	enum outcome outcomes[RESOURCE_COUNT];

	(void)state;
	resource_outcomes(&request, outcomes);
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		assert_int_equal(outcomes[shared[i]], OUTCOME_SHARED);
	assert_int_equal(outcomes[RESOURCE_TLS], OUTCOME_NEW);
	assert_int_equal(outcomes[RESOURCE_STACK], OUTCOME_NEW);
	assert_int_equal(outcomes[RESOURCE_IO], OUTCOME_APART);
	assert_int_equal(outcomes[RESOURCE_PENDING], OUTCOME_SHARED_OWN);
	request = unit_clone3(0x3d0f00 | FLAG_VFORK, 0, UNIT_STACK);
	resource_outcomes(&request, outcomes);
	assert_int_equal(outcomes[RESOURCE_MEMORY], OUTCOME_SHARED);
}

static void test_refused_pair(void **state)
{
	const struct request request = unit_clone3(FLAG_SIGHAND | FLAG_CLEAR_SIGHAND, 17, 0);

	(void)state;
	assert_only(&request, RESOURCE_SIGHAND, OUTCOME_SHARED);
}

/* unshare and setns change what is their caller's own; all else stays. */
static void test_callers(void **state)
{
	enum outcome kept[RESOURCE_COUNT];
	struct request request;

	(void)state;
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		kept[i] = OUTCOME_CALLERS;
	request = unit_call(CALL_UNSHARE, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, 0);
	assert_changes(kept, &request, CHANGES({ RESOURCE_COUNT, OUTCOME_CALLERS }));
	request = unit_call(CALL_UNSHARE, FLAG_FILES | FLAG_NEWPID | FLAG_NEWTIME, 0);
	assert_changes(kept, &request,
		       CHANGES({ RESOURCE_FILES, OUTCOME_COPIED }, { RESOURCE_NS_PID, OUTCOME_NEW_CHILDREN },
			       { RESOURCE_NS_TIME, OUTCOME_NEW_CHILDREN }));
	request = unit_call(CALL_UNSHARE, FLAG_NEWUSER, 0);
	assert_changes(kept, &request, CHANGES({ RESOURCE_NS_USER, OUTCOME_NEW }, { RESOURCE_FS, OUTCOME_COPIED }));
	request = unit_call(CALL_UNSHARE, FLAG_UNSHARE_EMPTY_MNTNS, 0);
	assert_changes(kept, &request, CHANGES({ RESOURCE_NS_MNT, OUTCOME_NEW }, { RESOURCE_FS, OUTCOME_COPIED }));
	request = unit_call(CALL_UNSHARE, FLAG_NEWIPC, 0);
	assert_changes(kept, &request, CHANGES({ RESOURCE_NS_IPC, OUTCOME_NEW }, { RESOURCE_SYSVSEM, OUTCOME_APART }));
	request = unit_call(CALL_SETNS, 3, FLAG_NEWNS | FLAG_NEWPID);
	assert_changes(kept, &request,
		       CHANGES({ RESOURCE_NS_MNT, OUTCOME_MOVED }, { RESOURCE_FS, OUTCOME_MOVED },
			       { RESOURCE_NS_PID, OUTCOME_MOVED_CHILDREN }));
	request = unit_call(CALL_SETNS, 3, FLAG_NEWUSER);
	assert_changes(kept, &request, CHANGES({ RESOURCE_NS_USER, OUTCOME_MOVED }));
	request = unit_call(CALL_SETNS, 3, 0);
	assert_changes(kept, &request, CHANGES({ RESOURCE_COUNT, OUTCOME_CALLERS }));
}

static void test_names(void **state)
{
	static const char *const names[RESOURCE_COUNT] = {
		"memory",
		"descriptors",
		"cwd and umask",
		"signal handlers",
		"pending signals",
		"semaphore undo",
		"I/O context",
		"TLS",
		"stack",
		"thread group",
		"parent",
		"mount namespace",
		"cgroup namespace",
		"UTS namespace",
		"IPC namespace",
		"user namespace",
		"pid namespace",
		"network namespace",
		"time namespace",
		"cgroup",
		"no_new_privs",
	};
	uint64_t namespaces = 0;

	(void)state;
	for (unsigned i = 0; i < RESOURCE_COUNT; i++) {
		assert_string_equal(resource_name(i), names[i]);
		assert_true(strlen(resource_source(i)) > 5);
	}
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		assert_true(strlen(outcome_name(i)) > 2);
	for (unsigned i = RESOURCE_NS_MNT; i <= RESOURCE_NS_TIME; i++)
		namespaces |= resource_flag(i);
	assert_int_equal(namespaces, FLAG_NAMESPACES);
	assert_int_equal(resource_flag(RESOURCE_MEMORY), FLAG_VM);
	assert_int_equal(resource_flag(RESOURCE_THREAD_GROUP), FLAG_THREAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork),	     cmocka_unit_test(test_one_flag),
		cmocka_unit_test(test_stack),	     cmocka_unit_test(test_newtime_with_memory),
		cmocka_unit_test(test_vfork),	     cmocka_unit_test(test_thread),
		cmocka_unit_test(test_refused_pair), cmocka_unit_test(test_callers),
		cmocka_unit_test(test_names),	     cmocka_unit_test(test_for_children),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
