/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is true of a request that nobody has made: whether the kernel refuses it, and since which version the kernel
 * knows it. */
#ifndef PAGE_JUDGED_H
#define PAGE_JUDGED_H

#include "clone/request.h"

struct parsed;
struct rule;
struct text;

/* The request for the rules: what was not given gets values that a correct caller would use. */
struct request judged_request(const struct parsed *parsed);

/* The rule that refuses the request; NULL also if the request was made. */
const struct rule *judged_refusal(const struct parsed *parsed);

/* The version from which the kernel knows REQUEST, and the flag or call that is the newest in it; NULL: the kernel of
 * the first stable headers did. */
const char *judged_since(const struct request *request, const char **ret_what);

/* Adds to LINE, which can already have other reasons for the same errno: "refused with EPERM if the caller lacks
 * CAP_SYS_ADMIN ...". */
void judged_add_condition(struct text *line, const struct rule *rule, const struct request *request);

#endif
