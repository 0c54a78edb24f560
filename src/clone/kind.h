/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thread or process: what kind of task a request creates. The flags decide, never the ptrace event. */
#ifndef CLONE_KIND_H
#define CLONE_KIND_H

#include <stdint.h>

struct request;

enum kind {
	KIND_UNKNOWN, /* the flags are not known */
	KIND_THREAD,  /* CLONE_THREAD: joins the caller's thread group */
	KIND_PROCESS, /* a thread group of its own, memory copied */
	/* VM and VFORK: shares memory until it execs or exits, and the caller waits until then */
	KIND_PROCESS_VFORK,
	/* VM without VFORK and THREAD: shares memory like a thread, but is a separate process */
	KIND_PROCESS_SHARING,
	KIND_PROCESS_NAMESPACES, /* a process with at least one new namespace (whatever it shares besides) */
	KIND_COUNT
};

_Static_assert(KIND_COUNT <= 32, "masks have a bit 1 << enum kind");

enum kind kind_of(const struct request *request);

/* The flags that made kind_of() decide so, in the bits of REQUEST's call: those that are set, and those that would have
 * made it a task of another kind. Both 0 for KIND_UNKNOWN. */
void kind_reasons(const struct request *request, uint64_t *ret_set, uint64_t *ret_clear);

/* For tables and recordings: "unknown", "thread", "process", "process-vfork", "process-sharing",
 * "process-namespaces". */
const char *kind_name(enum kind kind);

/* The source that says that such a request creates such a task. */
const char *kind_source(enum kind kind);

#endif
