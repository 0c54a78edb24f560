/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the signals sent to cltrace are passed on to the launched program. Pure: the engine asks the kernel.
 *
 * kill(2) of cltrace alone is meant for the program. kill(2) of the whole process group, or of one after the other,
 * reaches the program by itself, and passed on it would come twice; the siginfo is the same in both cases. But the
 * tracer sees each signal that the program gets, even an ignored one (kernel/signal.c: sig_ignored()): when the program
 * gets the same signal from the same sender at about the same time, what came to us is the other copy of it. It may
 * come first, so a signal waits for RELAY_NS before it is passed on. As standard signals do not queue either, several
 * from one sender within that time count as one. */
#ifndef SOURCE_PTRACE_RELAY_H
#define SOURCE_PTRACE_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/ptrace/wait.h"

/* The members of a group get a signal within microseconds of each other. The rest is for a machine that is busy, so
 * that we learn of one much later than of the other. */
#define RELAY_NS 50000000
#define RELAY_MAX 16

struct relay_entry {
	struct wait_signal signal; /* signo 0: empty */
	uint64_t when;
	bool paired; /* one of that number was pending for us as well: the two belong together, however long we take */
};

/* Zeros to begin with. */
struct relay {
	struct relay_entry program[RELAY_MAX]; /* what the program got, a ring */
	unsigned next;
	struct relay_entry waiting[RELAY_MAX]; /* what we got, the oldest first */
	size_t count;
};

/* Whether A and B can be copies of one signal. pid 0: the sender is not known. */
bool relay_is_same(const struct wait_signal *a, const struct wait_signal *b);

/* The program gets SIGNAL. PENDING: whether one of the same number is pending for us. */
void relay_program(struct relay *relay, const struct wait_signal *signal, bool pending, uint64_t when);

/* What we get of SIGNO from now on is no copy of what the program got before. */
void relay_forget(struct relay *relay, int signo);

/* Whether SIGNAL, which we got, is the copy of one that the program got just before. Asked once for each. */
bool relay_is_copy(struct relay *relay, const struct wait_signal *signal, uint64_t when);

/* SIGNAL is to be passed on unless the program gets the same in time. False: there is no room to wait. */
bool relay_wait(struct relay *relay, const struct wait_signal *signal, uint64_t when);

/* How many ns until a signal is due, or -1: none waits. */
int64_t relay_timeout(const struct relay *relay, uint64_t now);

/* Takes a signal whose time is up, so that it is to be passed on; false when there is none. */
bool relay_due(struct relay *relay, uint64_t now, struct wait_signal *ret);

#endif
