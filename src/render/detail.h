/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that -v and --explain add to a request: the resources as a matrix, flags set and not set, misconceptions.
 */
#ifndef RENDER_DETAIL_H
#define RENDER_DETAIL_H

#include <stdbool.h>

struct parties;
struct printer;
struct request;

/* Where the lines go, and how. */
struct detail {
	struct printer *printer;
	unsigned *reported; /* explain_correction()'s memory */
	bool no_arguments;  /* the request is a mask: whether the call brings a stack is not known */
};

/* What becomes of each resource, in as many columns as there is room for; the namespaces that are the caller's are in
 * one line. For unshare and setns, only what changes. Nothing if the flags are not known. */
void detail_matrix(const struct detail *detail, const struct request *request, const struct parties *parties);

/* Each flag that is set, with its meaning for these tasks, and the unknown bits. */
void detail_flags(const struct detail *detail, const struct request *request, const struct parties *parties);

/* The same for a request that was refused: what each would have meant. */
void detail_refused(const struct detail *detail, const struct request *request, const struct parties *parties);

/* Each flag that is not set and would have meant sharing; then who is informed of the task's end. */
void detail_missing(const struct detail *detail, const struct request *request, const struct parties *parties);

/* The evidence for "looks like"; then the misconceptions that apply and were not corrected before. */
void detail_remarks(const struct detail *detail, const struct request *request, const struct parties *parties);

#endif
