/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of links. The kernel counts tids up, so their last bits spread them over the rows better than any hash. */
#include "base/tids.h"

#include <stdlib.h>

#include "base/mem.h"

#define SIZE_MIN 16

static struct tids_link **row_of(const struct tids *tids, pid_t tid)
{
	return &tids->rows[(size_t)tid & (tids->size - 1)];
}

static void grow(struct tids *tids)
{
	const struct tids old = *tids;
	struct tids_link *link, *next, **row;

	tids->size = old.size ? 2 * old.size : SIZE_MIN;
	tids->rows = mem_zalloc(tids->size, sizeof(*tids->rows));
	for (size_t i = 0; i < old.size; i++) {
		for (link = old.rows[i]; link; link = next) {
			next = link->next;
			row = row_of(tids, link->tid);
			link->next = *row;
			*row = link;
		}
	}
	free(old.rows);
}

void tids_done(struct tids *tids)
{
	free(tids->rows);
	*tids = (struct tids){ 0 };
}

struct tids_link *tids_find(const struct tids *tids, pid_t tid)
{
	struct tids_link *link = tids->size ? *row_of(tids, tid) : NULL;

	while (link && link->tid != tid)
		link = link->next;
	return link;
}

void tids_add(struct tids *tids, struct tids_link *link, pid_t tid)
{
	struct tids_link **row;

	if (tids->count == tids->size)
		grow(tids);
	row = row_of(tids, tid);
	*link = (struct tids_link){ .next = *row, .tid = tid };
	*row = link;
	tids->count++;
}

void tids_remove(struct tids *tids, struct tids_link *link)
{
	struct tids_link **at = tids->size ? row_of(tids, link->tid) : NULL;

	while (at && *at && *at != link)
		at = &(*at)->next;
	if (!at || !*at)
		return;
	*at = link->next;
	tids->count--;
}
