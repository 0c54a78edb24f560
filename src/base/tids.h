/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what belongs to a tid. Each of many thousand tasks has a link: 16 bytes, but 56 with uthash. */
#ifndef BASE_TIDS_H
#define BASE_TIDS_H

#include <stddef.h>
#include <sys/types.h>

/* A member of each struct that can be found. */
struct tids_link {
	struct tids_link *next;
	pid_t tid;
};

/* Empty when zeroed. */
struct tids {
	struct tids_link **rows;
	size_t size, count;
};

#define TIDS_ENTRY(link, type, member) ((type *)((char *)(link)-offsetof(type, member)))

void tids_done(struct tids *tids);

/* NULL: TID has no link. */
struct tids_link *tids_find(const struct tids *tids, pid_t tid);

/* LINK is found by TID from now on. No other link has TID. */
void tids_add(struct tids *tids, struct tids_link *link, pid_t tid);

/* Removes LINK, if it is there. */
void tids_remove(struct tids *tids, struct tids_link *link);

#endif
