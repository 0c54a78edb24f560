/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stack shows: which frame is the program's, and through which library call it came. */
#include "event/stack.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

static const char *const end_names[STACK_END_COUNT] = {
	[STACK_WHOLE] = "whole",   [STACK_LIMIT] = "limit",	      [STACK_ORIGIN] = "origin",
	[STACK_BROKEN] = "broken", [STACK_UNREADABLE] = "unreadable", [STACK_ABI] = "abi",
};

/* Files whose frames are never the program's own: the beginning of the name, up to what differs by version. */
static const char *const c_libraries[] = {
	"libc.so",  "libc-2.",	  "libpthread.so.", "libpthread-2.", "ld-linux",   "ld-2.",
	"ld-musl-", "libc.musl-", "libdl.so.",	    "librt.so.",     "libanl.so.",
};
static const char *const runtimes[] = {
	"libstdc++.so.", "libc++.so.",	"libc++abi.so.", "libgcc_s.so.", "libgomp.so.",
	"[vdso]",	 "libasan.so.", "libtsan.so.",	 "liblsan.so.",	 "libubsan.so.",
};

/* Whose a function is, whatever file it is in. */
enum owner {
	OWNER_PROGRAM, /* the program's: shown as the origin of the task */
	OWNER_C,       /* the C library, which is in the program's own file if that is linked statically */
	OWNER_LANGUAGE,
};

/* Functions that create tasks, by their names in the symbol tables of C libraries and runtimes. */
static const struct {
	const char *function; /* with '*' at its end: the beginning of a name */
	const char *call;     /* the call that a program makes; NULL: not a call of its own */
	enum owner owner;
} functions[] = {
	{ "__clone", "clone()", OWNER_C },
	{ "clone", "clone()", OWNER_C },
	{ "__clone3", NULL, OWNER_C },
	{ "clone3", NULL, OWNER_C },
	{ "__clone_internal", NULL, OWNER_C },
	{ "__clone3_internal", NULL, OWNER_C },
	{ "__clone_internal_fallback", NULL, OWNER_C },
	{ "create_thread", NULL, OWNER_C },
	{ "syscall", "syscall()", OWNER_C },
	{ "__syscall*", NULL, OWNER_C },
	{ "_Fork", "_Fork()", OWNER_C },
	{ "__libc_fork", "fork()", OWNER_C },
	{ "__fork", "fork()", OWNER_C },
	{ "fork", "fork()", OWNER_C },
	{ "arch_fork", NULL, OWNER_C },
	{ "vfork", "vfork()", OWNER_C },
	{ "__vfork", "vfork()", OWNER_C },
	{ "__libc_vfork", "vfork()", OWNER_C },
	{ "forkpty", "forkpty()", OWNER_C },
	{ "daemon", "daemon()", OWNER_C },
	{ "__spawni", NULL, OWNER_C },
	{ "__spawnix", NULL, OWNER_C },
	{ "posix_spawn", "posix_spawn()", OWNER_C },
	{ "__posix_spawn", "posix_spawn()", OWNER_C },
	{ "posix_spawnp", "posix_spawnp()", OWNER_C },
	{ "__posix_spawnp", "posix_spawnp()", OWNER_C },
	{ "pidfd_spawn", "pidfd_spawn()", OWNER_C },
	{ "pidfd_spawnp", "pidfd_spawnp()", OWNER_C },
	{ "do_system", "system()", OWNER_C }, /* which goes there by a jump */
	{ "system", "system()", OWNER_C },
	{ "__libc_system", "system()", OWNER_C },
	{ "popen", "popen()", OWNER_C },
	{ "_IO_popen", "popen()", OWNER_C },
	{ "_IO_new_popen", "popen()", OWNER_C },
	{ "__new_popen", "popen()", OWNER_C },
	{ "_IO_proc_open", NULL, OWNER_C },
	{ "_IO_new_proc_open", NULL, OWNER_C },
	{ "spawn_process", NULL, OWNER_C },
	{ "wordexp", "wordexp()", OWNER_C },
	{ "pthread_create", "pthread_create()", OWNER_C },
	{ "__pthread_create", "pthread_create()", OWNER_C },
	{ "__pthread_create_2_1", "pthread_create()", OWNER_C },
	{ "thrd_create", "thrd_create()", OWNER_C },
	{ "__thrd_create", "thrd_create()", OWNER_C },
	{ "timer_create", "timer_create()", OWNER_C },
	{ "getaddrinfo_a", "getaddrinfo_a()", OWNER_C },
	{ "aio_read", "aio_read()", OWNER_C },
	{ "aio_read64", "aio_read()", OWNER_C },
	{ "aio_write", "aio_write()", OWNER_C },
	{ "aio_write64", "aio_write()", OWNER_C },
	{ "lio_listio", "lio_listio()", OWNER_C },
	{ "lio_listio64", "lio_listio()", OWNER_C },
	{ "mq_notify", "mq_notify()", OWNER_C },
	{ "std::thread::*", "std::thread", OWNER_LANGUAGE },
	{ "std::jthread::*", "std::jthread", OWNER_LANGUAGE },
	{ "<std::thread::*", "std::thread", OWNER_LANGUAGE },
	{ "<std::process::*", "std::process", OWNER_LANGUAGE },
	{ "std::process::*", "std::process", OWNER_LANGUAGE },
	{ "core::ops::function::*", NULL, OWNER_LANGUAGE }, /* Rust's closures on their way */
	{ "<core::ops::function::*", NULL, OWNER_LANGUAGE },
	{ "<core::panic::unwind_safe::*", NULL, OWNER_LANGUAGE },
	{ "<alloc::boxed::Box<*", NULL, OWNER_LANGUAGE },
	{ "<std::*", NULL, OWNER_LANGUAGE },
	{ "std::*", NULL, OWNER_LANGUAGE },
	{ "__gnu_cxx::*", NULL, OWNER_LANGUAGE },
	{ "__interceptor_*", NULL, OWNER_LANGUAGE }, /* a sanitizer's, which calls the real one */
	{ "___interceptor_*", NULL, OWNER_LANGUAGE },
	{ "GOMP_parallel*", "OpenMP", OWNER_LANGUAGE },
	{ "PyThread_start_new_thread", "Python's threading", OWNER_PROGRAM },
	{ "PyThread_start_joinable_thread", "Python's threading", OWNER_PROGRAM },
	{ "uv_thread_create_ex", "libuv", OWNER_PROGRAM },
	{ "uv_thread_create", "libuv", OWNER_PROGRAM },
	{ "uv_spawn", "libuv", OWNER_PROGRAM },
	{ "runtime.clone", "Go's runtime", OWNER_LANGUAGE },
	{ "runtime.newosproc", "Go's runtime", OWNER_LANGUAGE },
	{ "runtime.newm1", "Go's runtime", OWNER_LANGUAGE }, /* by pthread_create() in a program that has C code, too */
	{ "syscall.Syscall", "syscall.Syscall()", OWNER_LANGUAGE },
	{ "syscall.Syscall6", "syscall.Syscall6()", OWNER_LANGUAGE },
	{ "syscall.RawSyscall", "syscall.RawSyscall()", OWNER_LANGUAGE },
	{ "syscall.RawSyscall6", "syscall.RawSyscall6()", OWNER_LANGUAGE },
	{ "syscall.forkExec", "syscall.forkExec()", OWNER_LANGUAGE },
	{ "syscall.ForkExec", "syscall.ForkExec()", OWNER_LANGUAGE },
	{ "syscall.StartProcess", "syscall.StartProcess()", OWNER_LANGUAGE },
	{ "os.StartProcess", "os.StartProcess()", OWNER_LANGUAGE },
	{ "os/exec.(*Cmd).Start", "os/exec.(*Cmd).Start()", OWNER_LANGUAGE },
	{ "os/exec.(*Cmd).Run", "os/exec.(*Cmd).Run()", OWNER_LANGUAGE },
	{ "os/exec.(*Cmd).Output", "os/exec.(*Cmd).Output()", OWNER_LANGUAGE },
	{ "os/exec.(*Cmd).CombinedOutput", "os/exec.(*Cmd).CombinedOutput()", OWNER_LANGUAGE },
	{ "_cgo_*", NULL, OWNER_LANGUAGE }, /* between Go and C */
	{ "_cgoexp_*", NULL, OWNER_LANGUAGE },
	{ "x_cgo_*", NULL, OWNER_LANGUAGE },
	{ "crosscall*", NULL, OWNER_LANGUAGE },
	{ "os::create_thread*", "Java's runtime", OWNER_PROGRAM },
};

/* Go's standard library: the first parts of its packages' paths. (Paths without a dot in their first part are reserved
 * for it: go help importpath.) */
static const char *const go_packages[] = {
	"archive",  "arena",  "bufio",	 "bytes",    "cmp",	 "compress", "container", "context", "crypto",
	"database", "debug",  "embed",	 "encoding", "errors",	 "expvar",   "flag",	  "fmt",     "go",
	"hash",	    "html",   "image",	 "index",    "internal", "io",	     "iter",	  "log",     "maps",
	"math",	    "mime",   "net",	 "os",	     "path",	 "plugin",   "reflect",	  "regexp",  "runtime",
	"simd",	    "slices", "sort",	 "strconv",  "strings",	 "structs",  "sync",	  "syscall", "testing",
	"text",	    "time",   "unicode", "unique",   "uuid",	 "vendor",   "weak",
};

/* What compilers add to the name of a function when they make a variant of it. */
static const char *const variants[] = {
	".abi0", ".abiinternal", ".constprop.", ".isra.", ".part.", ".cold", ".lto_priv.", ".localalias",
};

/* Functions without a caller, although no unwind information says so: the first functions of stacks that Go's scheduler
 * creates, and those that change from a goroutine to the scheduler. */
static const char *const first_functions[] = {
	"runtime.goexit", "runtime.mstart", "runtime.rt0_go", "runtime.mcall", "runtime.morestack",
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

static bool begins_with_one(const char *name, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/* Whether the LENGTH bytes at NAME begin with what a compiler adds. */
static bool is_variant(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(variants); i++) {
		const size_t size = strlen(variants[i]);

		if (size <= length && memcmp(name, variants[i], size) == 0)
			return true;
	}
	return false;
}

/* The length of FUNCTION's name without its arguments and symbol version, and without what a compiler has added. In Go,
 * a parenthesis behind a dot is around the type of a method. */
static size_t name_length(const char *function)
{
	size_t length = strcspn(function, "(@");
	const char *end, *dot;

	while (function[length] == '(' && length && function[length - 1] == '.')
		length += 1 + strcspn(function + length + 1, "(@");
	end = function + length;
	for (dot = memchr(function, '.', length); dot; dot = memchr(dot + 1, '.', (size_t)(end - dot - 1))) {
		if (is_variant(dot, (size_t)(end - dot)))
			return (size_t)(dot - function);
	}
	return length;
}

/* The first row that fits FUNCTION; -1: none does. Each creation asks for several functions, and most rows differ from
 * them in the first byte. */
static int find_function(const char *function)
{
	size_t length;

	if (strncmp(function, "void ", 5) == 0) /* templates are named with what they return */
		function += 5;
	length = name_length(function);
	for (size_t i = 0; i < ARRAY_LENGTH(functions); i++) {
		const char *name = functions[i].function;
		size_t size;
		bool open;

		if (*name != *function)
			continue;
		size = strlen(name);
		open = name[size - 1] == '*';
		size -= open;
		if (open ? length >= size : length == size) {
			if (memcmp(function, name, size) == 0)
				return (int)i;
		}
	}
	return -1;
}

/* Whether FUNCTION is of Go's standard library, or one by which Go code calls C code ("main._Cfunc_fork"). */
static bool is_of_go_library(const char *function)
{
	const size_t length = strcspn(function, "./"), whole = name_length(function);

	if (length >= whole || isdigit((unsigned char)function[length + 1])) /* gcc calls nested functions "NAME.0" */
		return false;
	if (memmem(function, whole, "._Cfunc_", 8))
		return true;
	for (size_t i = 0; i < ARRAY_LENGTH(go_packages); i++) {
		if (strlen(go_packages[i]) == length && memcmp(go_packages[i], function, length) == 0)
			return true;
	}
	return false;
}

static bool is_of_c_library(const struct frame *frame)
{
	return frame->object && begins_with_one(stack_base_name(frame->object), c_libraries, ARRAY_LENGTH(c_libraries));
}

bool frame_is_library(const struct frame *frame)
{
	return is_of_c_library(frame) ||
	       (frame->object && begins_with_one(stack_base_name(frame->object), runtimes, ARRAY_LENGTH(runtimes)));
}

/* Whether programs call the function of ROW, and not only the library itself. */
static bool is_public(int row)
{
	const char *name = functions[row].function, *call = functions[row].call;

	return call && *call == *name && strncmp(call, name, strlen(name)) == 0 &&
	       strcmp(call + strlen(name), "()") == 0;
}

/* Whether the function of ROW, which is not in a library's own file, only has the same name as one of the C library. If
 * the C library is a file of its own, that is so for all functions except those before the function of this name. Else
 * it is so for inner functions whose names are not reserved, which call only clone() and posix_spawn() of the library.
 */
static bool is_namesake(const struct way *way, int row)
{
	if (functions[row].owner != OWNER_C)
		return false;
	if (way->c_library)
		return !is_public(row) || !way->call || strcmp(functions[row].call, way->call) != 0;
	return !is_public(row) && functions[row].function[0] != '_' && way->call && strcmp(way->call, "clone()") != 0 &&
	       strcmp(way->call, "posix_spawn()") != 0;
}

bool way_passes(struct way *way, const struct frame *frame)
{
	bool library = frame_is_library(frame);
	int row = frame->function ? find_function(frame->function) : -1;

	if (row >= 0 && !library && is_namesake(way, row))
		return false;
	way->c_library |= is_of_c_library(frame);
	library |=
		row >= 0 ? functions[row].owner != OWNER_PROGRAM : frame->function && is_of_go_library(frame->function);
	if (row >= 0 && functions[row].call)
		way->call = functions[row].call;
	if (library && !frame->function)
		way->call = NULL; /* whatever the program called, it came through this one */
	return library;
}

static bool is_function(const struct frame *frame, const char *name)
{
	const size_t length = strlen(name);

	return frame->function && strncmp(name, frame->function, length) == 0 && name_length(frame->function) == length;
}

bool frame_is_first(const struct frame *frame)
{
	for (size_t i = 0; i < ARRAY_LENGTH(first_functions); i++) {
		if (is_function(frame, first_functions[i]))
			return true;
	}
	return false;
}

/* Whether frame I, which has no name, is of the C code in a Go program. Go's runtime has such code, too, which this
 * function calls. */
static bool is_of_go_program(const struct stack *stack, unsigned i)
{
	const char *object = stack->frames[i].object;

	while (i < stack->count && !stack->frames[i].function)
		i++;
	return i < stack->count && is_function(&stack->frames[i], "runtime.asmcgocall") && object &&
	       stack->frames[i].object && strcmp(stack->frames[i].object, object) == 0;
}

/* Whether frame I, which has no name, is an inner function of a library within the program's file, which a known
 * function of that library has called. Python 3.13 has such a one. */
static bool is_inner(const struct stack *stack, unsigned i)
{
	const struct frame *frame = &stack->frames[i], *caller = frame + 1;
	const int row = i + 1 < stack->count && caller->function ? find_function(caller->function) : -1;

	return row >= 0 && functions[row].owner == OWNER_PROGRAM && frame->object && caller->object &&
	       strcmp(frame->object, caller->object) == 0;
}

/* stack_origin(), and the way there. */
static const struct frame *find_origin(const struct stack *stack, struct way *ret)
{
	*ret = (struct way){ 0 };
	for (unsigned i = 0; i < stack->count; i++) {
		if (way_passes(ret, &stack->frames[i]))
			continue;
		if (!stack->frames[i].function && (is_of_go_program(stack, i) || is_inner(stack, i)))
			continue;
		/* If the function that calls the kernel has no name, it can also be one of a C library that is linked
		 * statically. */
		return i || stack->frames[i].function ? &stack->frames[i] : NULL;
	}
	return NULL;
}

/* What the program called on the WAY to ORIGIN. */
static const char *call_on_way(const struct stack *stack, const struct frame *origin, const struct way *way)
{
	if (!origin && stack->end != STACK_WHOLE)
		return NULL; /* another function may have called it */
	return way->call;
}

const struct frame *stack_origin(const struct stack *stack)
{
	struct way way;

	if (stack->known)
		return stack->origin < stack->count ? &stack->frames[stack->origin] : NULL;
	return find_origin(stack, &way);
}

const char *stack_library_call(const struct stack *stack)
{
	const struct frame *origin;
	struct way way;

	if (stack->known)
		return stack->call;
	origin = find_origin(stack, &way);
	return call_on_way(stack, origin, &way);
}

void stack_know(struct stack *stack)
{
	const struct frame *origin;
	struct way way;

	origin = find_origin(stack, &way);
	stack->origin = origin ? (unsigned)(origin - stack->frames) : stack->count;
	stack->call = call_on_way(stack, origin, &way);
	stack->functions = stack_functions(stack);
	stack->known = true;
}

/* "fork" with its LENGTH is the CALL "fork()". */
static bool is_call(const char *call, const char *name, size_t length)
{
	return call && strncmp(call, name, length) == 0 && strcmp(call + length, "()") == 0;
}

/* Each call that is a function has one row that is public: the bit says which of these, of 32 at most. */
uint32_t stack_function(const char *function, size_t length)
{
	unsigned bit = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(functions) && bit < 32; i++) {
		if (!is_public((int)i))
			continue;
		if (is_call(functions[i].call, function, length))
			return UINT32_C(1) << bit;
		bit++;
	}
	return 0;
}

uint32_t stack_functions(const struct stack *stack)
{
	uint32_t passed = 0;

	if (stack->known)
		return stack->functions;
	for (unsigned i = 0; i < stack->count; i++) {
		int row = stack->frames[i].function ? find_function(stack->frames[i].function) : -1;

		if (row >= 0 && functions[row].call)
			passed |= stack_function(functions[row].call, strcspn(functions[row].call, "("));
	}
	return passed;
}

static bool is_same_string(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool frame_is_same(const struct frame *a, const struct frame *b)
{
	return a->ip == b->ip && a->address == b->address && a->offset == b->offset && a->inlined == b->inlined &&
	       a->line == b->line && is_same_string(a->object, b->object) && is_same_string(a->function, b->function) &&
	       is_same_string(a->file, b->file);
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
