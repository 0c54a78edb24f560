/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stack tells: whose frame is the program's, and which library call it came through. */
#include "event/stack.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const end_names[STACK_END_COUNT] = {
	[STACK_WHOLE] = "whole",   [STACK_LIMIT] = "limit",	      [STACK_ORIGIN] = "origin",
	[STACK_BROKEN] = "broken", [STACK_UNREADABLE] = "unreadable", [STACK_ABI] = "abi",
};

/* Files whose frames are never the program's own: the beginning of the name, up to what differs by version. */
static const char *const library_objects[] = {
	"libc.so",    "libc-2.",       "libpthread.so.", "libpthread-2.", "ld-linux",	  "ld-2.",	 "ld-musl-",
	"libc.musl-", "libstdc++.so.", "libc++.so.",	 "libc++abi.so.", "libgcc_s.so.", "libgomp.so.", "libdl.so.",
	"librt.so.",  "libanl.so.",    "[vdso]",	 "libasan.so.",	  "libtsan.so.",  "liblsan.so.", "libubsan.so.",
};

/* Functions that make tasks, by the names that they have in the symbol tables of C libraries and runtimes. Those of
 * the C library are in the program's own file where it is linked statically. */
static const struct {
	const char *function; /* one with '*' at its end: what it begins with */
	const char *call;     /* what it is to a program; NULL: nothing of its own */
	bool library; /* the C library's or the language's: not the program's own frame, whatever file it is in */
} functions[] = {
	{ "__clone", "clone()", true },
	{ "clone", "clone()", true },
	{ "__clone3", NULL, true },
	{ "clone3", NULL, true },
	{ "__clone_internal", NULL, true },
	{ "__clone3_internal", NULL, true },
	{ "__clone_internal_fallback", NULL, true },
	{ "create_thread", NULL, true },
	{ "syscall", "syscall()", true },
	{ "__syscall*", NULL, true },
	{ "_Fork", "_Fork()", true },
	{ "__libc_fork", "fork()", true },
	{ "__fork", "fork()", true },
	{ "fork", "fork()", true },
	{ "arch_fork", NULL, true },
	{ "vfork", "vfork()", true },
	{ "__vfork", "vfork()", true },
	{ "__libc_vfork", "vfork()", true },
	{ "forkpty", "forkpty()", true },
	{ "daemon", "daemon()", true },
	{ "__spawni", NULL, true },
	{ "__spawnix", NULL, true },
	{ "posix_spawn", "posix_spawn()", true },
	{ "__posix_spawn", "posix_spawn()", true },
	{ "posix_spawnp", "posix_spawnp()", true },
	{ "__posix_spawnp", "posix_spawnp()", true },
	{ "pidfd_spawn", "pidfd_spawn()", true },
	{ "pidfd_spawnp", "pidfd_spawnp()", true },
	{ "do_system", "system()", true }, /* which goes there by a jump */
	{ "system", "system()", true },
	{ "__libc_system", "system()", true },
	{ "popen", "popen()", true },
	{ "_IO_popen", "popen()", true },
	{ "_IO_new_popen", "popen()", true },
	{ "__new_popen", "popen()", true },
	{ "_IO_proc_open", NULL, true },
	{ "_IO_new_proc_open", NULL, true },
	{ "spawn_process", NULL, true },
	{ "wordexp", "wordexp()", true },
	{ "pthread_create", "pthread_create()", true },
	{ "__pthread_create", "pthread_create()", true },
	{ "__pthread_create_2_1", "pthread_create()", true },
	{ "thrd_create", "thrd_create()", true },
	{ "__thrd_create", "thrd_create()", true },
	{ "timer_create", "timer_create()", true },
	{ "getaddrinfo_a", "getaddrinfo_a()", true },
	{ "aio_read", "aio_read()", true },
	{ "aio_read64", "aio_read()", true },
	{ "aio_write", "aio_write()", true },
	{ "aio_write64", "aio_write()", true },
	{ "lio_listio", "lio_listio()", true },
	{ "lio_listio64", "lio_listio()", true },
	{ "mq_notify", "mq_notify()", true },
	{ "std::thread::*", "std::thread", true },
	{ "std::jthread::*", "std::jthread", true },
	{ "<std::thread::*", "std::thread", true },
	{ "<std::process::*", "std::process", true },
	{ "std::process::*", "std::process", true },
	{ "core::ops::function::*", NULL, true }, /* Rust's closures on their way */
	{ "<core::ops::function::*", NULL, true },
	{ "<core::panic::unwind_safe::*", NULL, true },
	{ "<alloc::boxed::Box<*", NULL, true },
	{ "<std::*", NULL, true },
	{ "std::*", NULL, true },
	{ "__gnu_cxx::*", NULL, true },
	{ "__interceptor_*", NULL, true }, /* a sanitizer's, which calls the real one */
	{ "___interceptor_*", NULL, true },
	{ "GOMP_parallel*", "OpenMP", true },
	{ "PyThread_start_new_thread", "Python's threading", false },
	{ "PyThread_start_joinable_thread", "Python's threading", false },
	{ "uv_thread_create_ex", "libuv", false },
	{ "uv_thread_create", "libuv", false },
	{ "uv_spawn", "libuv", false },
	{ "runtime.clone*", "Go's runtime", true },
	{ "runtime.newosproc*", "Go's runtime", true },
	{ "runtime.*", NULL, true },
	{ "syscall.forkExec*", "Go's syscall.forkExec", true },
	{ "syscall.forkAndExecInChild*", "Go's syscall.forkExec", true },
	{ "syscall.*", NULL, true },
	{ "os.StartProcess*", "Go's os.StartProcess", true },
	{ "os.startProcess*", NULL, true },
	{ "os/exec.*", "Go's os/exec", true },
	{ "os::create_thread*", "Java's runtime", false },
};

/* Functions that nothing has called, though no unwind information says so: the first ones of the stacks that Go's
 * scheduler makes, and those that go on on another stack. */
static const char *const first_functions[] = {
	"runtime.goexit",    "runtime.mstart",	    "runtime.rt0_go",	  "runtime.mcall",
	"runtime.morestack", "runtime.systemstack", "runtime.asmcgocall",
};

const char *stack_end_name(unsigned end)
{
	return end < STACK_END_COUNT ? end_names[end] : NULL;
}

const char *stack_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* The row of FUNCTION, whose arguments and symbol version do not count; the first of those that fit. -1: none. */
static int find_function(const char *function)
{
	size_t length;

	if (strncmp(function, "void ", 5) == 0) /* templates are told with what they return */
		function += 5;
	length = strcspn(function, "(@");

	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		const char *name = functions[i].function;
		size_t size = strlen(name);
		bool open = name[size - 1] == '*';

		size -= open;
		if (open ? length >= size : length == size) {
			if (memcmp(function, name, size) == 0)
				return (int)i;
		}
	}
	return -1;
}

bool frame_is_library(const struct frame *frame)
{
	const char *object = frame->object ? stack_base_name(frame->object) : "";
	int row;

	for (size_t i = 0; i < COUNT_OF(library_objects); i++) {
		if (strncmp(object, library_objects[i], strlen(library_objects[i])) == 0)
			return true;
	}
	row = frame->function ? find_function(frame->function) : -1;
	return row >= 0 && functions[row].library;
}

bool frame_is_first(const struct frame *frame)
{
	size_t length = frame->function ? strcspn(frame->function, "(@") : 0;

	if (length > 5 && memcmp(frame->function + length - 5, ".abi0", 5) == 0)
		length -= 5; /* Go's assembly */
	for (size_t i = 0; length && i < COUNT_OF(first_functions); i++) {
		if (strlen(first_functions[i]) == length && memcmp(first_functions[i], frame->function, length) == 0)
			return true;
	}
	return false;
}

const struct frame *stack_origin(const struct stack *stack)
{
	for (unsigned i = 0; i < stack->count; i++) {
		if (!frame_is_library(&stack->frames[i]))
			return &stack->frames[i];
	}
	return NULL;
}

const char *stack_library_call(const struct stack *stack)
{
	const struct frame *origin = stack_origin(stack);
	const char *call = NULL;

	if (!origin && stack->end != STACK_WHOLE)
		return NULL; /* another may have called that one */
	for (unsigned i = 0; i < stack->count; i++) {
		const struct frame *frame = &stack->frames[i];
		int row = frame->function ? find_function(frame->function) : -1;

		if (row >= 0 && functions[row].call)
			call = functions[row].call;
		if (frame == origin)
			break;
		if (!frame->function)
			call = NULL; /* whatever the program called, it came through this one */
	}
	return call;
}

bool stack_passes(const struct stack *stack, const char *call)
{
	for (unsigned i = 0; i < stack->count; i++) {
		int row = stack->frames[i].function ? find_function(stack->frames[i].function) : -1;

		if (row >= 0 && functions[row].call && strcmp(functions[row].call, call) == 0)
			return true;
	}
	return false;
}

void frame_own(struct frame *frame)
{
	frame->object = mem_strdup(frame->object);
	frame->function = mem_strdup(frame->function);
	frame->file = mem_strdup(frame->file);
}

void frame_done(struct frame *frame)
{
	free((char *)frame->object);
	free((char *)frame->function);
	free((char *)frame->file);
}

struct frame *frames_copy(const struct frame *frames, unsigned count)
{
	struct frame *copy = mem_alloc(count * sizeof(*copy));

	for (unsigned i = 0; i < count; i++) {
		copy[i] = frames[i];
		frame_own(&copy[i]);
	}
	return copy;
}

void frames_free(struct frame *frames, unsigned count)
{
	for (unsigned i = 0; frames && i < count; i++)
		frame_done(&frames[i]);
	free(frames);
}
