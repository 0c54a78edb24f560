/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of codec share. Nobody else includes it. */
#ifndef EVENT_CODEC_COMMON_H
#define EVENT_CODEC_COMMON_H

#include "event/schema.h"

struct json;

/* Written into BEGIN; to be raised only if a reader of the previous format would misunderstand a line. */
#define CODEC_FORMAT 1

/* From here on a double does not represent every integer, and jq and JavaScript keep numbers in doubles. */
#define EXACT_LIMIT (UINT64_C(1) << 53)

#define NEWER_SIZE sizeof(((struct request *)NULL)->newer)

unsigned frame_have(const struct frame *frame);

/* How many entries of set_tid_list there are. */
size_t set_tid_count(const struct request *request);

/* Adds the value of FIELD, which is derived, of OWNER, a struct event or a struct request. False: there is none. */
bool encode_derived(struct json *json, const struct field *field, const void *owner);

/* Whether TEXT is one JSON value (RFC 8259) in UTF-8, with white space around it, nested less than 32 deep. */
bool json_is_valid(const char *text, size_t length);

/* Whether EVENT's request is of the sort that EVENT's kind requires. */
bool request_fits(const struct event *event);

/* Reads a line as codec_encode() writes it, in one pass. Returns 0, or -EAGAIN if it does not have exactly this form
 * (other keys, another order, escapes): then the general reader reads it, which gives the same for all lines that this
 * one accepts. */
int scan_event(const char *line, size_t length, struct event *ret);

#endif
