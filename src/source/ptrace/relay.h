/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the signals sent to cltrace are passed on to the launched program. Pure: the engine asks the kernel.
 *
 * If only cltrace is the target of a kill(2), the signal is meant for the program. If the target is the whole process
 * group, or both in turn, the program gets the signal by itself, and would get it twice if it were passed on. The
 * siginfo is the same in both cases. But the tracer sees each signal that the program gets, even an ignored one
 * (kernel/signal.c: sig_ignored()). If the program gets the same signal from the same sender at about the same time,
 * the signal for cltrace is the other copy. This copy can come first, so a signal waits for RELAY_NS before it is
 * passed on. Standard signals do not queue, so several from one sender within that time count as one. */
#ifndef SOURCE_PTRACE_RELAY_H
#define SOURCE_PTRACE_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/ptrace/wait.h"

/* The members of a group get a signal within microseconds of each other. The rest of the time is for a busy machine, on
 * which cltrace may see one much later than the other. */
#define RELAY_NS 50000000
#define RELAY_MAX 16

struct relay_entry {
	struct wait_signal signal; /* signo 0: empty */
	uint64_t when;
	/* a signal with the same number was pending for us, too: the two belong together, however late we take ours */
	bool paired;
};

/* Zeros to begin with. */
struct relay {
	struct relay_entry program[RELAY_MAX]; /* signals that the program got, a ring */
	unsigned next;
	struct relay_entry waiting[RELAY_MAX]; /* signals that we got, the oldest first */
	size_t count;
};

/* Whether A and B can be copies of one signal. pid 0: the sender is not known. */
bool relay_is_same(const struct wait_signal *a, const struct wait_signal *b);

/* The program gets SIGNAL. PENDING: whether a signal with the same number is pending for us. */
void relay_program(struct relay *relay, const struct wait_signal *signal, bool pending, uint64_t when);

/* A signal SIGNO that we get from now on is not a copy of one that the program got before. */
void relay_forget(struct relay *relay, int signo);

/* Whether SIGNAL, which we got, is a copy of one that the program got just before. To be called once for each signal.
 */
bool relay_is_copy(struct relay *relay, const struct wait_signal *signal, uint64_t when);

/* SIGNAL is to be passed on unless the program gets the same signal in time. False: there is no room for it to wait. */
bool relay_wait(struct relay *relay, const struct wait_signal *signal, uint64_t when);

/* How many ns until a signal is due, or -1: none waits. */
int64_t relay_timeout(const struct relay *relay, uint64_t now);

/* Removes a signal whose time is over, which is to be passed on; false: there is none. */
bool relay_due(struct relay *relay, uint64_t now, struct wait_signal *ret);

#endif
