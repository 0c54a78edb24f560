/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose frame is the program's own, and which library call a stack came through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event/event.h"
#include "event/stack.h"

#define LIBC "/usr/lib/x86_64-linux-gnu/libc.so.6"
#define FRAMES 9

/* A frame as FILE:FUNCTION; without a function "FILE:", without both "". */
struct named {
	const char *object, *function;
};

static struct stack make(const struct named *named, enum stack_end end)
{
	static struct frame frames[FRAMES];
	struct stack stack = { .end = end, .frames = frames };

	memset(frames, 0, sizeof(frames));
	for (; named[stack.count].object || named[stack.count].function; stack.count++) {
		frames[stack.count].object = named[stack.count].object;
		frames[stack.count].function = named[stack.count].function;
	}
	return stack;
}

static void shows(void **state)
{
	static const struct {
		struct named frames[FRAMES];
		enum stack_end end;
		int origin; /* -1: none */
		const char *call;
	} cases[] = {
		{ { { LIBC, "_Fork" }, { LIBC, "fork" }, { "/bin/x", "main" } }, STACK_ORIGIN, 2, "fork()" },
		{ { { LIBC, "__clone3" }, { LIBC, NULL }, { LIBC, "pthread_create" }, { "/bin/x", "main" } },
		  STACK_WHOLE,
		  3,
		  "pthread_create()" },
		{ { { LIBC, "pthread_create" }, { LIBC, "thrd_create" }, { "/bin/x", NULL } },
		  STACK_WHOLE,
		  2,
		  "thrd_create()" },
		{ { { LIBC, "pthread_create@@GLIBC_2.34" }, { "/bin/x", "main" } },
		  STACK_WHOLE,
		  1,
		  "pthread_create()" },
		{ { { LIBC, "pthread_create" },
		    { "/usr/lib/libstdc++.so.6.0.30",
		      "std::thread::_M_start_thread(std::unique_ptr<int>, void (*)())" },
		    { "/bin/x", "std::thread::thread<void (&)()>(void (&)())" },
		    { "/bin/x", "Pool::grow(int)" } },
		  STACK_ORIGIN,
		  3,
		  "std::thread" },
		/* static: all of it is in one file */
		{ { { "/bin/x", "_Fork" }, { "/bin/x", "__libc_fork" }, { "/bin/x", "daemon" }, { "/bin/x", "main" } },
		  STACK_WHOLE,
		  3,
		  "daemon()" },
		/* of the C library, but who knows which: system() without its name goes through posix_spawn() */
		{ { { LIBC, "posix_spawn" }, { LIBC, NULL }, { "/bin/x", "main" } }, STACK_WHOLE, 2, NULL },
		/* what asks the kernel is in the program's file, which may have a C library in it */
		{ { { "/bin/x", NULL }, { "/bin/x", NULL } }, STACK_WHOLE, -1, NULL },
		{ { { "/bin/x", NULL }, { "/bin/x", "main" } }, STACK_WHOLE, -1, NULL },
		/* the program's own call of the kernel */
		{ { { "/bin/x", "main" } }, STACK_ORIGIN, 0, NULL },
		{ { { LIBC, "syscall" }, { "/bin/x", "main" } }, STACK_ORIGIN, 1, "syscall()" },
		/* cut off: another may have called that one */
		{ { { LIBC, "_Fork" } }, STACK_BROKEN, -1, NULL },
		{ { { LIBC, "_Fork" } }, STACK_LIMIT, -1, NULL },
		{ { { LIBC, "_Fork" } }, STACK_WHOLE, -1, "_Fork()" },
		{ { { NULL, NULL } }, STACK_ABI, -1, NULL },
		/* runtimes */
		{ { { LIBC, "pthread_create" }, { "/usr/bin/python3.11", "PyThread_start_new_thread" } },
		  STACK_ORIGIN,
		  1,
		  "Python's threading" },
		{ { { LIBC, "pthread_create" }, { "/usr/bin/node", "uv_thread_create_ex" } },
		  STACK_ORIGIN,
		  1,
		  "libuv" },
		{ { { "/bin/x", "runtime.clone.abi0" }, { "/bin/x", "runtime.newosproc" }, { "/bin/x", "main.main" } },
		  STACK_WHOLE,
		  2,
		  "Go's runtime" },
		{ { { "/bin/x", "syscall.rawVforkSyscall.abi0" },
		    { "/bin/x", "syscall.forkExec" },
		    { "/bin/x", "os.StartProcess" },
		    { "/bin/x", "os/exec.(*Cmd).Start" },
		    { "/bin/x", "main.main" } },
		  STACK_ORIGIN,
		  4,
		  "os/exec.(*Cmd).Start()" },
		/* the call of the kernel, and what else of Go's library there is on the way, by version */
		{ { { "/bin/x", "internal/runtime/syscall/linux.Syscall6" },
		    { "/bin/x", "syscall.RawSyscall6" },
		    { "/bin/x", "main.raw" } },
		  STACK_ORIGIN,
		  2,
		  "syscall.RawSyscall6()" },
		{ { { "/bin/x", "syscall.rawVforkSyscall.abi0" },
		    { "/bin/x", "syscall.doCheckClonePidfd" },
		    { "/bin/x", "os.checkClonePidfd" },
		    { "/bin/x", "sync.OnceValue[go.shape.interface { Error() string }].func1.1" },
		    { "/bin/x", "os.StartProcess" },
		    { "/bin/x", "os/exec.(*Cmd).Start" },
		    { "/bin/x", "os/exec.(*Cmd).Run" },
		    { "/bin/x", "example.com/os/exec.(*Cmd).Run" } },
		  STACK_ORIGIN,
		  7,
		  "os/exec.(*Cmd).Run()" },
		{ { { "/bin/x", "runtime.newosproc" },
		    { "/bin/x", "runtime.newproc" },
		    { "/bin/x", "net/http.(*Server).Serve" },
		    { "/bin/x", "main.(*house).serve" } },
		  STACK_ORIGIN,
		  3,
		  "Go's runtime" },
		/* C code in a Go program: the runtime's, by which it makes threads, and the program's */
		{ { { LIBC, "pthread_create" },
		    { "/bin/x", "_cgo_try_pthread_create" },
		    { "/bin/x", "x_cgo_thread_start" },
		    { "/bin/x", "runtime.asmcgocall.abi0" },
		    { "/bin/x", "runtime.newm1" },
		    { "/bin/x", "main.main" } },
		  STACK_ORIGIN,
		  5,
		  "Go's runtime" },
		{ { { LIBC, "fork" },
		    { "/bin/x", "_cgo_443dc02244c4_Cfunc_fork" },
		    { "/bin/x", "runtime.asmcgocall.abi0" },
		    { "/bin/x", "runtime.cgocall" },
		    { "/bin/x", "main._Cfunc_fork.abi0" },
		    { "/bin/x", "main.main" } },
		  STACK_ORIGIN,
		  5,
		  "fork()" },
		/* stripped: it may be either */
		{ { { LIBC, "pthread_create" },
		    { "/bin/x", NULL },
		    { "/bin/x", NULL },
		    { "/bin/x", "runtime.asmcgocall" },
		    { "/bin/x", "runtime.newm1" },
		    { "/bin/x", "main.main" } },
		  STACK_ORIGIN,
		  5,
		  "Go's runtime" },
		{ { { "/bin/x", NULL }, { "/bin/x", NULL }, { "/bin/x", "runtime.asmcgocall" } },
		  STACK_WHOLE,
		  -1,
		  NULL },
		/* ... but a library that it has loaded is none of Go's */
		{ { { LIBC, "pthread_create" }, { "/lib/x.so", NULL }, { "/bin/x", "runtime.asmcgocall" } },
		  STACK_WHOLE,
		  1,
		  "pthread_create()" },
		/* a library within the program's file, whose inner functions have lost their names */
		{ { { LIBC, "pthread_create" },
		    { "/bin/x", NULL },
		    { "/bin/x", "PyThread_start_joinable_thread" },
		    { "/bin/x", NULL } },
		  STACK_ORIGIN,
		  2,
		  "Python's threading" },
		{ { { LIBC, "pthread_create" }, { "/lib/x.so", NULL }, { "/bin/x", "PyThread_start_joinable_thread" } },
		  STACK_ORIGIN,
		  1,
		  "pthread_create()" },
		{ { { LIBC, "pthread_create" }, { "/bin/x", NULL }, { "/bin/x", "main" } },
		  STACK_ORIGIN,
		  1,
		  "pthread_create()" },
		{ { { LIBC, "pthread_create" }, { "/bin/x", NULL } }, STACK_WHOLE, 1, "pthread_create()" },
		/* of a function gcc makes others, and some have names of Go's packages */
		{ { { "/bin/x", "__clone" },
		    { "/bin/x", "create_thread.constprop.0" },
		    { "/bin/x", "pthread_create" },
		    { "/bin/x", "sort.isra.0.cold" } },
		  STACK_ORIGIN,
		  3,
		  "pthread_create()" },
		{ { { LIBC, "fork" }, { "/bin/x", "net.0" } }, STACK_ORIGIN, 1, "fork()" },
		{ { { "/bin/x", "runtime.newosproc" }, { "/bin/x", "runtime.mstart.abi0" } },
		  STACK_WHOLE,
		  -1,
		  "Go's runtime" },
		{ { { LIBC, "posix_spawn" },
		    { "/bin/x", "std::process::Command::status" },
		    { "/bin/x", "core::ops::function::FnOnce::call_once" },
		    { "/bin/x", "x::main" } },
		  STACK_ORIGIN,
		  3,
		  "std::process" },
		/* names that only begin like those that are known */
		{ { { "/bin/x", "forklift" } }, STACK_ORIGIN, 0, NULL },
		{ { { "/bin/x", "system_start" } }, STACK_ORIGIN, 0, NULL },
		{ { { "/opt/libcorn.so.1", "fry" } }, STACK_ORIGIN, 0, NULL },
		/* of a program with its own C library, a function of a known name is taken for the library's */
		{ { { "/bin/x", "system" }, { "/bin/x", "main" } }, STACK_WHOLE, 1, "system()" },
		{ { { "/bin/x", "__clone" },
		    { "/bin/x", "__clone_internal_fallback" },
		    { "/bin/x", "create_thread" },
		    { "/bin/x", "pthread_create" },
		    { "/bin/x", "main" } },
		  STACK_WHOLE,
		  4,
		  "pthread_create()" },
		{ { { "/bin/x", "__spawni" },
		    { "/bin/x", "posix_spawn" },
		    { "/bin/x", "spawn_process" },
		    { "/bin/x", "_IO_proc_open" },
		    { "/bin/x", "popen" },
		    { "/bin/x", "main" } },
		  STACK_WHOLE,
		  5,
		  "popen()" },
		/* ... but for one that the library's would never call that from */
		{ { { "/bin/x", "create_thread" }, { "/bin/x", "pthread_create" }, { "/bin/x", "create_thread" } },
		  STACK_ORIGIN,
		  2,
		  "pthread_create()" },
		{ { { "/bin/x", "fork" }, { "/bin/x", "spawn_process" } }, STACK_ORIGIN, 1, "fork()" },
		{ { { "/bin/x", "system" }, { "/bin/x", "do_system" } }, STACK_ORIGIN, 1, "system()" },
		/* of another program it is the program's own */
		{ { { LIBC, "system" }, { "/bin/x", "do_system" } }, STACK_ORIGIN, 1, "system()" },
		{ { { LIBC, "create_thread" }, { LIBC, "pthread_create" }, { "/bin/x", "create_thread" } },
		  STACK_ORIGIN,
		  2,
		  "pthread_create()" },
		{ { { LIBC, "fork" }, { "/bin/x", "daemon" }, { "/bin/x", "main" } }, STACK_WHOLE, 1, "fork()" },
		{ { { LIBC, "fork" }, { "/bin/x", "clone(char const*)" } }, STACK_ORIGIN, 1, "fork()" },
		{ { { LIBC, "posix_spawn" }, { "/bin/x", "spawn_process" } }, STACK_ORIGIN, 1, "posix_spawn()" },
		{ { { LIBC, NULL }, { "/bin/x", "fork" }, { "/bin/x", "main" } }, STACK_WHOLE, 1, NULL },
		/* ... unless it stands before the library's of the same name */
		{ { { LIBC, "fork" }, { "/lib/preloaded.so", "fork" }, { "/bin/x", "main" } },
		  STACK_WHOLE,
		  2,
		  "fork()" },
		/* an operator's name has brackets of its own */
		{ { { "/bin/x", "Job::operator()() const" } }, STACK_ORIGIN, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stack stack = make(cases[i].frames, cases[i].end);
		const struct frame *origin = stack_origin(&stack);
		const char *call = stack_library_call(&stack);
		const uint32_t functions = stack_functions(&stack);

		if ((origin ? (int)(origin - stack.frames) : -1) != cases[i].origin)
			fail_msg("case %zu: another origin", i);
		if (!call != !cases[i].call || (call && strcmp(call, cases[i].call) != 0))
			fail_msg("case %zu: by %s, not %s", i, call ? call : "none",
				 cases[i].call ? cases[i].call : "none");
		stack_know(&stack);
		assert_ptr_equal(stack_origin(&stack), origin);
		assert_ptr_equal(stack_library_call(&stack), call);
		assert_int_equal(stack_functions(&stack), functions);
	}
}

/* The functions on the way, the outermost and those that it called; each has a bit of its own. */
static void tells_functions(void **state)
{
	static const char *const names[] = { "clone",	       "syscall",     "_Fork",	      "fork",	    "vfork",
					     "forkpty",	       "daemon",      "posix_spawn",  "system",	    "popen",
					     "pthread_create", "thrd_create", "posix_spawnp", "pidfd_spawn" };
	const struct frame frames[] = { { .function = "__spawnix", .object = "/lib/libc.so.6" },
					{ .function = "__posix_spawn", .object = "/lib/libc.so.6" },
					{ .function = "do_system", .object = "/lib/libc.so.6" },
					{ .function = "main", .object = "/bin/x" } };
	const struct stack stack = { .end = STACK_ORIGIN, .count = 4, .frames = frames };
	uint32_t all = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const uint32_t bit = stack_function(names[i], strlen(names[i]));

		assert_true(bit && !(bit & (bit - 1)) && !(all & bit));
		all |= bit;
	}
	assert_int_equal(stack_function("main", 4), 0);
	assert_int_equal(stack_function("std::thread", 11), 0); /* no function */
	assert_int_equal(stack_function("forks", 4), stack_function("fork", 4));
	assert_int_equal(stack_functions(&stack), stack_function("posix_spawn", 11) | stack_function("system", 6));
	assert_int_equal(stack_functions(&(struct stack){ .count = 0 }), 0);
}

static void knows_first_functions(void **state)
{
	static const struct {
		const char *function;
		bool is_first;
	} cases[] = {
		{ "runtime.goexit", true },
		{ "runtime.goexit.abi0", true },
		{ "runtime.mstart.abi0", true },
		{ "runtime.mstart1", false },
		{ "runtime.goexit.abi", false },
		{ "runtime.systemstack", false }, /* it has a caller, on another stack */
		{ "runtime.asmcgocall.abi0", false },
		{ "goexit", false },
		{ "runtime.goexit0", false },
		{ ".abi0", false },
		{ "", false },
		{ "main", false },
		{ NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct frame frame = { .function = cases[i].function };

		if (frame_is_first(&frame) != cases[i].is_first)
			fail_msg("case %zu: %s", i, cases[i].function ? cases[i].function : "NULL");
	}
}

static void names_ends(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STACK_END_COUNT; i++) {
		assert_non_null(stack_end_name(i));
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(stack_end_name(i), stack_end_name(j));
	}
	assert_null(stack_end_name(STACK_END_COUNT));
}

static void cuts_paths(void **state)
{
	(void)state;
	assert_string_equal(stack_base_name("/a/b.c"), "b.c");
	assert_string_equal(stack_base_name("b.c"), "b.c");
	assert_string_equal(stack_base_name("/"), "/");
	assert_string_equal(stack_base_name("a/"), "a/");
}

/* A copied event has its own strings; one that has no stack is not looked at. */
static void copies(void **state)
{
	char function[] = "main", object[] = "/bin/x", file[] = "x.c";
	struct frame frame = { .ip = 7, .object = object, .function = function, .file = file, .line = 3 };
	struct event event = { .kind = EVENT_SPAWN, .have = EVENT_HAVE_STACK };
	struct event *copy;

	(void)state;
	event.attempt.stack = (struct stack){ .end = STACK_WHOLE, .count = 1, .frames = &frame };
	copy = event_copy(&event);
	memset(function, 'x', 4);
	memset(object, 'x', 6);
	memset(file, 'x', 3);
	assert_int_equal(copy->attempt.stack.count, 1);
	assert_string_equal(copy->attempt.stack.frames[0].function, "main");
	assert_string_equal(copy->attempt.stack.frames[0].object, "/bin/x");
	assert_string_equal(copy->attempt.stack.frames[0].file, "x.c");
	event_free(copy);
	event = (struct event){ .kind = EVENT_REFUSED };
	event.attempt.stack = (struct stack){ .count = 5, .frames = (const struct frame *)16 };
	copy = event_copy(&event);
	assert_null(copy->attempt.stack.frames);
	assert_int_equal(copy->attempt.stack.count, 0);
	event_free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows),
		cmocka_unit_test(tells_functions),
		cmocka_unit_test(knows_first_functions),
		cmocka_unit_test(names_ends),
		cmocka_unit_test(cuts_paths),
		cmocka_unit_test(copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
