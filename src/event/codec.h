/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to and from one line of JSON (JSON Lines). encode.c writes it, decode.c and quick_read.c read it. */
#ifndef EVENT_CODEC_H
#define EVENT_CODEC_H

#include "event/event.h"

struct text;

/* Adds EVENT as one line of JSON with its newline: {"seq":7,"when":123,"kind":"spawn","tid":4470,...}. Every fact is a
 * number, a boolean or a plain string; what is not known (`have`) has no key. Next to numbers are their names, for
 * people and for jq: cltrace does not read them back. cltrace-events(5) is the contract.
 *
 * Flags, addresses and other values in which every bit matters are numbers below 2^53 and "0x..." strings above,
 * because jq and JavaScript keep numbers in doubles. Times are always numbers, and BEGIN has the number of the format.
 * A command or path that is not UTF-8 is given twice: "command" to read, "command_hex" with its bytes. */
void codec_encode(struct text *text, const struct event *event);

/* Decodes one line of LENGTH bytes, with or without its newline, into *RET on the heap (free with event_free()). Keys
 * that it does not know are skipped. LINE may hold anything. Returns 0, -EINVAL for a line that is not such an event,
 * or -ENOTSUP for the name of a kind, note, mode, call or ABI that it does not know. A BEGIN of a newer format is
 * decoded as far as it can be: see begin.format. */
int codec_decode(const char *line, size_t length, struct event **ret);

/* The same with json-c only, without the quick reader for lines of codec_encode(): for tests. */
int codec_decode_slowly(const char *line, size_t length, struct event **ret);

/* The number of the format that codec_encode() writes. */
unsigned codec_format(void);

#endif
