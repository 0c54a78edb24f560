/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libthread_db and the functions that it calls back (proc_service.h). */
#include "source/stack/threads.h"

#ifndef HAVE_LIBTHREAD_DB

struct threads *threads_new(const struct threads_ops *ops, void *data)
{
	(void)ops, (void)data;
	return NULL;
}

void threads_free(struct threads *threads)
{
	(void)threads;
}

bool threads_start(const struct threads *threads, uint64_t pthread, uint64_t *ret)
{
	(void)threads, (void)pthread, (void)ret;
	return false;
}

bool threads_has_left(struct threads *threads, uint64_t pthread)
{
	(void)threads, (void)pthread;
	return false;
}

#else

#include <proc_service.h>
#include <stdlib.h>
#include <thread_db.h>
#include <unistd.h>

#include "base/mem.h"

struct ps_prochandle {
	struct threads_ops ops;
	void *data;
};

struct threads {
	struct ps_prochandle handle;
	td_thragent_t *agent;
	uint32_t routine; /* where in struct pthread; 0: not known */
};

ps_err_e ps_pglobal_lookup(struct ps_prochandle *handle, const char *object, const char *name, psaddr_t *ret)
{
	uint64_t address;

	(void)object;
	if (!handle->ops.symbol(handle->data, name, &address))
		return PS_NOSYM;
	*ret = (psaddr_t)(uintptr_t)address;
	return PS_OK;
}

ps_err_e ps_pdread(struct ps_prochandle *handle, psaddr_t address, void *to, size_t length)
{
	return handle->ops.read(handle->data, (uintptr_t)address, to, length) ? PS_OK : PS_BADADDR;
}

ps_err_e ps_ptread(struct ps_prochandle *handle, psaddr_t address, void *to, size_t length)
{
	return ps_pdread(handle, address, to, length);
}

/* Nothing is ever written, and no registers are read, because threads are looked up by their pthread_t. */

ps_err_e ps_pdwrite(struct ps_prochandle *handle, psaddr_t address, const void *from, size_t length)
{
	(void)handle, (void)address, (void)from, (void)length;
	return PS_ERR;
}

ps_err_e ps_ptwrite(struct ps_prochandle *handle, psaddr_t address, const void *from, size_t length)
{
	return ps_pdwrite(handle, address, from, length);
}

ps_err_e ps_lgetregs(struct ps_prochandle *handle, lwpid_t lwp, prgregset_t registers)
{
	(void)handle, (void)lwp, (void)registers;
	return PS_ERR;
}

ps_err_e ps_lsetregs(struct ps_prochandle *handle, lwpid_t lwp, const prgregset_t registers)
{
	(void)handle, (void)lwp, (void)registers;
	return PS_ERR;
}

ps_err_e ps_lgetfpregs(struct ps_prochandle *handle, lwpid_t lwp, prfpregset_t *registers)
{
	(void)handle, (void)lwp, (void)registers;
	return PS_ERR;
}

ps_err_e ps_lsetfpregs(struct ps_prochandle *handle, lwpid_t lwp, const prfpregset_t *registers)
{
	(void)handle, (void)lwp, (void)registers;
	return PS_ERR;
}

pid_t ps_getpid(struct ps_prochandle *handle)
{
	(void)handle;
	return getpid(); /* called for a thread without a tid, which cltrace does not look up */
}

ps_err_e ps_get_thread_area(struct ps_prochandle *handle, lwpid_t lwp, int index, psaddr_t *ret)
{
	(void)handle, (void)lwp, (void)index, (void)ret;
	return PS_ERR;
}

/* Where struct pthread has start_routine, by the descriptor that glibc keeps for libthread_db: size in bits, number and
 * offset (its nptl_db/db_info.c). 0: it has none, or not of our word's size. */
static uint32_t find_routine(const struct threads_ops *ops, void *data)
{
	uint32_t field[3];
	uint64_t address;

	if (!ops->symbol(data, "_thread_db_pthread_start_routine", &address) ||
	    !ops->read(data, address, field, sizeof(field)) || field[0] != 64)
		return 0;
	return field[2];
}

struct threads *threads_new(const struct threads_ops *ops, void *data)
{
	struct threads *threads = mem_zalloc(1, sizeof(*threads));

	threads->handle.ops = *ops;
	threads->handle.data = data;
	if (td_init() == TD_OK && td_ta_new(&threads->handle, &threads->agent) == TD_OK) {
		threads->routine = find_routine(ops, data);
		return threads;
	}
	free(threads);
	return NULL;
}

void threads_free(struct threads *threads)
{
	if (!threads)
		return;
	td_ta_delete(threads->agent);
	free(threads);
}

/* libthread_db would read the routine through the same descriptor (its td_thr_get_info.c), after everything else that
 * it knows of a thread, and it cannot read the argument. In struct pthread the argument comes right behind
 * start_routine, from glibc's first NPTL (2002) on: "start position of the code to be executed and the argument passed
 * to the function" (nptl/descr.h). So the descriptor of start_routine leads to the argument. */
bool threads_start(const struct threads *threads, uint64_t pthread, uint64_t *ret)
{
	if (!threads->routine)
		return false;
	*ret = pthread + threads->routine;
	return true;
}

/* Its descriptor stays where it was until another thread gets it, or its memory is given back. */
bool threads_has_left(struct threads *threads, uint64_t pthread)
{
	td_thrhandle_t handle;
	td_thrinfo_t info;

	if (td_ta_map_id2thr(threads->agent, (thread_t)pthread, &handle) != TD_OK ||
	    td_thr_get_info(&handle, &info) != TD_OK)
		return false;
	return info.ti_state == TD_THR_ZOMBIE || info.ti_state == TD_THR_UNKNOWN;
}

#endif
