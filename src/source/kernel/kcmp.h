/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kcmp(2), with the answer that it lacks: whether a task has the object at all. */
#ifndef SOURCE_KERNEL_KCMP_H
#define SOURCE_KERNEL_KCMP_H

#include <sys/types.h>

#include "clone/object.h"

struct kcmp;

/* Two tasks that both have no I/O context, or no list of semaphore undos, compare equal. So cltrace keeps a task that
 * has neither: a zombie, whose parent is a child of ours that always ends with us. NULL: it could not be created. */
struct kcmp *kcmp_new(void);
void kcmp_free(struct kcmp *kcmp);

/* How the objects of two tasks are ordered: *RET is below, at or above 0. Returns 0 or -errno: -EPERM, -ESRCH (gone),
 * -ENOSYS (CONFIG_KCMP is not set). */
int kcmp_order(pid_t one, pid_t other, enum task_object object, int *ret);

/* Whether TID has OBJECT: 1, 0 or -errno; -ECHILD: KCMP is NULL, or its zombie is gone. */
int kcmp_has(const struct kcmp *kcmp, pid_t tid, enum task_object object);

/* The zombie; 0: none. */
pid_t kcmp_without(const struct kcmp *kcmp);

#endif
