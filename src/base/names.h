/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of errno values and signals, as numbered by asm-generic and x86 (independent of the C library). */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct text;

enum { SIGNAL_LAST = 64 }; /* _NSIG: valid_signal() */

/* Whether the LENGTH bytes at NAME are one of the names in LIST, which blanks separate. */
bool name_is_listed(const char *list, const char *name, size_t length);

/* "EPERM" for 1 and so on; NULL for a number without a name. */
const char *errno_name(int number);

/* Adds it, or "errno 4095" for a number without a name. */
void errno_add_name(struct text *text, int number);

/* Whether signal_add_name() gives a name, not just "signal 32". */
bool signal_has_name(int signo);

/* Adds "SIGCHLD", for real-time signals "SIGRTMIN+n" counted from the C library's 34 as kill(1) does, and for any other
 * number "signal 32". */
void signal_add_name(struct text *text, int signo);

/* The number of NAME, with or without "SIG", or -1. */
int signal_by_name(const char *name);

#endif
