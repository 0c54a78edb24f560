/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to and from one line of JSON (JSON Lines). The only file that knows json-c. */
#ifndef EVENT_CODEC_H
#define EVENT_CODEC_H

#include "event/event.h"

struct text;

/* Adds EVENT as one line of JSON with its newline. Every fact is a number or a plain string; 64-bit flags and addresses
 * are numbers (jq and json-c keep 64 bits as far as they can: values of 2^53 and more are written as "0x..." strings).
 * Bytes of a command that are not UTF-8 survive the round trip. */
void codec_encode(struct text *text, const struct event *event);

/* Decodes one line of LENGTH bytes into *RET on the heap (free with event_free()). Fields that it does not know are
 * passed over. Returns 0, -EINVAL for a line that is not such an event, or -ENOTSUP for an event kind or note it does not
 * know. */
int codec_decode(const char *line, size_t length, struct event **ret);

#endif
