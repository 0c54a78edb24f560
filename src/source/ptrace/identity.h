/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user of -u: USER, USER:GROUP or :GROUP, each a name or a number. */
#ifndef SOURCE_PTRACE_IDENTITY_H
#define SOURCE_PTRACE_IDENTITY_H

#include <sys/types.h>

struct identity {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* malloc'ed; the supplementary ones */
	int group_count;
};

/* Looks SPEC up. To be called before the fork, because name services may start threads and programs. 0, or -errno after
 * a message. */
int identity_parse(const char *spec, struct identity *ret);

/* The same, after a check whether we may become another user. */
int identity_find(const char *spec, struct identity *ret);
void identity_done(struct identity *identity);

/* Becomes IDENTITY permanently. 0 or -errno. */
int identity_take(const struct identity *identity);

#endif
