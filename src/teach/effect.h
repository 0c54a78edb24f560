/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for calls that change their caller instead of creating a task: unshare, setns, setsid, setpgid, prctl,
 * close_range. */
#ifndef TEACH_EFFECT_H
#define TEACH_EFFECT_H

#include <sys/types.h>

#include "abi/abi.h"

struct request;
struct text;

/* Adds one line, without its end, about what REQUEST, which succeeded, changed for its caller TGID (0: not known); adds
 * nothing if there is nothing to say. Pids among the arguments are those of the caller's pid namespace, in which the
 * caller has the pid INSIDE; 0: the namespace is the tracer's. */
void effect_explain(struct text *text, const struct request *request, pid_t tgid, pid_t inside);

/* The source that says what CALL changes; NULL: effect_explain() has nothing to say about the call. */
const char *effect_source(enum call call);

#endif
