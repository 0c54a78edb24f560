/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which library call a request looks like. An inference from the flags: say "looks like", never "is". */
#ifndef CLONE_FINGERPRINT_H
#define CLONE_FINGERPRINT_H

struct request;

/* "fork()", "pthread_create()", "posix_spawn()", "vfork()", "a goroutine's thread (Go)", "a LinuxThreads pthread", ...
 * or NULL when the request is none that we know. */
const char *fingerprint_find(const struct request *request);

#endif
