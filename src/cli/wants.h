/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run learns for its outputs, worked out once. */
#ifndef CLI_WANTS_H
#define CLI_WANTS_H

#include <stdbool.h>

#include "event/event.h"
#include "event/want.h"

struct options;

struct wants {
	enum event_mode mode;
	unsigned mask;	 /* bits of enum event_want: what all outputs need; no cheap ones are left */
	unsigned frames; /* of each stack at most; 0: no stacks are wanted */
	/* The option or format that requires stacks, for messages; "": there are stacks only if they can be had. */
	char stacks_by[32];
};

/* UNWINDS: whether this build can walk stacks. */
void wants_init(struct wants *ret, const struct options *options, bool unwinds);

#endif
