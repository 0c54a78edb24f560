/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --debug-stops: one line for each thing that follow was told, asked and ordered, so that a run can be
 * played to follow again without its kernel.
 *
 * A line is a word and `key=value` pairs: decimal or 0x numbers, lists with commas, names. The command, escaped, comes
 * last and goes to the end of the line, and so does the JSON of an event. Most numbers that are zero are left out,
 * unknown keys are passed over. The answers and orders that an input led to stand behind it, in their order:
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
	STOPLINE_ORDER,	 /* an order of follow's and what came of it */
	STOPLINE_EVENT,	 /* an event of follow's to which the engine has added something, as it was reported */
	STOPLINE_KIND_COUNT
};

_Static_assert(STOPLINE_KIND_COUNT <= 32, "masks have a bit 1 << enum stopline_kind");

struct stopline {
	enum stopline_kind kind;
	uint64_t when; /* of all inputs but a stop, which has its own */
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
			struct stop stop;   /* STOP: tid, status, when; GATHER: tid, have, and what that names */
			unsigned parts;	    /* GATHER: what was asked for */
			struct facts facts; /* GATHER, parsed: what stop.facts is in one that is to be formatted */
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

/* Parses LINE, with or without its newline, into *RET, whose command points into LINE, which is changed for that. 0, or
 * -EINVAL: a word or a value that it does not know. */
int stopline_parse(char *line, struct stopline *ret);

/* Tells follow what LINE says; a gather, order or event line is no input and does nothing. follow_new() is the
 * caller's, with begin.config. */
void stopline_feed(struct stopline *line, struct follow *follow);

/* Copies to STOP what the gather line LINE has; facts stay in LINE. */
void stopline_answer(const struct stopline *line, struct stop *stop);

#endif
