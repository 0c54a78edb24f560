/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The call stack of a task that creates another one: its frames, and what they show.
 *
 * The first frame is that of the function which called the kernel, the last one is that of the task's first function.
 */
#ifndef EVENT_STACK_H
#define EVENT_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STACK_MAX 256 /* the most frames of a stack */

/* Why there are no more frames. */
enum stack_end {
	STACK_WHOLE,  /* the last one is the first of the task */
	STACK_LIMIT,  /* there are more frames than were asked for */
	STACK_ORIGIN, /* only the frames up to the origin were asked for */
	/* the caller of the last one cannot be found: no unwind information, or memory without meaning */
	STACK_BROKEN,
	STACK_UNREADABLE, /* registers or memory could not be read */
	STACK_ABI,	  /* 32-bit code, which is not unwound */
	STACK_END_COUNT
};

/* A string that is not known is NULL, and a number with it 0. */
struct frame {
	uint64_t ip;	      /* where the function continues when the one before it returns */
	const char *object;   /* the file of the code, "[vdso]"; NULL: code without a file (a JIT's) */
	uint64_t address;     /* ip as an address in the object's own symbols and lines */
	const char *function; /* demangled */
	uint64_t offset;      /* of ip in it */
	/* a part of the next frame's function, without a call instruction and an offset */
	bool inlined;
	const char *file; /* the source, as the debug information names it */
	unsigned line;
};

struct stack {
	enum stack_end end;
	unsigned count; /* of frames, at most STACK_MAX */
	const struct frame *frames;
	/* What stack_know() has found, valid until one of the members above changes. */
	bool known;
	unsigned origin; /* the index of stack_origin(), `count` for none */
	const char *call;
	uint32_t functions;
};

/* "whole", "limit", ... for recordings; NULL past the last. */
const char *stack_end_name(unsigned end);

/* Whether FRAME is in a file of the C library, or of a runtime with which the program was only linked. */
bool frame_is_library(const struct frame *frame);

/* The frames between the kernel and the program's own that have been passed so far; zeroed: none. */
struct way {
	const char *call; /* the outermost library call */
	bool c_library;	  /* it leads through a file of the C library */
};

/* Continues to FRAME, the next one. False: it is the program's own. */
bool way_passes(struct way *way, const struct frame *frame);

/* Whether FRAME's function has no caller, which only knowledge of the language's runtime shows. */
bool frame_is_first(const struct frame *frame);

/* Prepares what stack_origin(), stack_library_call() and stack_functions() return, because they are called many times
 * and looking at the frames' names costs some microseconds. */
void stack_know(struct stack *stack);

/* The nearest frame that is the program's own: neither the C library's nor that of a runtime with which the program was
 * only linked. NULL: there is none, or it is not known which frame it is. */
const struct frame *stack_origin(const struct stack *stack);

/* What the program called to create a task: the outermost library call below the origin, such as "system()". NULL: none
 * that cltrace knows. */
const char *stack_library_call(const struct stack *stack);

/* The last part of PATH, of an object or a source file. */
const char *stack_base_name(const char *path);

/* The library functions through which STACK came, the outermost and those that it called: bits of stack_function(). */
uint32_t stack_functions(const struct stack *stack);

/* The bit of the library function FUNCTION, LENGTH bytes, such as "system" or "fork"; 0: none that cltrace knows. */
uint32_t stack_function(const char *function, size_t length);

/* Whether both frames are the same. */
bool frame_is_same(const struct frame *a, const struct frame *b);

/* Replaces its strings with copies on the heap, which frame_done() frees. */
void frame_own(struct frame *frame);
void frame_done(struct frame *frame);

/* A copy on the heap with its strings; frames_free() frees it. */
struct frame *frames_copy(const struct frame *frames, unsigned count);
void frames_free(struct frame *frames, unsigned count);

#endif
