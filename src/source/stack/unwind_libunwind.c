/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libunwind, which asks for registers, memory and unwind tables here. Its numbers of x86_64's registers are DWARF's. */
#include "source/stack/unwind.h"

#ifdef UNWINDER_LIBUNWIND

#include <libunwind.h>
#include <stdlib.h>

#include "base/mem.h"

/* Exported for programs with a find_proc_info() of their own, such as perf(1), but not in any header. */
#define dwarf_search_unwind_table UNW_OBJ(dwarf_search_unwind_table)
extern int dwarf_search_unwind_table(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t *di, unw_proc_info_t *info,
				     int need_unwind_info, void *arg);

struct unwinder {
	struct unwind_task *task;
	bool live;     /* the registers are the cursor's, not the task's `frame` */
	bool guessed;  /* the last step had no unwind information */
	uint64_t zero; /* where the last step read a word that is zero */
	unw_cursor_t cursor;
};

const char *unwind_lack(void)
{
	return NULL;
}

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int need_unwind_info, void *arg)
{
	struct unwinder *u = arg;
	const struct mapping *mapping = code_find(u->task->code, ip);
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

/* libunwind itself frees what dwarf_search_unwind_table() allocates. */
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
	struct unwinder *u = arg;
	uint64_t word;

	(void)space;
	if (write || !code_word(u->task->code, address, &word))
		return -UNW_EINVAL;
	*value = word;
	if (!word)
		u->zero = address;
	return 0;
}

static int access_register(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write, void *arg)
{
	struct unwinder *u = arg;

	(void)space;
	if (number < 0 || number >= (int)u->task->arch->frame_registers)
		return -UNW_EBADREG;
	if (write)
		return -UNW_EREADONLYREG;
	*value = u->task->frame.values[number];
	u->task->read |= UINT64_C(1) << number;
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

/* The library's address space of the layout at hand: what it has parsed is kept there. NULL: there is none. */
static unw_addr_space_t address_space(struct unwinder *u)
{
	struct layout *layout = code_layout(u->task->code);

	if (!layout)
		return NULL;
	if (!layout->unwinder) {
		layout->unwinder = unw_create_addr_space(&accessors, 0);
		if (layout->unwinder)
			unw_set_caching_policy(layout->unwinder, UNW_CACHE_GLOBAL);
	}
	return layout->unwinder;
}

void unwind_forget(struct layout *layout)
{
	if (layout->unwinder)
		unw_destroy_addr_space(layout->unwinder);
}

bool unwind_covers(struct unwinder *u, uint64_t ip)
{
	unw_proc_info_t info;

	return find_proc_info(address_space(u), ip, &info, 0, u) >= 0;
}

void unwind_begin(struct unwinder *u)
{
	u->live = false;
}

void unwind_stop(struct unwinder *u)
{
	const uint64_t preserved = u->task->arch->preserved;
	unw_word_t value;

	for (unsigned i = 0; u->live && i < u->task->arch->frame_registers; i++) {
		if (preserved >> i & 1 && unw_get_reg(&u->cursor, (unw_regnum_t)i, &value) == 0)
			u->task->frame.values[i] = value;
	}
	u->live = false;
}

/* Whether a step that has ended found a return address, and it was zero. That is the end to libunwind from 1.8 on, but
 * may be nonsense: the end is where unwind information says that there is none. */
static bool returns_to_zero(struct unwinder *u)
{
	unw_word_t sp;

	return u->zero && unw_get_reg(&u->cursor, UNW_REG_SP, &sp) == 0 && u->zero == sp - sizeof(u->zero);
}

/* libunwind treats the first frame as one that was interrupted, and so looks up the instruction there. */
enum unwound unwind_step(struct unwinder *u, uint64_t at, uint64_t *ret_ip, bool *ret_guessed)
{
	unw_word_t ip;
	int r;

	if (!u->live) {
		u->task->frame.values[u->task->arch->ip] = at;
		if (!address_space(u) || unw_init_remote(&u->cursor, address_space(u), u) < 0)
			return UNWOUND_NOWHERE;
		u->live = true;
	}
	u->guessed = false;
	u->zero = 0;
	r = unw_step(&u->cursor);
	*ret_guessed = u->guessed;
	if (r > 0 && unw_get_reg(&u->cursor, UNW_REG_IP, &ip) >= 0 && ip) {
		*ret_ip = ip;
		return UNWOUND_ON;
	}
	return r == 0 && !returns_to_zero(u) ? UNWOUND_END : UNWOUND_NOWHERE;
}

struct unwinder *unwinder_new(struct unwind_task *task)
{
	struct unwinder *u = mem_zalloc(1, sizeof(*u));

	u->task = task;
	return u;
}

void unwinder_free(struct unwinder *u)
{
	free(u);
}

#endif
