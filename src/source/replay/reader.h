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
	bool follow; /* at the end of the file, wait for more until END has come */
	/* blocked by the caller: each of them ends the reading; NULL: no signal does */
	const sigset_t *signals;
	int (*event)(void *data, const struct event *event); /* < 0: end the reading */
	void (*idle)(void *data);			     /* nothing to read now: flush; may be NULL */
	void *data;
};

/* The state of a recording. */
struct replay_result {
	uint64_t lines, events;
	uint64_t malformed, malformed_line; /* lines that are not events; the number of the first one, from 1 */
	uint64_t unknown, unknown_line;	    /* events of a kind, or with a name, that only a newer version knows */
	uint64_t missing;		    /* events that are missing, by the sequence numbers */
	unsigned format;		    /* a format newer than ours; 0: the format is known */
	bool begun;			    /* the first event was BEGIN */
	bool ended;			    /* the last one was END */
	bool cut;			    /* the last line has no end, and is not an event */
	int signo;			    /* the signal that ended the reading; 0: none */
	bool stopped;			    /* the event callback ended it */
};

/* Reads CONFIG's descriptor to its end. Its contents can do no harm: lines that are not events are counted and skipped,
 * and a BEGIN of a newer format and what follows it is read as far as possible. Returns 0, or -errno if reading failed;
 * *RET is always filled. */
int replay_run(const struct replay_config *config, struct replay_result *ret);

#endif
