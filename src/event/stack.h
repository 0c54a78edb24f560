/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The call stack of a task that made another: its frames, and what can be read off them.
 *
 * The first frame is the one that asked the kernel, the last one the program's first. */
#ifndef EVENT_STACK_H
#define EVENT_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STACK_MAX 256 /* frames that a stack holds at most */

/* Why there are no more frames. */
enum stack_end {
	STACK_WHOLE,	  /* the last one is the first of the task */
	STACK_LIMIT,	  /* there are more than were asked for */
	STACK_ORIGIN,	  /* no more than the origin was asked for */
	STACK_BROKEN,	  /* who called the last one cannot be found: no unwind information, or memory without sense */
	STACK_UNREADABLE, /* registers or memory could not be read */
	STACK_ABI,	  /* 32-bit code, which is not unwound */
	STACK_END_COUNT
};

/* A string that is not known is NULL, and a number with it 0. */
struct frame {
	uint64_t ip;	      /* where the function goes on when the one before it returns */
	const char *object;   /* the file that the code is of, "[vdso]"; NULL: code without a file (a JIT's) */
	uint64_t address;     /* ip as the object's own symbols and lines have it */
	const char *function; /* demangled */
	uint64_t offset;      /* of ip in it */
	bool inlined;	      /* a part of the next frame's function: no call of the machine's, and no offset */
	const char *file;     /* the source, as the debug information has it */
	unsigned line;
};

struct stack {
	enum stack_end end;
	unsigned count; /* of frames, at most STACK_MAX */
	const struct frame *frames;
	/* What stack_know() found out, which is valid until one of the members above changes. */
	bool known;
	unsigned origin; /* the index of stack_origin(), `count` for none */
	const char *call;
	uint32_t functions;
};

/* "whole", "limit", ... for recordings; NULL past the last. */
const char *stack_end_name(unsigned end);

/* Whether FRAME is in a file of the C library's, or of a runtime that the program was merely linked with. */
bool frame_is_library(const struct frame *frame);

/* The frames between the kernel and the program's own, as far as they have been passed; none with all of it 0. */
struct way {
	const char *call; /* the outermost library call */
	bool c_library;	  /* it leads through a file of the C library's */
};

/* Goes on to FRAME, the next one. False: it is the program's own. */
bool way_passes(struct way *way, const struct frame *frame);

/* Whether nothing has called FRAME's function, as those know who know the language's runtime. */
bool frame_is_first(const struct frame *frame);

/* Finds out what stack_origin(), stack_library_call() and stack_functions() return, because they are called many times
 * and the look at the frames' names costs some microseconds. */
void stack_know(struct stack *stack);

/* The nearest frame that is the program's own: neither the C library's nor that of a runtime it was merely linked with.
 * NULL: there is none, or it is not known which it is. */
const struct frame *stack_origin(const struct stack *stack);

/* What the program called to make a task, seen on the way: the outermost library call below the origin, such as
 * "system()". NULL: none that we know. */
const char *stack_library_call(const struct stack *stack);

/* The last part of PATH, of an object or a source file. */
const char *stack_base_name(const char *path);

/* The library functions that STACK came through, the outermost and those that it called: bits of stack_function(). */
uint32_t stack_functions(const struct stack *stack);

/* The bit of the library function FUNCTION, LENGTH bytes, such as "system" or "fork"; 0: none that we know. */
uint32_t stack_function(const char *function, size_t length);

/* Whether both frames are the same. */
bool frame_is_same(const struct frame *a, const struct frame *b);

/* Its strings become copies on the heap, which frame_done() frees. */
void frame_own(struct frame *frame);
void frame_done(struct frame *frame);

/* A copy on the heap with its strings; frames_free() frees it. */
struct frame *frames_copy(const struct frame *frames, unsigned count);
void frames_free(struct frame *frames, unsigned count);

#endif
