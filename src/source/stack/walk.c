/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks a stack from frame to frame: by the unwinder, by Go's table, and out of functions that have neither. */
#include <string.h>

#include "base/array.h"
#include "source/stack/gostack.h"
#include "source/stack/gotable.h"
#include "source/stack/stack_state.h"
#include "source/stack/symbol.h"

/* Whether there is unwind information for IP. */
static bool has_information(struct stacks *u, uint64_t ip)
{
	struct layout *layout = code_layout(u->code);
	unsigned next;

	for (size_t i = 0; i < ARRAY_LENGTH(layout->asked); i++) {
		if (layout->asked[i].ip == ip)
			return layout->asked[i].found;
	}
	next = layout->asked_next++ % ARRAY_LENGTH(layout->asked);
	layout->asked[next].ip = ip;
	layout->asked[next].found = unwind_covers(u->unwinder, ip);
	return layout->asked[next].found;
}

/* What Go's table says of the instruction before IP or, if EXACT, of the one at IP; NULL: it is not Go's. A file is
 * searched for the table at the first code in it without unwind information, because Go's code has none. */
static const struct go_code *go_code(struct stacks *u, uint64_t ip, bool exact)
{
	const struct mapping *mapping = code_find(u->code, ip);
	struct gotable *table = NULL;

	if (u->task.arch->has_go && mapping && (mapping->go_looked || !has_information(u, ip)))
		table = code_gotable(u->code, mapping);
	return table ? gotable_find(table, ip - !exact) : NULL;
}

/* Adds what FRAME lacks. */
static void take_go(struct frame *frame, const struct go_code *go, bool lines)
{
	if (!frame->function && go->function) {
		frame->function = go->function;
		frame->offset = frame->ip - go->start;
	}
	if (lines && !frame->file) {
		frame->file = go->file;
		frame->line = go->line;
	}
}

/* The C library's functions around the system call have no unwind information at that instruction, because a child
 * starts there with another stack. They have not touched their stack. Goes to the caller. */
static bool leave_leaf(struct stacks *u)
{
	const struct arch *arch = u->task.arch;
	struct arch_frame frame = u->task.frame;
	uint64_t ip;

	if (!arch->leave_leaf(&u->task.memory, &frame, &u->task.read))
		return false;
	ip = frame.values[arch->ip];
	if (!code_find(u->code, ip) || !arch->follows_call(&u->task.memory, ip))
		return false;
	u->task.frame = frame;
	return true;
}

/* Whether the code of FRAME, which has no name, is in a Go program, so it may belong to Go's runtime. */
static bool is_of_go_program(struct stacks *u, const struct frame *frame)
{
	const struct mapping *mapping = code_find(u->code, frame->ip);

	return u->task.arch->has_go && mapping && code_gotable(u->code, mapping);
}

/* Whether no more frames are wanted. The origin is always wanted, and so is the caller of an origin without a name. */
static bool is_enough(struct stacks *u, struct stack *stack)
{
	const struct frame *frame = &stack->frames[stack->count - 1];
	const bool passes = way_passes(&u->way, frame);

	u->origin = u->origin || u->nameless || (!passes && frame->function);
	u->nameless = !passes && !frame->function && !is_of_go_program(u, frame);
	if (u->config.origin && u->origin)
		stack->end = STACK_ORIGIN;
	else if (stack->count == STACK_MAX || (u->origin && stack->count >= u->config.limit))
		stack->end = STACK_LIMIT;
	else
		return false;
	return true;
}

/* Adds the frame that continues at IP, behind those of the functions that are inlined there. The instruction before IP
 * is looked up, because a call that does not return can be the last instruction of its function. If a signal
 * INTERRUPTED the code, IP itself is looked up. False, with the stack's end set: the stack ends there, or no more is
 * wanted. */
static bool add_frame(struct stacks *u, uint64_t ip, bool interrupted, struct stack *stack)
{
	const struct mapping *mapping = code_find(u->code, ip);
	const struct object *object = mapping ? mapping->object : NULL;
	bool lines; /* lines of a library are not shown if only the origin is shown */
	const struct symbol *symbol = NULL;
	const struct go_code *go = NULL;
	struct frame frame = { .ip = ip };
	struct symbols *symbols;

	stack->end = STACK_BROKEN;
	if (!mapping)
		return false;
	frame.object = mapping->path;
	if (object) {
		frame.object = object->path;
		frame.address = ip - mapping->base + object->first;
		lines = !u->config.origin || !frame_is_library(&frame);
		symbols = code_symbols(u->code, mapping);
		symbol = symbols ? symbols_find(symbols, frame.address - !interrupted, lines) : NULL;
		if (!symbol || !symbol->function || (!symbol->file && lines))
			go = go_code(u, ip, interrupted);
	}
	do {
		frame.function = symbol ? symbol->function : NULL;
		frame.inlined = symbol && symbol->outer;
		frame.offset = frame.function && !frame.inlined ? frame.address - symbol->start : 0;
		frame.file = symbol ? symbol->file : NULL;
		frame.line = symbol ? symbol->line : 0;
		if (go)
			take_go(&frame, go, lines);
		u->frames[stack->count++] = frame;
		if (is_enough(u, stack))
			return false;
		symbol = symbol ? symbol->outer : NULL;
	} while (symbol);
	return true;
}

/* Whether IP, which follows no call, is where a goroutine's first function will return to. */
static bool is_first(struct stacks *u, uint64_t ip)
{
	const struct mapping *mapping = code_find(u->code, ip);
	struct symbols *symbols = mapping && mapping->object ? code_symbols(u->code, mapping) : NULL;
	const struct go_code *go = go_code(u, ip, false);
	const struct symbol *symbol = NULL;
	struct frame frame = { 0 };

	if (symbols && !go)
		symbol = symbols_find(symbols, ip - 1 - mapping->base + mapping->object->first, false);
	if (go)
		frame.function = go->function;
	else if (symbol)
		frame.function = symbol->function;
	return frame_is_first(&frame);
}

/* Whether the function of FRAME has set up a frame pointer near its beginning. */
static bool keeps_pointer(struct stacks *u, const struct frame *frame)
{
	uint8_t bytes[256];
	size_t length = frame->offset < sizeof(bytes) ? frame->offset : sizeof(bytes);

	return code_bytes(u->code, frame->ip - frame->offset, bytes, length) &&
	       u->task.arch->keeps_pointer(bytes, length);
}

/* If there is no unwind information, libraries assume that the frame pointer is that of FRAME. If FRAME's function
 * keeps none, the frame pointer belongs to a caller further up, and the callers between would be left out. If code has
 * no file, the start of a function is not known; compilers at run time keep the frame pointer. */
static bool has_pointer(struct stacks *u, const struct frame *frame)
{
	return !frame->object || (frame->function && keeps_pointer(u, frame));
}

/* Where a walk is. */
struct walk {
	uint64_t ip;
	bool exact; /* ip is where code was interrupted, not where a call returns to */
};

/* Continues with Go's table. */
static enum unwound walk_go(struct stacks *u, struct walk *walk, const struct go_code *at)
{
	struct gotable *table = code_gotable(u->code, code_find(u->code, walk->ip));
	const struct arch *arch = u->task.arch;
	uint64_t *values = u->task.frame.values;
	struct go_registers registers;

	unwind_stop(u->unwinder);
	u->task.read |= UINT64_C(1) << arch->fp;
	registers = (struct go_registers){ walk->ip, values[arch->sp], values[arch->fp] };
	if (!gostack_step(table, at, &registers))
		return UNWOUND_NOWHERE;
	values[arch->ip] = walk->ip = registers.ip;
	values[arch->sp] = registers.sp;
	values[arch->fp] = registers.bp;
	return UNWOUND_ON;
}

/* Continues with unwind information or, without it, with the frame pointer that FUNCTION, the frame at hand, keeps. */
static enum unwound walk_by_tables(struct stacks *u, struct walk *walk, const struct frame *function)
{
	bool guessed;
	uint64_t ip;
	enum unwound unwound = unwind_step(u->unwinder, walk->ip - !walk->exact, &ip, &guessed);

	if (unwound != UNWOUND_ON)
		return unwound == UNWOUND_END && !guessed ? UNWOUND_END : UNWOUND_NOWHERE;
	if (guessed && !has_pointer(u, function))
		return UNWOUND_NOWHERE;
	walk->ip = ip;
	return UNWOUND_ON;
}

/* Adds the first frame and, if its function has no unwind information, its caller's. False: the stack ends there. */
static bool walk_begin(struct stacks *u, struct walk *walk, struct stack *stack)
{
	const struct go_code *go;

	*walk = (struct walk){ .ip = u->task.frame.values[u->task.arch->ip], .exact = true };
	if (!code_layout(u->code) || !add_frame(u, walk->ip, false, stack)) {
		if (!stack->count) /* the task has run there: its program may not be read, for example */
			stack->end = STACK_UNREADABLE;
		return false;
	}
	if (has_information(u, walk->ip))
		return true;
	go = go_code(u, walk->ip, true);
	if (go && go->has_frame && go->frame > 0)
		return true;
	if (!leave_leaf(u))
		return false;
	walk->ip = u->task.frame.values[u->task.arch->ip];
	walk->exact = false;
	return add_frame(u, walk->ip, false, stack);
}

void walk_stack(struct stacks *u, struct stack *stack)
{
	const struct arch *arch = u->task.arch;
	bool trampoline = false;
	struct walk walk;

	stack->end = STACK_BROKEN;
	stack->count = 0;
	u->origin = u->nameless = false;
	u->way = (struct way){ 0 };
	unwind_begin(u->unwinder);
	if (!walk_begin(u, &walk, stack))
		return;
	stack->end = STACK_BROKEN;
	while (!frame_is_first(&stack->frames[stack->count - 1])) {
		const struct go_code *go = trampoline ? NULL : go_code(u, walk.ip, walk.exact);
		const struct frame *function = &stack->frames[stack->count - 1];
		const enum unwound unwound = go ? walk_go(u, &walk, go) : walk_by_tables(u, &walk, function);

		walk.exact = trampoline;
		stack->end = unwound == UNWOUND_END ? STACK_WHOLE : STACK_BROKEN;
		if (unwound != UNWOUND_ON)
			return;
		trampoline = arch->is_trampoline(&u->task.memory, walk.ip);
		if (!walk.exact && !trampoline && !arch->follows_call(&u->task.memory, walk.ip) &&
		    !is_first(u, walk.ip))
			return; /* no call returns there, so the stack is not as it should be */
		if (!add_frame(u, walk.ip, walk.exact, stack))
			return;
	}
	stack->end = STACK_WHOLE;
}
