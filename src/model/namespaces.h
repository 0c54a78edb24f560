/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which namespaces each task is in: from the flags of its calls, and by the inode numbers if the kernel showed them.
 */
#ifndef MODEL_NAMESPACES_H
#define MODEL_NAMESPACES_H

#include <stdint.h>

#include "event/event.h"
#include "model/model.h"

/* OWN: the tracer's namespaces; 0: not known. The functions set RET->ns_changed to what has changed, bits 1 << enum
 * namespace. */

/* EVENT, a SPAWN, created TASK; CREATOR NULL: not known. What has changed is where TASK differs from its creator. */
void namespaces_spawn(struct task *task, struct task *creator, const struct event *event, const uint64_t *own,
		      struct step *ret);

/* TASK made the call EVENT, which succeeded. */
void namespaces_call(struct task *task, const struct event *event, const uint64_t *own, struct step *ret);

/* TASK is in NS, an array of COUNT in the order of enum namespace. */
void namespaces_seen(struct task *task, const uint64_t *ns, unsigned count, const uint64_t *own, struct step *ret);

/* TASK is to be freed. */
void namespaces_done(struct task *task);

#endif
