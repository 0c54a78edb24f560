/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --debug-stops: one line for each input, question and order of follow, so that a run can be replayed to
 * follow without its kernel.
 *
 * A line is a word and `key=value` pairs: decimal or 0x numbers, lists with commas, names. The command, escaped, comes
 * last and extends to the end of the line, and so does the JSON of an event. Most numbers that are zero are left out,
 * unknown keys are skipped. The answers and orders that an input causes follow it, in their order:
 *
 * - begin mode=filter data=0xc17a launched=1 arch=0xc000003e realtime=1700000000000000000 when=1000
 * - attach tid=10 tgid=10 ppid=1 nlwp=1 launched=1 when=1010 command=./program
 * - stop tid=10 status=0x3057f when=1020
 * - gather tid=10 parts=0x1 have=0x1 message=11
 * - event json={"seq":3,"when":1020,"kind":"exec","tid":10,...}
 * - order tid=10 how=cont change=0x1
 * - end status=0x100 when=1030
 *
 * Lines that begin with # are for people: they show how the engine waits. */
#ifndef FOLLOW_STOPLINE_H
#define FOLLOW_STOPLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "follow/follow.h"

struct text;

enum stopline_kind {
	STOPLINE_BEGIN,	 /* follow_new() and follow_begin() */
	STOPLINE_ATTACH, /* follow_attach() */
	STOPLINE_MODE,	 /* follow_set_mode() */
	STOPLINE_STOP,	 /* follow_stop() */
	STOPLINE_IDLE,	 /* follow_idle() */
	STOPLINE_LOOK,	 /* follow_look() */
	STOPLINE_DETACH, /* follow_detach() */
	STOPLINE_LEAVE,	 /* follow_leave() */
	STOPLINE_END,	 /* follow_end() */
	STOPLINE_GATHER, /* an answer to follow */
	STOPLINE_ORDER,	 /* an order of follow and its result */
	STOPLINE_EVENT,	 /* an event of follow to which the engine has added something, as it was reported */
	STOPLINE_KIND_COUNT
};

_Static_assert(STOPLINE_KIND_COUNT <= 32, "masks have a bit 1 << enum stopline_kind");

struct stopline {
	enum stopline_kind kind;
	uint64_t when; /* of all inputs except a stop, which has its own */
	union {
		struct {
			struct follow_config config;
			bool launched;
			uint32_t audit_arch;
			uint64_t realtime;
		} begin;
		struct follow_attached attach;
		struct {
			enum event_mode mode;
			int error;
		} mode;
		struct {
			int status;
		} end;
		struct {
			/* STOP: tid, status, when; GATHER: tid, have, and the parts in `have` */
			struct stop stop;
			unsigned parts; /* GATHER: what was asked for */
			/* GATHER: the facts of a parsed line; a line to be formatted has stop.facts */
			struct facts facts;
		};
		struct {
			struct order order;
			int result; /* 0 or -errno */
		};
		const char *json; /* EVENT: the line of the json format, without its newline */
	};
};

/* Adds LINE with its newline. */
void stopline_format(struct text *text, const struct stopline *line);

/* Parses LINE, with or without its newline, into *RET, whose command points into LINE, which the function changes. 0,
 * or -EINVAL: it does not know a word or a value. */
int stopline_parse(char *line, struct stopline *ret);

/* Calls follow with the input in LINE; a gather, order or event line is not an input and does nothing. The caller calls
 * follow_new(), with begin.config. */
void stopline_feed(struct stopline *line, struct follow *follow);

/* Copies to STOP the parts in the gather line LINE; facts stay in LINE. */
void stopline_answer(const struct stopline *line, struct stop *stop);

#endif
