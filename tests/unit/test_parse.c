/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what is read of masks, expressions, names, and of real lines of strace 6.1, perf trace 6.1 and cltrace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "teach/parse/parse.h"

#define PTHREAD_FLAGS                                                                          \
	"CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|" \
	"CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID"

static struct parsed parse_by(const char *what, enum call call)
{
	struct text message = TEXT_INIT;
	struct parsed parsed;
	int r = parse_what(what, call, &parsed, &message);

	if (r < 0)
		print_message("%s: %s\n", what, text_get(&message));
	assert_int_equal(r, 0);
	text_done(&message);
	return parsed;
}

static struct parsed parse(const char *what)
{
	return parse_by(what, CALL_NONE);
}

static const struct flags_row {
	const char *what;
	enum call given, call;
	uint64_t flags, signal;
} flags_rows[] = {
	{ "0x1200011", CALL_NONE, CALL_CLONE, 0x1200000, 17 },
	{ "18874385", CALL_NONE, CALL_CLONE, 0x1200000, 17 },
	{ "0x3d0f00", CALL_NONE, CALL_CLONE, 0x3d0f00, 0 },
	{ "0x3d0f00", CALL_CLONE3, CALL_CLONE3, 0x3d0f00, 0 },
	{ "0x200000011", CALL_NONE, CALL_CLONE3, 0x200000011, 0 },
	{ "1<<33", CALL_NONE, CALL_CLONE3, UINT64_C(1) << 33, 0 },
	{ "1ULL << 33 | SIGCHLD", CALL_NONE, CALL_CLONE3, UINT64_C(1) << 33, 17 },
	{ "0x8000000000000000", CALL_NONE, CALL_CLONE3, UINT64_C(1) << 63, 0 },
	{ "0", CALL_NONE, CALL_CLONE, 0, 0 },
	{ "CLONE_VM|CLONE_FS|SIGCHLD", CALL_NONE, CALL_CLONE, 0x300, 17 },
	{ "vm|fs|SIGCHLD", CALL_NONE, CALL_CLONE, 0x300, 17 },
	{ " CLONE_VM |\n  CLONE_FS ", CALL_NONE, CALL_CLONE, 0x300, 0 },
	{ "CLONE_VM|0x200|17", CALL_NONE, CALL_CLONE, 0x300, 17 },
	{ "CLONE_VM|SIGRT_1", CALL_NONE, CALL_CLONE, 0x100, 33 },
	{ "(CLONE_VM|CLONE_FS)", CALL_NONE, CALL_CLONE, 0x300, 0 },
	{ "0x1200011 /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD */", CALL_NONE, CALL_CLONE, 0x1200000, 17 },
	{ "CLONE_VM|CLONE_FS|~CLONE_FS", CALL_NONE, CALL_CLONE, 0x100, 0 },
	{ "CLONE_VM&~CLONE_VM|CLONE_FS", CALL_NONE, CALL_CLONE, 0x200, 0 },
	{ "CLONE_NEWTIME", CALL_NONE, CALL_CLONE3, 0x80, 0 },
	{ "0x80", CALL_NONE, CALL_CLONE, 0, 0x80 },
	{ "CLONE_CLEAR_SIGHAND|CLONE_VM|SIGCHLD", CALL_NONE, CALL_CLONE3, 0x100000100, 17 },
	{ "UNSHARE_EMPTY_MNTNS", CALL_NONE, CALL_UNSHARE, 0x100000, 0 },
	{ "CLONE_NEWNS", CALL_UNSHARE, CALL_UNSHARE, 0x20000, 0 },
	{ "CLONE_NEWNET", CALL_SETNS, CALL_SETNS, 0x40000000, 0 },
	{ "CLONE_IO", CALL_NONE, CALL_CLONE, 0x80000000, 0 },
	{ "0x40000000000", CALL_CLONE, CALL_CLONE, 0, 0 }, /* clone does not look at it */
	{ "fork|CLONE_VM", CALL_NONE, CALL_CLONE, 0x1200100, 17 },
	{ "pthread_create|~CLONE_SETTLS", CALL_NONE, CALL_CLONE3, 0x350f00, 0 },
	{ "vfork|files", CALL_NONE, CALL_CLONE, 0x4500, 17 },
	{ "VFORK", CALL_NONE, CALL_CLONE, 0x4000, 0 }, /* the flag */
	/* what is said twice in different ways is no contradiction */
	{ "fork|SIGCHLD|17", CALL_NONE, CALL_CLONE, 0x1200000, 17 },
	{ "0x11|0x1200011|SIGCHLD", CALL_NONE, CALL_CLONE, 0x1200000, 17 },
	{ "pthread_create|CLONE_VM|CLONE_IO", CALL_NONE, CALL_CLONE3, 0x803d0f00, 0 },
	{ "SIGCHLD|pthread_create", CALL_NONE, CALL_CLONE3, 0x3d0f00, 17 },
	{ "fork|~SIGCHLD|SIGUSR1", CALL_NONE, CALL_CLONE, 0x1200000, 10 },
	{ "0x1200011|~0x11|SIGUSR1", CALL_NONE, CALL_CLONE, 0x1200000, 10 },
	{ "CLONE_VM|~CLONE_VM|CLONE_VM", CALL_NONE, CALL_CLONE, 0x100, 0 },
	/* clone3 has the exit signal elsewhere */
	{ "CLONE_NEWTIME|SIGCHLD", CALL_NONE, CALL_CLONE3, 0x80, 17 },
	{ "0x11|SIGUSR1", CALL_CLONE3, CALL_CLONE3, 0x11, 10 },
};

static void test_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flags_rows) / sizeof(flags_rows[0]); i++) {
		const struct flags_row *row = &flags_rows[i];
		const struct parsed parsed = parse_by(row->what, row->given);

		assert_int_equal(parsed.as, PARSED_FLAGS);
		assert_int_equal(parsed.request.call, row->call);
		assert_int_equal(parsed.request.flags, row->flags);
		assert_int_equal(parsed.request.exit_signal, row->signal);
		assert_true(parsed.request.have & REQUEST_FLAGS);
		assert_false(parsed.pointers_given);
	}
	assert_int_equal(parse_by("0x40000000011", CALL_CLONE).cut, UINT64_C(0x40000000000));
}

static void test_all_but(void **state)
{
	const struct parsed parsed = parse_by("~CLONE_VM", CALL_UNSHARE);

	(void)state;
	assert_int_equal(parsed.request.flags & FLAG_VM, 0);
	assert_int_equal(parsed.request.flags & (FLAG_FS | FLAG_NEWNET), FLAG_FS | FLAG_NEWNET);
	assert_int_equal(parsed.request.flags & FLAG_VFORK, 0); /* unshare does not take it */
}

static const struct name_row {
	const char *what;
	enum call call;
	uint64_t flags, signal;
	bool stack;
	const char *name;
} name_rows[] = {
	{ "fork", CALL_CLONE, 0x1200000, 17, false, "fork()" },
	{ "fork()", CALL_CLONE, 0x1200000, 17, false, "fork()" },
	{ "daemon", CALL_CLONE, 0x1200000, 17, false, "fork()" },
	{ "vfork", CALL_VFORK, 0x4100, 17, false, "vfork()" },
	{ "pthread_create", CALL_CLONE3, 0x3d0f00, 0, true, "pthread_create()" },
	{ "pthread_create()", CALL_CLONE3, 0x3d0f00, 0, true, "pthread_create()" },
	{ "thrd_create", CALL_CLONE3, 0x3d0f00, 0, true, "pthread_create()" },
	{ "std::thread", CALL_CLONE3, 0x3d0f00, 0, true, "pthread_create()" },
	{ "posix_spawn", CALL_CLONE3, 0x100004100, 17, true, "posix_spawn()" },
	{ "system", CALL_CLONE3, 0x100004100, 17, true, "posix_spawn()" },
	{ "popen", CALL_CLONE3, 0x100004100, 17, true, "posix_spawn()" },
	{ "pidfd_spawn", CALL_CLONE3, 0x100005100, 17, true, "pidfd_spawn()" },
	{ "goroutine", CALL_CLONE, 0x50f00, 0, true, "a goroutine's thread (Go)" },
	{ "linuxthreads", CALL_CLONE, 0xf00, 33, true, "a LinuxThreads pthread" },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		const struct name_row *row = &name_rows[i];
		const struct parsed parsed = parse(row->what);

		assert_int_equal(parsed.as, PARSED_NAME);
		assert_int_equal(parsed.request.call, row->call);
		assert_int_equal(parsed.request.flags, row->flags);
		assert_int_equal(parsed.request.exit_signal, row->signal);
		assert_int_equal(!!(parsed.request.have & REQUEST_STACK), row->stack);
		assert_true(parsed.stack_given);
		assert_string_equal(parsed.row->name, row->name);
		assert_string_equal(fingerprint_find(&parsed.request), row->name);
	}
	assert_int_equal(parse_by("pthread_create", CALL_CLONE).request.call, CALL_CLONE);
}

/* As printed, but for what the requests' own format leaves out. */
static const struct line_row {
	const char *line;
	const char *request;
	pid_t caller, child;
	int error;
} line_rows[] = {
	{ "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, "
	  "child_tidptr=0x7fb4206cfa10) = 123",
	  "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tid=0x7fb4206cfa10)", 0, 123, 0 },
	{ "[pid 12540] clone(child_stack=0x7fffd01ee1d8, flags=CLONE_VM|CLONE_VFORK|SIGCHLD) = 12553",
	  "clone(CLONE_VM|CLONE_VFORK|SIGCHLD, stack=0x7fffd01ee1d8)", 12540, 12553, 0 },
	{ "12540 clone3(0x1000000000000000, exit_signal=SIGCHLD) = -1 EINVAL (Invalid argument)",
	  "clone3(0x1000000000000000, exit_signal=SIGCHLD)", 12540, 0, EINVAL },
	{ "clone3(0x1000000000000000)", "clone3(0x1000000000000000)", 0, 0, 0 },
	{ "12540 12:00:01.123456 clone(child_stack=NULL, flags=SIGCHLD) = 12553 <0.000123>", "clone(SIGCHLD)", 12540,
	  12553, 0 },
	{ "12:00:01 clone(child_stack=NULL, flags=SIGCHLD) = 12553", "clone(SIGCHLD)", 0, 12553, 0 },
	{ "     0.000123 clone(child_stack=NULL, flags=SIGCHLD) = 12553", "clone(SIGCHLD)", 0, 12553, 0 },
	{ "clone(child_stack=NULL, flags=0x1200011, child_tidptr=0x10) = 7",
	  "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tid=0x10)", 0, 7, 0 },
	{ "clone(child_stack=NULL, flags=0x1200011 /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD */, "
	  "child_tidptr=0x10) = 7",
	  "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tid=0x10)", 0, 7, 0 },
	{ "clone(child_stack=NULL, flags=CLONE_THREAD|SIGCHLD) = -1 EINVAL (Invalid argument)",
	  "clone(CLONE_THREAD|SIGCHLD)", 0, 0, EINVAL },
	{ "clone(child_stack=NULL, flags=SIGCHLD) = ? ERESTARTNOINTR (To be restarted)", "clone(SIGCHLD)", 0, 0, 0 },
	{ "[pid 12541] clone3({flags=" PTHREAD_FLAGS ", child_tid=0x7fb4206ce990, parent_tid=0x7fb4206ce990, "
	  "exit_signal=0, stack=0x7fb41fece000, stack_size=0x7fff80, tls=0x7fb4206ce6c0} => {parent_tid=[12545]}, "
	  "88) = 12545",
	  "clone3(" PTHREAD_FLAGS ", stack=0x7fb41fece000+0x7fff80, parent_tid=0x7fb4206ce990, "
	  "child_tid=0x7fb4206ce990, tls=0x7fb4206ce6c0)",
	  12541, 12545, 0 },
	{ "clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7fb4208b6000, stack_size=0x9000}, 88) = "
	  "12541",
	  "clone3(CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7fb4208b6000+0x9000)", 0, 12541, 0 },
	{ "clone3({flags=CLONE_INTO_CGROUP, exit_signal=SIGCHLD, stack=NULL, stack_size=0, cgroup=3}, 88) = -1 EBUSY "
	  "(Device or resource busy)",
	  "clone3(CLONE_INTO_CGROUP, exit_signal=SIGCHLD, cgroup=3)", 0, 0, EBUSY },
	{ "clone3({flags=CLONE_NEWPID, exit_signal=SIGCHLD, stack=NULL, stack_size=0, set_tid=[7, 42], "
	  "set_tid_size=2}, 80) = -1 EPERM (Operation not permitted)",
	  "clone3(CLONE_NEWPID, exit_signal=SIGCHLD, set_tid=[7, 42], size=80)", 0, 0, EPERM },
	{ "fork() = 12558", "fork()", 0, 12558, 0 },
	{ "[pid 12540] vfork() = 12559", "vfork()", 12540, 12559, 0 },
	{ "vfork( <unfinished ...>", "vfork()", 0, 0, 0 },
	{ "unshare(CLONE_NEWNS|CLONE_NEWPID) = -1 EPERM (Operation not permitted)", "unshare(CLONE_NEWNS|CLONE_NEWPID)",
	  0, 0, EPERM },
	{ "setns(3</proc/1/ns/net>, CLONE_NEWNET) = 0", "setns(3, CLONE_NEWNET)", 0, 0, 0 },
	{ "setns(3, 0) = 0", "setns(3, 0)", 0, 0, 0 },
	/* perf trace */
	{ "     3.475 ( 0.084 ms): spg/12563 clone(clone_flags: CHILD_CLEARTID|CHILD_SETTID|0x11, child_tidptr: "
	  "0x7f2b4aa6fa10) = 12569 (spg)",
	  "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tid=0x7f2b4aa6fa10)", 12563, 12569, 0 },
	{ "     3.698 ( 0.092 ms): spg/12563 vfork()                                            = 12570", "vfork()",
	  12563, 12570, 0 },
	{ "     0.000 ( 0.004 ms): unshare/9 unshare(unshare_flags: NEWNS|NEWPID) = -1 EPERM (Operation not permitted)",
	  "unshare(CLONE_NEWNS|CLONE_NEWPID)", 9, 0, EPERM },
	{ "     0.000 ( 0.004 ms): nsenter/9 setns(fd: 3, nstype: NEWNET) = 0", "setns(3, CLONE_NEWNET)", 9, 0, 0 },
	/* cltrace, folded too */
	{ "4470 clone3(CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7fa193000000+0x9000) = 4474 (1 inside its "
	  "pid namespace)",
	  "clone3(CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7fa193000000+0x9000)", 4470, 4474, 0 },
	{ "4475 fork() = 4476 (the caller got 3)", "fork()", 4475, 4476, 0 },
	{ "11689 clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD,\n          child_tid=0x7f1c3f311a10) = 11690\n"
	  "      PROCESS 11690: a new thread group (no CLONE_THREAD), child of\n",
	  "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tid=0x7f1c3f311a10)", 11689, 11690, 0 },
	{ "70 clone3(CLONE_VM|\n       CLONE_VFORK, exit_signal=SIGCHLD) = -1 ENOSYS (Function not implemented)",
	  "clone3(CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD)", 70, 0, ENOSYS },
};

static void test_lines(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(line_rows) / sizeof(line_rows[0]); i++) {
		const struct line_row *row = &line_rows[i];
		const struct parsed parsed = parse(row->line);

		assert_int_equal(parsed.as, PARSED_LINE);
		text_clear(&text);
		request_format(&text, &parsed.request);
		assert_string_equal(text_get(&text), row->request);
		assert_int_equal(parsed.caller, row->caller);
		assert_int_equal(parsed.child, row->child);
		assert_int_equal(parsed.error, row->error);
	}
	text_done(&text);
}

/* What strace had not printed yet, or prints instead of an address, is not made up. */
static void test_partial_lines(void **state)
{
	struct parsed parsed = parse("clone3({flags=" PTHREAD_FLAGS ", child_tid=0x7fb4206ce990, "
				     "parent_tid=0x7fb4206ce990, exit_signal=0, stack=0x7fb41fece000, "
				     "stack_size=0x7fff80, tls=0x7fb4206ce6c0}strace: Process 12544 attached");

	(void)state;
	assert_int_equal(parsed.request.flags, 0x3d0f00);
	assert_false(parsed.pointers_given);
	assert_true(parsed.stack_given);
	parsed = parse("clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLDstrace: Process "
		       "12546 attached\n <unfinished ...>");
	assert_int_equal(parsed.request.flags, 0x1200000);
	assert_int_equal(parsed.request.exit_signal, 17);
	assert_false(parsed.pointers_given);
	parsed = parse("clone(child_stack=0x7f2099973af8, flags=" PTHREAD_FLAGS
		       "|0x400000, parent_tid=[12556], tls=0x7f2099973b38, child_tidptr=0x7f2099a2ae70) = 12556");
	assert_int_equal(parsed.request.flags, 0x7d0f00);
	assert_false(parsed.pointers_given);
	assert_true(parsed.request.have & REQUEST_STACK);
}

static const struct {
	const char *what, *message;
} refusals[] = {
	{ "", "it is empty; give a mask, flags, a library call or a line of strace" },
	{ " \n", "it is empty; give a mask, flags, a library call or a line of strace" },
	{ "CLONE_BOGUS",
	  "'CLONE_BOGUS' is not a flag, signal, number or library call; see cltrace --explain for the flags" },
	{ "CLONE_VM|x", "'x' is not a flag, signal, number or library call; see cltrace --explain for the flags" },
	{ "0xfffffffffffffffff",
	  "'0xfffffffffffffffff' does not fit into 64 bits; give a number up to 0xffffffffffffffff" },
	{ "99999999999999999999",
	  "'99999999999999999999' does not fit into 64 bits; give a number up to 0xffffffffffffffff" },
	{ "08", "'08' is not a flag, signal, number or library call; see cltrace --explain for the flags" },
	{ "1<<64", "'1<<64' does not fit into 64 bits; shift it by less" },
	{ "CLONE_VM|3 << 63", "'3 << 63' does not fit into 64 bits; shift it by less" },
	{ "CLONE_VM|~", "there is no flag in it; see cltrace --explain for the flags" },
	{ "~pthread_create",
	  "'pthread_create' is not a flag, signal, number or library call; see cltrace --explain for the flags" },
	{ "|", "there is no flag in it; see cltrace --explain for the flags" },
	{ "CLONE_VM|CLONE_FS| ", "it breaks off behind '|'; give all of it, be it several lines" },
	{ "4471 clone3(CLONE_VM|CLONE_FS|CLONE_FILES|",
	  "it breaks off behind '|'; give all of it, be it several lines" },
	{ "PROCESS 12: a new thread group (no CLONE_THREAD), child of 11; looks like fork()",
	  "'fork' is named in it, not called; paste the line of the call" },
	{ "12 write(1, \"\\\"fork() and clone(SIGCHLD)\", 24) = 24",
	  "'12 write' is no call that makes tasks or moves them; give clone, clone3, fork, vfork, unshare or setns" },
	{ "$", "'$' is not understood; join flags with '|'" },
	{ "clone3", "'clone3' needs flags; give them, such as --call=clone3 'CLONE_VM|CLONE_VFORK'" },
	{ "unshare()", "'unshare' needs flags; give them, such as --call=clone3 'CLONE_VM|CLONE_VFORK'" },
	{ "[pid 12] <... clone resumed>, child_tidptr=0x1) = 5",
	  "it is where strace goes on with a call; paste the line where the call begins" },
	{ "         ? (         ): spg/12564  ... [continued]: clone3())      = 0",
	  "the flags of this clone3 are not in the line; perf trace does not show clone3's: paste one of strace or "
	  "cltrace" },
	{ "0.0 ( 0.2 ms): spg/12563 clone3(uargs: 0x7fff63ffd790, size: 88) = 12564",
	  "the flags of this clone3 are not in the line; perf trace does not show clone3's: paste one of strace or "
	  "cltrace" },
	{ "clone3(0x7fff63ffd790, 88) = -1 EFAULT (Bad address)",
	  "the flags of this clone3 are not in the line; paste the line where the call begins" },
	{ "12 clone3(0x7fff63ffd790, size=88) = -1 EFAULT (Bad address)",
	  "the flags of this clone3 are not in the line; paste the line where the call begins" },
	{ "openat(AT_FDCWD, \"x\") = 3",
	  "'openat' is no call that makes tasks or moves them; give clone, clone3, fork, vfork, unshare or setns" },
	{ "clone(child_stack=NULL, flags=CLONE_BOGUS) = 3",
	  "'CLONE_BOGUS' is not a flag, signal, number or library call; see cltrace --explain for the flags" },
};

/* Nothing that contradicts what stands before it, or says it again, is dropped without a word. */
static const struct {
	const char *what;
	enum call call;
	const char *message;
} contradictions[] = {
	{ "SIGCHLD|SIGUSR1", CALL_NONE,
	  "'SIGUSR1' is a second exit signal (the first is from SIGCHLD); a task has only one: leave one out, or take "
	  "one out with ~" },
	{ "fork|SIGUSR1", CALL_CLONE3,
	  "'SIGUSR1' is a second exit signal (the first is from fork); a task has only one: leave one out, or take "
	  "one out with ~" },
	{ "SIGUSR1|fork", CALL_NONE,
	  "'fork' is a second exit signal (the first is from SIGUSR1); a task has only one: leave one out, or take "
	  "one out with ~" },
	{ "0x1200011|SIGUSR1", CALL_NONE,
	  "'0x1200011' has an exit signal in its lowest byte, and SIGUSR1 is another; a task has only one: leave one "
	  "out" },
	{ "0x11|CLONE_VM|1<<3", CALL_CLONE,
	  "'1<<3' has an exit signal in its lowest byte, and so has 0x11; a task has only one: leave one out" },
	{ "CLONE_VM|CLONE_FS|vm", CALL_NONE, "'vm' is given twice; give it once" },
	{ "SIGCHLD|CLONE_VM|SIGCHLD", CALL_NONE, "'SIGCHLD' is given twice; give it once" },
	{ "fork|pthread_create", CALL_NONE,
	  "'pthread_create' is a second library call after fork; give each as a separate word to compare them" },
	{ "CLONE_VM|~CLONE_FS", CALL_NONE,
	  "'CLONE_FS' is not set before the ~, so nothing can be taken out; leave it out" },
	{ "SIGCHLD|~SIGUSR1", CALL_NONE,
	  "'SIGUSR1' is not set before the ~, so nothing can be taken out; leave it out" },
	{ "0x100|~0x200", CALL_NONE, "'0x200' is not set before the ~, so nothing can be taken out; leave it out" },
	{ "~~CLONE_VM", CALL_NONE, "'~' follows ~, which takes out one word; write ~A|~B for two" },
	{ "CLONE_VM|CLONE_FS|~(CLONE_VM|CLONE_FS)", CALL_NONE,
	  "'(' follows ~, which takes out one word; write ~A|~B for two" },
	{ "CLONE_VM & CLONE_FS", CALL_NONE, "'&' does not join flags; join them with '|'" },
	{ "CLONE_DETACHED|CLONE_CLEAR_SIGHAND", CALL_NONE,
	  "'CLONE_CLEAR_SIGHAND' is a flag that no call accepts together with the flags before it; choose a call with "
	  "--call" },
	{ "CLONE_NEWTIME", CALL_CLONE,
	  "'CLONE_NEWTIME' is a flag of other calls; in clone the same bit belongs to the exit signal" },
	{ "UNSHARE_EMPTY_MNTNS", CALL_CLONE,
	  "'UNSHARE_EMPTY_MNTNS' is a flag of other calls; in this call the same bit is CLONE_PARENT_SETTID" },
	{ "fork", CALL_UNSHARE, "'fork' makes a task, and unshare does not; leave out --call" },
	{ "clone(SIGCHLD) = 5", CALL_CLONE3, "'clone' is the call in this line, not clone3; leave out --call" },
	{ "clone(flags=SIGCHLD) = 5 [pid 5] clone(flags=CLONE_VM|SIGCHLD) = 6", CALL_NONE,
	  "'clone' is a second call in the line; give each as a separate word to compare them" },
	{ "clone(SIGCHLD) = 5 vfork() = 6", CALL_NONE,
	  "'vfork' is a second call in the line; give each as a separate word to compare them" },
	{ "clone(child_stack=0x1000, flags=SIGCHLD, stack=0x2000) = 5", CALL_NONE,
	  "'0x2000' is a second value for the same argument; leave one out" },
	{ "clone3(CLONE_VM, exit_signal=SIGCHLD, stack=0x1000+0x100, stack_size=0x200) = 5", CALL_NONE,
	  "'0x200' is a second value for the same argument; leave one out" },
	{ "clone3({flags=CLONE_VM|SIGCHLD, exit_signal=SIGUSR1}, 88) = 5", CALL_NONE,
	  "'SIGCHLD' is a second exit signal (the first is in exit_signal); a task has only one: leave one out" },
	{ "clone3({flags=CLONE_VM, exit_signal=SIGCHLD|0x1}, 88) = 5", CALL_NONE,
	  "'0x1' has an exit signal in its lowest byte, and SIGCHLD is another; a task has only one: leave one out" },
	{ "clone(SIGCHLD, colour=3) = 5", CALL_NONE, "'colour=3' is not an argument of this call; leave it out" },
	{ "clone(SIGCHLD, 0, 0x5000, 0, 0) = 5", CALL_NONE,
	  "'0x5000' is an argument without a name; give it with its name, such as parent_tid=0x1000" },
	{ "fork(3) = 5", CALL_NONE,
	  "'3' is an argument without a name; give it with its name, such as parent_tid=0x1000" },
	{ "clone(SIGCHLD, stack=0x10000000000000000) = 5", CALL_NONE,
	  "'0x10000000000000000' does not fit into 64 bits" },
	{ "clone(SIGCHLD) = 3000000000", CALL_NONE,
	  "'= 3000000000' is too large for a tid; give the line as it was printed" },
	{ "clone(SIGCHLD) = -1 EFOO (Foo)", CALL_NONE,
	  "'= -1 EFOO' has no error name that is known; give one such as EINVAL" },
	{ "clone3({flags=0, set_tid=[7, 3000000000], set_tid_size=2}, 88) = 7", CALL_NONE,
	  "'3000000000' is out of range for a tid; give numbers up to 2147483647" },
	{ "clone3({flags=0, set_tid=[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}, 88) = 7",
	  CALL_NONE,
	  "'[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1...' has more than 32 tids, and pid namespaces "
	  "nest no deeper; leave some out" },
};

static void test_contradictions(void **state)
{
	struct text message = TEXT_INIT;
	struct parsed parsed;

	(void)state;
	for (size_t i = 0; i < sizeof(contradictions) / sizeof(contradictions[0]); i++) {
		text_clear(&message);
		if (parse_what(contradictions[i].what, contradictions[i].call, &parsed, &message) != -EINVAL)
			fail_msg("'%s' is taken", contradictions[i].what);
		assert_string_equal(text_get(&message), contradictions[i].message);
	}
	text_done(&message);
}

static void test_refusals(void **state)
{
	struct text message = TEXT_INIT;
	struct parsed parsed;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		text_clear(&message);
		assert_int_equal(parse_what(refusals[i].what, CALL_NONE, &parsed, &message), -EINVAL);
		assert_string_equal(text_get(&message), refusals[i].message);
	}
	text_done(&message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),	       cmocka_unit_test(test_all_but),
		cmocka_unit_test(test_names),	       cmocka_unit_test(test_lines),
		cmocka_unit_test(test_partial_lines),  cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_contradictions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
