/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libdw: a session for each layout, whose modules are the files that code was found in. Each step starts again from the
 * registers that the step before has found. */
#include "source/stack/unwind.h"

#ifdef UNWINDER_LIBDW

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

struct unwinder {
	struct unwind_task *task;
	uint64_t known;	 /* registers that have a value: the bit of each */
	Elf64_Ehdr head; /* of a file that names the machine, and nothing else */
	Elf *elf;
	/* The step at hand. */
	uint64_t at, ip;
	unsigned frames;
};

const char *unwind_lack(void)
{
	return arch_native()->frame ? NULL : "this cltrace knows no stacks of this machine";
}

/* What the session asks ------------------------------------------------------------------------------------------- */

static int find_elf(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, char **path, Elf **elf)
{
	(void)module, (void)data, (void)name, (void)base, (void)path, (void)elf;
	return -1;
}

/* The file of the code has the information that is needed. */
static int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, const char *file,
			  const char *link, GElf_Word sum, char **path)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)sum, (void)path;
	return -1;
}

static const Dwfl_Callbacks callbacks = { .find_elf = find_elf, .find_debuginfo = find_debuginfo };

static pid_t next_thread(Dwfl *dwfl, void *data, void **thread)
{
	(void)dwfl;
	if (*thread)
		return 0;
	*thread = data;
	return 1;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *data, void **thread)
{
	(void)dwfl, (void)tid;
	*thread = data;
	return true;
}

static bool memory_read(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *ret, void *data)
{
	const struct unwinder *u = data;
	uint64_t word;

	(void)dwfl;
	if (!code_word(u->task->code, address, &word))
		return false;
	*ret = word;
	return true;
}

static bool set_initial_registers(Dwfl_Thread *thread, void *data)
{
	const struct unwinder *u = data;

	for (unsigned i = 0; i < u->task->arch->frame_registers; i++) {
		const Dwarf_Word value = u->task->frame.values[i];

		if (u->known >> i & 1 && !dwfl_thread_state_registers(thread, (int)i, 1, &value))
			return false;
	}
	dwfl_thread_state_register_pc(thread, u->at);
	return true;
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = memory_read,
	.set_initial_registers = set_initial_registers,
};

/* Sessions --------------------------------------------------------------------------------------------------------- */

void unwind_forget(struct layout *layout)
{
	if (layout->unwinder)
		dwfl_end(layout->unwinder);
}

/* The session of the layout at hand; NULL: there is none. */
static Dwfl *session(struct unwinder *u)
{
	struct layout *layout = code_layout(u->task->code);

	if (!layout)
		return NULL;
	if (!layout->unwinder) {
		layout->unwinder = dwfl_begin(&callbacks);
		dwfl_attach_state(layout->unwinder, u->elf, 1, &thread_callbacks, u);
	}
	return layout->unwinder;
}

/* The module that has IP, which is added to the session at need; NULL: there is no file that has IP. */
static Dwfl_Module *module_at(struct unwinder *u, uint64_t ip)
{
	const struct mapping *mapping = code_find(u->task->code, ip);
	const struct object *object = mapping ? mapping->object : NULL;
	Dwfl *dwfl = session(u);
	Dwfl_Module *module;
	int fd;

	if (!dwfl || !object)
		return NULL;
	module = dwfl_addrmodule(dwfl, ip);
	if (module)
		return module;
	fd = code_open(u->task->code, object);
	if (fd < 0)
		return NULL;
	dwfl_report_begin_add(dwfl);
	module = dwfl_report_elf(dwfl, object->path, object->path, fd, mapping->base - object->first, true);
	if (!module)
		close(fd); /* the session's own once it was reported */
	dwfl_report_end(dwfl, NULL, NULL);
	return dwfl_addrmodule(dwfl, ip);
}

/* The unwind information for the instruction at IP; free(). NULL: there is none. */
static Dwarf_Frame *frame_at(struct unwinder *u, uint64_t ip)
{
	Dwfl_Module *module = module_at(u, ip);
	Dwarf_Frame *frame = NULL;
	Dwarf_Addr bias = 0;
	Dwarf_CFI *cfi = module ? dwfl_module_eh_cfi(module, &bias) : NULL;

	return cfi && dwarf_cfi_addrframe(cfi, ip - bias, &frame) == 0 ? frame : NULL;
}

bool unwind_covers(struct unwinder *u, uint64_t ip)
{
	Dwarf_Frame *frame = frame_at(u, ip);
	const bool found = frame;

	free(frame);
	return found;
}

/* Steps ------------------------------------------------------------------------------------------------------------ */

void unwind_begin(struct unwinder *u)
{
	u->known = (UINT64_C(1) << u->task->arch->frame_registers) - 1;
}

/* The registers are the task's `frame` already. */
void unwind_stop(struct unwinder *u)
{
	(void)u;
}

/* Takes the registers of the second frame. */
static int take_frame(Dwfl_Frame *state, void *data)
{
	struct unwinder *u = data;
	const struct arch *arch = u->task->arch;
	Dwarf_Addr ip;

	if (!u->frames++)
		return DWARF_CB_OK;
	if (!dwfl_frame_pc(state, &ip, NULL))
		return DWARF_CB_ABORT;
	u->known = 0;
	for (unsigned i = 0; i < arch->frame_registers; i++) {
		Dwarf_Word value;

		if (dwfl_frame_reg(state, i, &value) == 0) {
			u->task->frame.values[i] = value;
			u->known |= UINT64_C(1) << i;
		}
	}
	u->ip = ip;
	return DWARF_CB_ABORT;
}

/* Whether FRAME's return address is said to be undefined, which is how the first function of a stack is marked. */
static bool is_outermost(Dwarf_Frame *frame)
{
	const int number = dwarf_frame_info(frame, NULL, NULL, NULL);
	Dwarf_Op *ops, memory[3];
	size_t count;

	return number >= 0 && dwarf_frame_register(frame, number, memory, &ops, &count) == 0 && !count && ops == memory;
}

/* The registers that OPS, of a rule for one register or for the CFA, name: the bit of each. */
static uint64_t named_registers(const Dwarf_Op *ops, size_t count)
{
	uint64_t named = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t number = UINT64_MAX;

		if (ops[i].atom == DW_OP_regx || ops[i].atom == DW_OP_bregx)
			number = ops[i].number;
		else if (ops[i].atom >= DW_OP_reg0 && ops[i].atom <= DW_OP_reg31)
			number = ops[i].atom - DW_OP_reg0;
		else if (ops[i].atom >= DW_OP_breg0 && ops[i].atom <= DW_OP_breg31)
			number = ops[i].atom - DW_OP_breg0;
		if (number < 64)
			named |= UINT64_C(1) << number;
	}
	return named;
}

/* The registers that a step from FRAME depends on, because libdw reads all of them and does not say which ones its
 * result depends on. The others keep their value, or get theirs from memory. */
static uint64_t registers_read(const struct arch *arch, Dwarf_Frame *frame)
{
	Dwarf_Op *ops, memory[3];
	uint64_t read = 0;
	size_t count;

	if (!frame)
		return UINT64_C(1) << arch->fp | UINT64_C(1) << arch->sp;
	if (dwarf_frame_cfa(frame, &ops, &count) == 0)
		read = named_registers(ops, count);
	for (unsigned i = 0; i <= arch->frame_registers; i++) {
		if (dwarf_frame_register(frame, (int)i, memory, &ops, &count) == 0 && ops)
			read |= named_registers(ops, count);
	}
	return read;
}

enum unwound unwind_step(struct unwinder *u, uint64_t at, uint64_t *ret_ip, bool *ret_guessed)
{
	Dwarf_Frame *frame = frame_at(u, at);
	const bool outermost = frame && is_outermost(frame);

	*ret_guessed = !frame;
	u->task->read |= registers_read(u->task->arch, frame);
	free(frame);
	if (outermost)
		return UNWOUND_END;
	if (!session(u))
		return UNWOUND_NOWHERE;
	u->at = at;
	u->ip = u->frames = 0;
	dwfl_getthread_frames(session(u), 1, take_frame, u);
	*ret_ip = u->ip;
	return u->ip ? UNWOUND_ON : UNWOUND_NOWHERE;
}

struct unwinder *unwinder_new(struct unwind_task *task)
{
	struct unwinder *u = mem_zalloc(1, sizeof(*u));

	u->task = task;
	u->head = (Elf64_Ehdr){ .e_ident = ELFMAG,
				.e_type = ET_DYN,
				.e_machine = (uint16_t)task->arch->audit_arch, /* its lower half, <linux/audit.h> */
				.e_version = EV_CURRENT,
				.e_ehsize = sizeof(u->head) };
	u->head.e_ident[EI_CLASS] = ELFCLASS64;
	u->head.e_ident[EI_DATA] = ELFDATA2LSB;
	u->head.e_ident[EI_VERSION] = EV_CURRENT;
	elf_version(EV_CURRENT);
	u->elf = elf_memory((char *)&u->head, sizeof(u->head));
	return u;
}

void unwinder_free(struct unwinder *u)
{
	if (!u)
		return;
	elf_end(u->elf);
	free(u);
}

#endif
