/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process has a number that the kernel gave to a task in a pid namespace. */
#ifndef MODEL_SENDERS_H
#define MODEL_SENDERS_H

#include <stdbool.h>
#include <sys/types.h>

struct task;
struct step;

/* The processes that were seen with a number, as their leaders. */
struct senders {
	const struct task *here;  /* in the receiver's pid namespace; NULL: none was seen */
	const struct task *below; /* in a namespace below, where it has this number; NULL: none was seen */
	bool several;		  /* ... in more than one of them */
};

/* Who SENDER may be in STEP, a SIGNAL. kill(2), tgkill(2) and the callers of sigqueue(3) write the sender's number in
 * its own pid namespace (kernel/signal.c: prepare_kill_siginfo()), which is the receiver's or, with OWN, one below:
 * senders outside cannot be seen, and have the number 0 (send_signal_locked()). The kernel's own numbers, without OWN,
 * are those of the receiver's namespace. */
void senders_find(const struct step *step, pid_t sender, bool own, struct senders *ret);

#endif
