/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks stacks by libunwind, which asks for registers, memory and unwind tables here. */
#include "source/stack/unwind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "clone/flags.h"
#include "source/ptrace/arch/arch.h"
#include "source/ptrace/sys.h"
#include "source/stack/gostack.h"
#include "source/stack/gotable.h"
#include "source/stack/symbol.h"
#include "source/stack/threads.h"

#ifndef HAVE_LIBUNWIND

const char *unwind_lack(void)
{
#ifdef __x86_64__
	return "this cltrace was built without libunwind";
#else
	return "stacks are unwound on x86_64 alone";
#endif
}

struct unwind *unwind_new(const struct unwind_config *config, const struct unwind_ops *ops, void *data)
{
	(void)config, (void)ops, (void)data;
	return NULL;
}

void unwind_free(struct unwind *unwind)
{
	(void)unwind;
}

void unwind_stack(struct unwind *unwind, pid_t tid, pid_t tgid, const struct request *request, struct stack *ret)
{
	(void)unwind, (void)tid, (void)tgid, (void)request;
	*ret = (struct stack){ .end = STACK_UNREADABLE };
}

void unwind_start(struct unwind *unwind, struct event *event)
{
	(void)unwind, (void)event;
}

int unwind_has_left(struct unwind *unwind, pid_t stopped, pid_t tgid, uint64_t pthread)
{
	(void)unwind, (void)stopped, (void)tgid, (void)pthread;
	return -ENODATA;
}

void unwind_counts(const struct unwind *unwind, struct unwind_counts *ret)
{
	(void)unwind;
	*ret = (struct unwind_counts){ 0 };
}

void unwind_event(struct unwind *unwind, const struct event *event)
{
	(void)unwind, (void)event;
}

#else

#include <libunwind.h>
#include <uthash.h>

#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/path.h"

/* Exported for those who bring their own find_proc_info(), as perf(1) does, but in no header. */
#define dwarf_search_unwind_table UNW_OBJ(dwarf_search_unwind_table)
extern int dwarf_search_unwind_table(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t *di, unw_proc_info_t *info,
				     int need_unwind_info, void *arg);

/* What a task has in common with the tasks of the same address space. */
struct space {
	uint64_t layout; /* its id in code.h; 0: none yet */
	unsigned members;
};

/* A process: its threads have its space. */
struct member {
	pid_t tgid;
	struct space *space;
	UT_hash_handle hh;
};

struct unwind {
	struct unwind_config config;
	struct unwind_ops ops;
	void *data;
	struct code *code;
	struct member *members;
	uint32_t pthread_create; /* its bit of stack_functions() */
	struct unwind_counts counts;
	/* The stack at hand. */
	struct unwind_registers registers;
	uint32_t read; /* registers that the walk has read: the bit of each */
	struct code_log log;
	bool guessed;	/* the last step had no unwind information */
	uint64_t zero;	/* where the last step read a word that is zero */
	bool origin;	/* the origin is among the frames */
	bool nameless;	/* the last frame may be the origin, or one of a library's that its caller shows it to be */
	struct way way; /* to it */
	struct frame frames[STACK_MAX];
};

enum { RBX = 3, RBP = 6, RSP = 7, R12 = 12, R13, R14, R15, RIP };

const char *unwind_lack(void)
{
	return NULL;
}

/* What libunwind asks ---------------------------------------------------------------------------------------------- */

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int need_unwind_info, void *arg)
{
	struct unwind *u = arg;
	const struct mapping *mapping = code_find(u->code, ip);
	unw_dyn_info_t di = { .format = UNW_INFO_FORMAT_REMOTE_TABLE };
	int r = -UNW_ENOINFO;

	if (mapping && mapping->table) {
		di.start_ip = mapping->start;
		di.end_ip = mapping->end;
		di.u.rti.segbase = mapping->segment;
		di.u.rti.table_data = mapping->table;
		di.u.rti.table_len = mapping->entries * 8 / sizeof(unw_word_t);
		r = dwarf_search_unwind_table(space, ip, &di, info, need_unwind_info, arg);
	}
	u->guessed |= r < 0;
	return r < 0 ? -UNW_ENOINFO : r;
}

/* It frees what dwarf_search_unwind_table() allocates by itself. */
static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *arg)
{
	(void)space, (void)info, (void)arg;
}

static int get_dyn_info_list(unw_addr_space_t space, unw_word_t *ret, void *arg)
{
	(void)space, (void)ret, (void)arg;
	return -UNW_ENOINFO;
}

static int access_memory(unw_addr_space_t space, unw_word_t address, unw_word_t *value, int write, void *arg)
{
	struct unwind *u = arg;
	uint64_t word;

	(void)space;
	if (write || !code_word(u->code, address, &word))
		return -UNW_EINVAL;
	*value = word;
	if (!word)
		u->zero = address;
	return 0;
}

/* The value that the walk has for register NUMBER. If that is still the task's own, the memo is valid only for the same
 * value. */
static uint64_t read_register(struct unwind *u, int number)
{
	u->read |= UINT32_C(1) << number;
	return u->registers.values[number];
}

static int access_register(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write, void *arg)
{
	struct unwind *u = arg;

	(void)space;
	if (number < 0 || number >= UNWIND_REGISTERS)
		return -UNW_EBADREG;
	if (write)
		return -UNW_EREADONLYREG;
	*value = read_register(u, number);
	return 0;
}

static int access_float(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write, void *arg)
{
	(void)space, (void)number, (void)value, (void)write, (void)arg;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t space, unw_cursor_t *cursor, void *arg)
{
	(void)space, (void)cursor, (void)arg;
	return -UNW_EINVAL;
}

static int proc_name(unw_addr_space_t space, unw_word_t address, char *name, size_t size, unw_word_t *offset, void *arg)
{
	(void)space, (void)address, (void)name, (void)size, (void)offset, (void)arg;
	return -UNW_EUNSPEC;
}

static unw_accessors_t accessors = {
	.find_proc_info = find_proc_info,
	.put_unwind_info = put_unwind_info,
	.get_dyn_info_list_addr = get_dyn_info_list,
	.access_mem = access_memory,
	.access_reg = access_register,
	.access_fpreg = access_float,
	.resume = resume,
	.get_proc_name = proc_name,
};

static void forget(struct layout *layout)
{
	if (layout->unwinder)
		unw_destroy_addr_space(layout->unwinder);
	memos_free(layout->memos);
	threads_free(layout->threads);
}

/* The library's address space of the layout at hand: what it has parsed is kept there. NULL: there is none. */
static unw_addr_space_t address_space(struct unwind *u)
{
	struct layout *layout = code_layout(u->code);

	if (!layout)
		return NULL;
	if (!layout->unwinder) {
		layout->unwinder = unw_create_addr_space(&accessors, 0);
		if (layout->unwinder)
			unw_set_caching_policy(layout->unwinder, UNW_CACHE_GLOBAL);
	}
	return layout->unwinder;
}

/* Frames ----------------------------------------------------------------------------------------------------------- */

/* Whether the instruction before IP is a call: e8 and 4 bytes, or ff /2 with an operand of 0 to 5 bytes (Intel SDM,
 * CALL). */
static bool follows_call(struct unwind *u, uint64_t ip)
{
	uint8_t bytes[2];

	for (unsigned length = 2; length <= 7; length++) {
		if (ip < length || !code_bytes(u->code, ip - length, bytes, sizeof(bytes)))
			return false;
		if ((length == 5 && bytes[0] == 0xe8) || (bytes[0] == 0xff && (bytes[1] & 0x38) == 0x10))
			return true;
	}
	return false;
}

/* Whether a signal handler returns to IP: mov $15, %rax (rt_sigreturn); syscall, which the kernel asks for, and by
 * which debuggers know it. No call stands before it, and what is above it was interrupted anywhere. */
static bool is_trampoline(struct unwind *u, uint64_t ip)
{
	static const uint8_t code[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	uint8_t bytes[sizeof(code)];

	return code_bytes(u->code, ip, bytes, sizeof(bytes)) && memcmp(bytes, code, sizeof(code)) == 0;
}

/* Whether there is unwind information for IP. */
static bool has_information(struct unwind *u, unw_addr_space_t space, uint64_t ip)
{
	struct layout *layout = code_layout(u->code);
	unw_proc_info_t info;
	unsigned next;

	for (size_t i = 0; i < sizeof(layout->asked) / sizeof(layout->asked[0]); i++) {
		if (layout->asked[i].ip == ip)
			return layout->asked[i].found;
	}
	next = layout->asked_next++ % (sizeof(layout->asked) / sizeof(layout->asked[0]));
	layout->asked[next].ip = ip;
	layout->asked[next].found = find_proc_info(space, ip, &info, 0, u) >= 0;
	return layout->asked[next].found;
}

/* What Go's table says of the instruction that IP follows or, EXACT, of the one there; NULL: it is not Go's. A file is
 * asked for that table at the first code in it that has no unwind information, as Go's has none. */
static const struct go_code *go_code(struct unwind *u, uint64_t ip, bool exact)
{
	const struct mapping *mapping = code_find(u->code, ip);
	struct gotable *table = NULL;

	if (mapping && (mapping->go_looked || !has_information(u, address_space(u), ip)))
		table = code_gotable(u->code, mapping);
	return table ? gotable_find(table, ip - !exact) : NULL;
}

/* What FRAME lacks. */
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

/* The C library's functions around the system call have no unwind information at that instruction, for a child begins
 * there with another stack. They have not touched theirs: the return address is on top, or in a register that is pushed
 * by the next instruction (vfork, whose child would overwrite it; Go's, too). Goes to the caller. */
static bool leave_leaf(struct unwind *u)
{
	uint64_t *values = u->registers.values, ip, sp = values[RSP];
	/* rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi; those behind have a prefix (REX.B) and go by their numbers */
	static const uint8_t dwarf_of[] = { 0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15 };
	uint8_t next[2] = { 0 };
	bool prefix = code_bytes(u->code, values[RIP], next, sizeof(next)) && next[0] == 0x41;

	if (next[prefix] >= 0x50 && next[prefix] <= 0x57) {
		ip = read_register(u, dwarf_of[next[prefix] - 0x50 + 8 * prefix]);
	} else {
		if (!code_word(u->code, sp, &ip))
			return false;
		sp += sizeof(ip);
	}
	if (!code_find(u->code, ip) || !follows_call(u, ip))
		return false;
	values[RIP] = ip;
	values[RSP] = sp;
	return true;
}

/* Whether the code of FRAME, which has no name, is in a Go program: it may be its runtime's, then. */
static bool is_of_go_program(struct unwind *u, const struct frame *frame)
{
	const struct mapping *mapping = code_find(u->code, frame->ip);

	return mapping && code_gotable(u->code, mapping);
}

/* Whether no more frames are wanted. The origin always is, and the caller of one without a name. */
static bool is_enough(struct unwind *u, struct stack *stack)
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

/* Adds the frame that goes on at IP, behind those of the functions that are inlined there. The code was left by the
 * instruction before, which is what is looked up: a call that does not return may be its function's last. Not so where
 * a signal INTERRUPTED it. False, with the stack's end set: the stack ends there, or no more is wanted. */
static bool add_frame(struct unwind *u, uint64_t ip, bool interrupted, struct stack *stack)
{
	const struct mapping *mapping = code_find(u->code, ip);
	const struct object *object = mapping ? mapping->object : NULL;
	bool lines; /* those of a library are not shown with the origin alone */
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
static bool is_first(struct unwind *u, uint64_t ip)
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

/* Whether LENGTH bytes of code have, as Go had it before 1.21: mov %rbp, N(%rsp); lea N(%rsp), %rbp. */
static bool sets_pointer_apart(const uint8_t *bytes, size_t length)
{
	static const struct {
		uint8_t save[4], set[4];
		size_t size; /* of N */
	} forms[] = {
		{ { 0x48, 0x89, 0x6c, 0x24 }, { 0x48, 0x8d, 0x6c, 0x24 }, 1 },
		{ { 0x48, 0x89, 0xac, 0x24 }, { 0x48, 0x8d, 0xac, 0x24 }, 4 },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const size_t size = 4 + forms[i].size;

		for (const uint8_t *at = bytes; at + 2 * size <= bytes + length; at++) {
			if (memcmp(at, forms[i].save, 4) == 0 && memcmp(at + size, forms[i].set, 4) == 0 &&
			    memcmp(at + 4, at + size + 4, forms[i].size) == 0)
				return true;
		}
	}
	return false;
}

/* Whether the function of FRAME has set up a frame pointer near its beginning: push %rbp; mov %rsp, %rbp in either
 * encoding (V8's functions do other things before), or without a push. */
static bool keeps_pointer(struct unwind *u, const struct frame *frame)
{
	static const uint8_t setups[][4] = { { 0x55, 0x48, 0x89, 0xe5 }, { 0x55, 0x48, 0x8b, 0xec } };
	uint8_t bytes[256];
	size_t length = frame->offset < sizeof(bytes) ? frame->offset : sizeof(bytes);

	return code_bytes(u->code, frame->ip - frame->offset, bytes, length) &&
	       (memmem(bytes, length, setups[0], sizeof(setups[0])) ||
		memmem(bytes, length, setups[1], sizeof(setups[1])) || sets_pointer_apart(bytes, length));
}

/* Where there is no unwind information, libunwind takes the frame pointer for FRAME's. It is one of a caller further up
 * where FRAME's function keeps none, and those between would be left out. Of code without a file nobody knows where a
 * function begins; compilers at run time keep it. */
static bool has_pointer(struct unwind *u, const struct frame *frame)
{
	return !frame->object || (frame->function && keeps_pointer(u, frame));
}

/* Where a walk is. */
struct walk {
	uint64_t ip;
	bool exact; /* ip is where code was interrupted, not where a call returns to */
	bool live;  /* the registers are the cursor's, not u->registers */
	unw_cursor_t cursor;
};

enum walked { WALKED_ON, WALKED_END, WALKED_NOWHERE };

/* Continues with Go's table. Behind a call only the registers that functions preserve mean anything (System V ABI,
 * AMD64 supplement, 3.2.1). */
static enum walked walk_go(struct unwind *u, struct walk *walk, const struct go_code *at)
{
	struct gotable *table = code_gotable(u->code, code_find(u->code, walk->ip));
	static const int preserved[] = { RBX, RBP, RSP, R12, R13, R14, R15 };
	uint64_t *values = u->registers.values;
	struct go_registers registers;
	unw_word_t value;

	for (size_t i = 0; walk->live && i < sizeof(preserved) / sizeof(preserved[0]); i++) {
		if (unw_get_reg(&walk->cursor, preserved[i], &value) == 0)
			values[preserved[i]] = value;
	}
	walk->live = false;
	registers = (struct go_registers){ walk->ip, values[RSP], read_register(u, RBP) };
	if (!gostack_step(table, at, &registers))
		return WALKED_NOWHERE;
	values[RIP] = walk->ip = registers.ip;
	values[RSP] = registers.sp;
	values[RBP] = registers.bp;
	return WALKED_ON;
}

/* Whether a step that has ended found a return address, and it was zero. That is the end to libunwind from 1.8 on, but
 * may be nonsense: the end is where unwind information says that there is none. */
static bool returns_to_zero(struct unwind *u, struct walk *walk)
{
	unw_word_t sp;

	return u->zero && unw_get_reg(&walk->cursor, UNW_REG_SP, &sp) == 0 && u->zero == sp - sizeof(u->zero);
}

/* Goes on by unwind information or, without any, by the frame pointer that FUNCTION, the frame at hand, keeps. */
static enum walked walk_by_tables(struct unwind *u, struct walk *walk, const struct frame *function)
{
	unw_word_t ip;
	int r;

	if (!walk->live) {
		/* libunwind takes the first frame for one that was interrupted, and so looks up what is there */
		u->registers.values[RIP] = walk->ip - !walk->exact;
		if (unw_init_remote(&walk->cursor, address_space(u), u) < 0)
			return WALKED_NOWHERE;
		walk->live = true;
	}
	u->guessed = false;
	u->zero = 0;
	r = unw_step(&walk->cursor);
	if (r <= 0 || unw_get_reg(&walk->cursor, UNW_REG_IP, &ip) < 0 || !ip)
		return r == 0 && !u->guessed && !returns_to_zero(u, walk) ? WALKED_END : WALKED_NOWHERE;
	if (u->guessed && !has_pointer(u, function))
		return WALKED_NOWHERE;
	walk->ip = ip;
	return WALKED_ON;
}

/* The first frame and, where its function has no unwind information, its caller's. False: the stack ends there. */
static bool walk_begin(struct unwind *u, struct walk *walk, struct stack *stack)
{
	const struct go_code *go;

	*walk = (struct walk){ .ip = u->registers.values[RIP], .exact = true };
	if (!address_space(u) || !add_frame(u, walk->ip, false, stack)) {
		if (!stack->count) /* the task has run there: its program may not be read, for example */
			stack->end = STACK_UNREADABLE;
		return false;
	}
	if (has_information(u, address_space(u), walk->ip))
		return true;
	go = go_code(u, walk->ip, true);
	if (go && go->has_frame && go->frame > 0)
		return true;
	if (!leave_leaf(u))
		return false;
	walk->ip = u->registers.values[RIP];
	walk->exact = false;
	return add_frame(u, walk->ip, false, stack);
}

static void walk(struct unwind *u, struct stack *stack)
{
	bool trampoline = false;
	struct walk walk;

	stack->end = STACK_BROKEN;
	stack->count = 0;
	u->origin = u->nameless = false;
	u->way = (struct way){ 0 };
	if (!walk_begin(u, &walk, stack))
		return;
	stack->end = STACK_BROKEN;
	while (!frame_is_first(&stack->frames[stack->count - 1])) {
		const struct go_code *go = trampoline ? NULL : go_code(u, walk.ip, walk.exact);
		const struct frame *function = &stack->frames[stack->count - 1];
		const enum walked walked = go ? walk_go(u, &walk, go) : walk_by_tables(u, &walk, function);

		walk.exact = trampoline;
		stack->end = walked == WALKED_END ? STACK_WHOLE : STACK_BROKEN;
		if (walked != WALKED_ON)
			return;
		trampoline = is_trampoline(u, walk.ip);
		if (!walk.exact && !trampoline && !follows_call(u, walk.ip) && !is_first(u, walk.ip))
			return; /* nothing returns there: the stack is not what it should be */
		if (!add_frame(u, walk.ip, walk.exact, stack))
			return;
	}
	stack->end = STACK_WHOLE;
}

/* Tasks ------------------------------------------------------------------------------------------------------------ */

static struct member *member_find(const struct unwind *u, pid_t tgid)
{
	struct member *member;

	HASH_FIND_INT(u->members, &tgid, member);
	return member;
}

static void space_leave(struct space *space)
{
	if (!--space->members)
		free(space);
}

static void member_remove(struct unwind *u, pid_t tgid)
{
	struct member *member = member_find(u, tgid);

	if (!member)
		return;
	HASH_DEL(u->members, member);
	space_leave(member->space);
	free(member);
}

/* TGID in SPACE; NULL: one of its own, as LAYOUT says. */
static struct member *member_put(struct unwind *u, pid_t tgid, struct space *space, uint64_t layout)
{
	struct member *member;

	member_remove(u, tgid);
	member = mem_zalloc(1, sizeof(*member));
	if (!space) {
		space = mem_zalloc(1, sizeof(*space));
		space->layout = layout;
	}
	space->members++;
	member->tgid = tgid;
	member->space = space;
	HASH_ADD_INT(u->members, tgid, member);
	return member;
}

static void on_spawn(struct unwind *u, const struct event *event)
{
	const struct member *creator = member_find(u, event->spawn.creator_tgid);
	bool shared = event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_VM;

	if (creator && event->spawn.child_tgid != event->spawn.creator_tgid)
		member_put(u, event->spawn.child, shared ? creator->space : NULL, creator->space->layout);
}

void unwind_event(struct unwind *u, const struct event *event)
{
	if (event->kind == EVENT_SPAWN) {
		on_spawn(u, event);
	} else if (event->kind == EVENT_EXEC) {
		member_remove(u, event->exec.former);
		member_remove(u, event->tid);
	} else if (event->kind == EVENT_EXIT || event->kind == EVENT_DETACH) {
		member_remove(u, event->tid);
	}
}

/* The memory that unwind_start() will read for REQUEST. */
static size_t start_ranges(const struct layout *layout, const struct request *request, struct code_range *ret)
{
	size_t count = 0;
	uint64_t start;

	if (request->have & REQUEST_TLS && layout->threads && threads_start(layout->threads, request->tls, &start))
		ret[count++] = (struct code_range){ start, 2 * sizeof(uint64_t) };
	if (request->call == CALL_CLONE && request->have & REQUEST_STACK && request->stack)
		ret[count++] = (struct code_range){ request->stack, 2 * sizeof(uint64_t) };
	return count;
}

/* The stack that an earlier walk found, if everything that the walk has read is the same. */
static const struct stack *recall(struct unwind *u, const struct request *request)
{
	struct code_range ranges[CODE_PIECES];
	struct layout *layout = code_layout(u->code);
	size_t count;

	if (!layout)
		return NULL;
	count = memos_ranges(layout->memos, u->registers.values, ranges, CODE_PIECES - 2);
	if (!count)
		return NULL;
	count += request ? start_ranges(layout, request, ranges + count) : 0;
	code_expect(u->code, ranges, count);
	return memos_find(layout->memos, u->code, u->registers.values);
}

/* Walks, and logs what the walk reads. */
static void walk_on_record(struct unwind *u, struct stack *stack)
{
	u->read = UINT32_C(1) << RIP | UINT32_C(1) << RSP;
	code_record(u->code, &u->log);
	walk(u, stack);
	code_record(u->code, NULL);
}

static void walk_and_remember(struct unwind *u, struct stack *stack)
{
	struct memo_registers registers;
	struct layout *layout = code_layout(u->code);

	memcpy(registers.values, u->registers.values, sizeof(registers.values));
	walk_on_record(u, stack);
	if (code_layout(u->code) != layout) { /* it has changed during the walk, which happens once at most */
		memcpy(u->registers.values, registers.values, sizeof(registers.values));
		walk_on_record(u, stack);
	}
	stack_know(stack);
	u->counts.walked++;
	layout = code_layout(u->code);
	registers.read = u->read;
	if (layout)
		memos_put(&layout->memos, u->code, &registers, &u->log, stack);
}

/* Whether a walk finds REMEMBERED. */
static bool walks_the_same(struct unwind *u, const struct stack *remembered)
{
	struct stack walked = { .frames = u->frames };
	bool same;

	walk(u, &walked);
	same = walked.end == remembered->end && walked.count == remembered->count;
	for (unsigned i = 0; same && i < walked.count; i++)
		same = frame_is_same(&walked.frames[i], &remembered->frames[i]);
	return same;
}

void unwind_stack(struct unwind *u, pid_t tid, pid_t tgid, const struct request *request, struct stack *ret)
{
	struct member *member = member_find(u, tgid);
	int r = u->ops.registers(u->data, tid, &u->registers);
	const struct stack *remembered;

	*ret = (struct stack){ .end = r == -ENOTSUP ? STACK_ABI : STACK_UNREADABLE, .frames = u->frames };
	if (r < 0)
		return;
	if (!member)
		member = member_put(u, tgid, NULL, 0);
	code_begin(u->code, tid, &member->space->layout);
	remembered = recall(u, request);
	if (!remembered) {
		walk_and_remember(u, ret);
		return;
	}
	*ret = *remembered;
	u->counts.remembered++;
	if (u->config.check && !walks_the_same(u, remembered))
		u->counts.wrong++;
}

void unwind_counts(const struct unwind *u, struct unwind_counts *ret)
{
	*ret = u->counts;
}

/* What a new task runs ----------------------------------------------------------------------------------------------
 */

static bool library_symbol(void *data, const char *name, uint64_t *ret)
{
	struct unwind *u = data;

	return code_library_symbol(u->code, name, ret);
}

static bool library_read(void *data, uint64_t address, void *to, size_t length)
{
	struct unwind *u = data;

	return code_bytes(u->code, address, to, length);
}

/* Who knows the threads of the process at hand; NULL: nobody. */
static struct threads *threads_of(struct unwind *u)
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
static bool glibc_routine(struct unwind *u, uint64_t pthread, uint64_t *ret, uint64_t *ret_argument)
{
	struct threads *threads = threads_of(u);
	uint64_t start, words[2];

	if (!threads || !threads_start(threads, pthread, &start) || !code_bytes(u->code, start, words, sizeof(words)))
		return false;
	*ret = words[0];
	*ret_argument = words[1];
	return true;
}

/* The first word of a thread's descriptor is its own address, so that fs:0 is pthread_self() (System V ABI, AMD64
 * supplement: "Thread Local Storage"). */
int unwind_has_left(struct unwind *u, pid_t stopped, pid_t tgid, uint64_t pthread)
{
	struct member *member = member_find(u, tgid);
	struct threads *threads;
	uint64_t self;

	if (!member)
		member = member_put(u, tgid, NULL, 0);
	code_begin(u->code, stopped, &member->space->layout);
	threads = threads_of(u);
	if (!threads || !code_word(u->code, pthread, &self) || self != pthread)
		return -ENODATA;
	return threads_has_left(threads, pthread);
}

static bool is_musl(const struct stack *stack)
{
	const char *name = stack->frames[0].object ? stack_base_name(stack->frames[0].object) : "";

	return strcmp(name, "libc.so") == 0 || strncmp(name, "ld-musl-", 8) == 0;
}

/* musl hands the first function of a thread, by the stack, the address of the routine and its argument (struct
 * start_args in its src/thread/pthread_create.c). */
static bool musl_routine(struct unwind *u, const struct request *request, uint64_t *ret, uint64_t *ret_argument)
{
	uint64_t arguments;

	return request->call == CALL_CLONE && code_word(u->code, request->stack, &arguments) &&
	       code_word(u->code, arguments, ret) && code_word(u->code, arguments + 8, ret_argument);
}

/* glibc's clone() puts the function and its argument onto the child's stack (its clone.S for x86_64). */
static bool clone_function(struct unwind *u, const struct event *event, uint64_t *ret, uint64_t *ret_argument)
{
	const struct frame *first = &event->attempt.stack.frames[0];
	const struct request *request = &event->attempt.request;

	return request->call == CALL_CLONE && request->stack && first->function &&
	       (strcmp(first->function, "__clone") == 0 || strcmp(first->function, "clone") == 0) &&
	       code_word(u->code, request->stack, ret) && code_word(u->code, request->stack + 8, ret_argument);
}

static void set_start(struct unwind *u, uint64_t address, struct event *event)
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

/* Of a stack that the request names with its size (clone3 alone does) the maps and the page tables tell how much at its
 * low end is a guard, which nobody may touch. clone names the stack's upper end: it lies in the memory that is there
 * below. */
static void set_new_stack(struct unwind *u, struct event *event)
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

void unwind_start(struct unwind *u, struct event *event)
{
	const struct request *request = &event->attempt.request;
	const struct stack *stack = &event->attempt.stack;
	uint64_t address = 0, argument = 0;
	bool has_argument = false;

	if (!(event->have & EVENT_HAVE_REQUEST) || !stack->count || !code_layout(u->code))
		return;
	if (!u->config.origin)
		set_new_stack(u, event);
	if (request->have & REQUEST_TLS && stack_functions(stack) & u->pthread_create) {
		event->have |= EVENT_HAVE_PTHREAD;
		event->spawn.pthread = request->tls; /* so on x86_64, where fs:0 and pthread_self() are one */
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

struct unwind *unwind_new(const struct unwind_config *config, const struct unwind_ops *ops, void *data)
{
	struct unwind *u = mem_zalloc(1, sizeof(*u));

	u->config = *config;
	u->ops = *ops;
	u->data = data;
	u->pthread_create = stack_function("pthread_create", strlen("pthread_create"));
	u->code = code_new(&ops->code, data, forget);
	if (!config->origin)
		code_ask_servers(u->code);
	return u;
}

void unwind_free(struct unwind *u)
{
	struct member *member, *next;

	if (!u)
		return;
	HASH_ITER (hh, u->members, member, next) {
		HASH_DEL(u->members, member);
		space_leave(member->space);
		free(member);
	}
	code_free(u->code);
	free(u->log.answers);
	free(u);
}

#endif

/* The kernel ------------------------------------------------------------------------------------------------------- */

static size_t kernel_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	struct iovec local[CODE_PIECES], remote[CODE_PIECES];
	ssize_t n;

	(void)data;
	for (size_t i = 0; i < count; i++) {
		local[i] = (struct iovec){ pieces[i].to, pieces[i].length };
		remote[i] = (struct iovec){ (void *)(uintptr_t)pieces[i].address, pieces[i].length };
	}
	n = process_vm_readv(tid, local, count, remote, count, 0);
	return n < 0 ? 0 : (size_t)n;
}

static int kernel_maps(void *data, pid_t tid, struct text *text)
{
	(void)data;
	return proc_maps(text, tid);
}

static ssize_t kernel_pages(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	(void)data;
	return proc_pagemap(tid, page, to, count);
}

static int kernel_open(void *data, pid_t tid, enum code_name whose, const char *path)
{
	struct text name = TEXT_INIT;
	int fd;

	(void)data;
	if (whose != CODE_NAME_OURS)
		proc_add_path(&name, tid, whose == CODE_NAME_TASKS ? "root" : "exe", "");
	if (whose != CODE_NAME_PROGRAM)
		text_add(&name, path);
	fd = open(text_get(&name), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	text_done(&name);
	return fd < 0 ? -errno : fd;
}

static int kernel_registers(void *data, pid_t tid, struct unwind_registers *ret)
{
	struct arch_frame frame;
	int r = sys_registers(tid, &frame);

	(void)data;
	if (r >= 0)
		memcpy(ret->values, frame.values, sizeof(ret->values));
	return r;
}

const struct unwind_ops unwind_kernel = {
	.registers = kernel_registers,
	.code = { .read = kernel_read, .maps = kernel_maps, .open = kernel_open, .pages = kernel_pages },
};
