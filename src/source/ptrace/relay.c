/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Distinguishes signals that are only for the program from copies of those that it gets anyway (see relay.h). */
#include "source/ptrace/relay.h"

#include <string.h>

bool relay_is_same(const struct wait_signal *a, const struct wait_signal *b)
{
	return a->signo == b->signo && a->code == b->code && (a->pid == b->pid || !a->pid || !b->pid);
}

static void waiting_remove(struct relay *relay, size_t index)
{
	relay->count--;
	memmove(relay->waiting + index, relay->waiting + index + 1, (relay->count - index) * sizeof(relay->waiting[0]));
}

void relay_program(struct relay *relay, const struct wait_signal *signal, bool pending, uint64_t when)
{
	for (size_t i = relay->count; i-- > 0;) {
		if (relay_is_same(&relay->waiting[i].signal, signal))
			waiting_remove(relay, i);
	}
	relay->program[relay->next++ % RELAY_MAX] = (struct relay_entry){ *signal, when, pending };
}

void relay_forget(struct relay *relay, int signo)
{
	for (size_t i = 0; i < RELAY_MAX; i++) {
		if (relay->program[i].signal.signo == signo)
			relay->program[i] = (struct relay_entry){ 0 };
	}
}

bool relay_is_copy(struct relay *relay, const struct wait_signal *signal, uint64_t when)
{
	bool copy = false;

	for (size_t i = 0; i < RELAY_MAX; i++) {
		struct relay_entry *entry = &relay->program[i];

		if (entry->signal.signo != signal->signo)
			continue;
		if (relay_is_same(&entry->signal, signal))
			copy |= entry->paired || when - entry->when <= RELAY_NS;
		entry->paired = false; /* this is the signal that was pending for us */
	}
	return copy;
}

bool relay_wait(struct relay *relay, const struct wait_signal *signal, uint64_t when)
{
	for (size_t i = 0; i < relay->count; i++) {
		if (relay_is_same(&relay->waiting[i].signal, signal))
			return true;
	}
	if (relay->count == RELAY_MAX)
		return false;
	relay->waiting[relay->count++] = (struct relay_entry){ .signal = *signal, .when = when };
	return true;
}

int64_t relay_timeout(const struct relay *relay, uint64_t now)
{
	uint64_t due;

	if (!relay->count)
		return -1;
	due = relay->waiting[0].when + RELAY_NS;
	return due > now ? (int64_t)(due - now) : 0;
}

bool relay_due(struct relay *relay, uint64_t now, struct wait_signal *ret)
{
	if (relay_timeout(relay, now) != 0)
		return false;
	*ret = relay->waiting[0].signal;
	waiting_remove(relay, 0);
	return true;
}
