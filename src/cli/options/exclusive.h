/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which options exclude or require each other. */
#ifndef CLI_OPTIONS_EXCLUSIVE_H
#define CLI_OPTIONS_EXCLUSIVE_H

#include <stdbool.h>

#include "cli/options/table.h"

/* Whether OPTIONS do not say what to trace or show. */
bool exclusive_needs_program(const struct options *options);

/* Finds errors that only several options together show. Returns 0, or -EINVAL with the message filled. */
int exclusive_check(struct parse *parse);

#endif
