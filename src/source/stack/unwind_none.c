/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A build without an unwinder, which has no stacks: stacks_new() asks unwind_lack(). */
#include "source/stack/unwind.h"

#if !defined(UNWINDER_LIBUNWIND) && !defined(UNWINDER_LIBDW)

const char *unwind_lack(void)
{
	return "this cltrace was built without libunwind and libdw";
}

struct unwinder *unwinder_new(struct unwind_task *task)
{
	(void)task;
	return NULL;
}

void unwinder_free(struct unwinder *unwinder)
{
	(void)unwinder;
}

void unwind_forget(struct layout *layout)
{
	(void)layout;
}

bool unwind_covers(struct unwinder *unwinder, uint64_t ip)
{
	(void)unwinder, (void)ip;
	return false;
}

void unwind_begin(struct unwinder *unwinder)
{
	(void)unwinder;
}

enum unwound unwind_step(struct unwinder *unwinder, uint64_t at, uint64_t *ret_ip, bool *ret_guessed)
{
	(void)unwinder, (void)at, (void)ret_ip;
	*ret_guessed = false;
	return UNWOUND_NOWHERE;
}

void unwind_stop(struct unwinder *unwinder)
{
	(void)unwinder;
}

#endif
