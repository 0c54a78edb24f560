/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay law, for whatever events a test makes: each format shows the same for the events and for their recording,
 * byte for byte, with and without details and filters. */
#ifndef STOPS_LAW_H
#define STOPS_LAW_H

struct event;
struct law;
struct text;

struct law *law_new(void);

/* Shows EVENT in every format, once as it is and once as a recording gives it back. A long trace is shown up to its
 * 1000th event. */
void law_event(struct law *law, const struct event *event);

/* Ends the trace and frees LAW. Adds to FAULT what differs, or nothing. */
void law_end(struct law *law, struct text *fault);

#endif
