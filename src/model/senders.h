/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which process a number is that the kernel gave to a task inside its pid namespace. */
#ifndef MODEL_SENDERS_H
#define MODEL_SENDERS_H

#include <stdbool.h>
#include <sys/types.h>

struct task;
struct step;

/* The processes that were seen with a number, by their leaders. */
struct senders {
	const struct task *here;  /* in the receiver's pid namespace; NULL: none was seen */
	const struct task *below; /* in one below that, as it sees itself; NULL: none was seen */
	bool several;		  /* ... in more than one of these */
};

/* Who SENDER may be in STEP, a SIGNAL. kill(2), tgkill(2) and whoever calls sigqueue(3) write the sender's number in
 * its own pid namespace (kernel/signal.c: prepare_kill_siginfo()), which is the receiver's or, with OWN, one below:
 * those outside cannot be seen, and are 0 (send_signal_locked()). The kernel's own numbers, without OWN, are the
 * receiver's namespace's. */
void senders_find(const struct step *step, pid_t sender, bool own, struct senders *ret);

#endif
