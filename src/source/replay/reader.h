/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that reads a recording: lines of JSON as the json sink writes them, to events. */
#ifndef SOURCE_REPLAY_READER_H
#define SOURCE_REPLAY_READER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct event;

struct replay_config {
	int fd;
	bool follow;		 /* at the end of the file wait for more of it, until END has come */
	const sigset_t *signals; /* blocked by the caller: each of them ends the reading; NULL: none does */
	int (*event)(void *data, const struct event *event); /* < 0: end the reading */
	void (*idle)(void *data);			     /* nothing to read now: flush; may be NULL */
	void *data;
};

/* How a recording was. */
struct replay_result {
	uint64_t lines, events;
	uint64_t malformed, malformed_line; /* lines that are not events; the number of the first one, from 1 */
	uint64_t unknown, unknown_line;	    /* events of a kind, or with a name, that only a newer version knows */
	uint64_t missing;		    /* events that are not there at all, by the sequence numbers */
	unsigned format;		    /* a format newer than ours; 0: none is */
	bool begun;			    /* the first event was BEGIN */
	bool ended;			    /* the last one was END */
	bool cut;			    /* the last line has no end, and is no event */
	int signo;			    /* the signal that ended the reading; 0: none */
	bool stopped;			    /* the event callback ended it */
};

/* Reads CONFIG's descriptor to its end. Whatever it holds does no harm: what is no event is counted and passed over, a
 * BEGIN of a newer format and what follows it is read as far as it is understood. Returns 0, or -errno where reading
 * failed; *RET is filled in any case. */
int replay_run(const struct replay_config *config, struct replay_result *ret);

#endif
