/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for calls that change their caller instead of creating a task: unshare, setns, setsid, setpgid, prctl,
 * close_range. */
#ifndef TEACH_EFFECT_H
#define TEACH_EFFECT_H

#include <sys/types.h>

#include "abi/abi.h"

struct request;
struct text;

/* Adds one line, without its end, on what REQUEST, which succeeded, changed for its caller TGID (0: not known); adds
 * nothing where there is nothing to say. Pids among the arguments are as the caller sees them, who is INSIDE in its own
 * pid namespace; 0: that is the tracer's. */
void effect_explain(struct text *text, const struct request *request, pid_t tgid, pid_t inside);

/* Where it stands what CALL changes; NULL for a call that effect_explain() has nothing to say of. */
const char *effect_source(enum call call);

#endif
