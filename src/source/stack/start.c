/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what a new task runs in its creator's memory: start routine, argument, stack and guard. */
#include <string.h>

#include "source/stack/stack_state.h"
#include "source/stack/symbol.h"
#include "source/stack/threads.h"

static bool library_symbol(void *data, const char *name, uint64_t *ret)
{
	struct stacks *u = data;

	return code_library_symbol(u->code, name, ret);
}

static bool library_read(void *data, uint64_t address, void *to, size_t length)
{
	struct stacks *u = data;

	return code_bytes(u->code, address, to, length);
}

struct threads *start_threads(struct stacks *u)
{
	static const struct threads_ops ops = { library_symbol, library_read };
	struct layout *layout = code_layout(u->code);

	if (layout && !layout->threads_asked) {
		layout->threads = threads_new(&ops, u);
		layout->threads_asked = true;
	}
	return layout ? layout->threads : NULL;
}

/* The start routine that glibc will call in PTHREAD, and its argument. */
static bool glibc_routine(struct stacks *u, uint64_t pthread, uint64_t *ret, uint64_t *ret_argument)
{
	struct threads *threads = start_threads(u);
	uint64_t start, words[2];

	if (!threads || !threads_start(threads, pthread, &start) || !code_bytes(u->code, start, words, sizeof(words)))
		return false;
	*ret = words[0];
	*ret_argument = words[1];
	return true;
}

static bool is_musl(const struct stack *stack)
{
	const char *name = stack->frames[0].object ? stack_base_name(stack->frames[0].object) : "";

	return strcmp(name, "libc.so") == 0 || strncmp(name, "ld-musl-", 8) == 0;
}

/* musl passes to the first function of a thread, on the stack, the address of the routine and its argument (struct
 * start_args in its src/thread/pthread_create.c). */
static bool musl_routine(struct stacks *u, const struct request *request, uint64_t *ret, uint64_t *ret_argument)
{
	uint64_t arguments;

	return request->call == CALL_CLONE && code_word(u->code, request->stack, &arguments) &&
	       code_word(u->code, arguments, ret) && code_word(u->code, arguments + 8, ret_argument);
}

/* glibc's clone() puts the function and its argument onto the child's stack (its clone.S for x86_64, aarch64 and
 * riscv64). */
static bool clone_function(struct stacks *u, const struct event *event, uint64_t *ret, uint64_t *ret_argument)
{
	const struct frame *first = &event->attempt.stack.frames[0];
	const struct request *request = &event->attempt.request;

	return request->call == CALL_CLONE && request->stack && first->function &&
	       (strcmp(first->function, "__clone") == 0 || strcmp(first->function, "clone") == 0) &&
	       code_word(u->code, request->stack, ret) && code_word(u->code, request->stack + 8, ret_argument);
}

static void set_start(struct stacks *u, uint64_t address, struct event *event)
{
	const struct mapping *mapping = code_find(u->code, address);
	const struct symbol *symbol = NULL;
	struct frame *start = &event->spawn.start;
	struct symbols *symbols;

	if (!mapping)
		return;
	*start = (struct frame){ .ip = address, .object = mapping->path };
	event->have |= EVENT_HAVE_START;
	if (!mapping->object)
		return;
	start->object = mapping->object->path;
	start->address = address - mapping->base + mapping->object->first;
	symbols = code_symbols(u->code, mapping);
	symbol = symbols ? symbols_find(symbols, start->address, true) : NULL;
	if (!symbol || symbol->outer)
		return;
	start->function = symbol->function;
	start->offset = symbol->function ? start->address - symbol->start : 0;
	start->file = symbol->file;
	start->line = symbol->line;
}

/* If the request names a stack with its size (only clone3 does), the maps and the page tables show how many bytes at
 * the low end of the stack are a guard, which no code may touch. clone names the stack's upper end: it lies in the
 * memory that is there below. */
static void set_new_stack(struct stacks *u, struct event *event)
{
	const struct request *request = &event->attempt.request;
	uint64_t guard;

	if (request->call == CALL_CLONE && request->have & REQUEST_STACK && request->stack &&
	    code_memory(u->code, request->stack - 1, &event->spawn.stack_mapping, &event->spawn.stack_mapping_size,
			&event->spawn.stack_mapping_guard))
		event->have |= EVENT_HAVE_STACK_MAPPING;
	if (request->call != CALL_CLONE3 || !request->stack || !request->stack_size ||
	    !code_guard(u->code, request->stack, request->stack_size, &guard))
		return;
	event->have |= EVENT_HAVE_NEW_STACK;
	event->spawn.new_stack = request->stack + guard;
	event->spawn.new_stack_size = request->stack_size - guard;
	event->spawn.new_stack_guard = guard;
}

void stacks_start(struct stacks *u, struct event *event)
{
	const struct request *request = &event->attempt.request;
	const struct stack *stack = &event->attempt.stack;
	uint64_t address = 0, argument = 0;
	bool has_argument = false;

	if (!(event->have & EVENT_HAVE_REQUEST) || !stack->count || !code_layout(u->code))
		return;
	if (!u->config.origin)
		set_new_stack(u, event);
	if (u->task.arch->pthread_is_tls && request->have & REQUEST_TLS && stack_functions(stack) & u->pthread_create) {
		event->have |= EVENT_HAVE_PTHREAD;
		event->spawn.pthread = request->tls;
		if (is_musl(stack))
			has_argument = musl_routine(u, request, &address, &argument);
		else
			has_argument = glibc_routine(u, request->tls, &address, &argument);
	} else {
		has_argument = clone_function(u, event, &address, &argument);
	}
	if (address)
		set_start(u, address, event);
	if (has_argument && event->have & EVENT_HAVE_START) {
		event->have |= EVENT_HAVE_ARGUMENT;
		event->spawn.argument = argument;
	}
}
