/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes JSON to a text: commas, line ends, escapes. Which value belongs where is checked by assertions. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

/* How the members of an object or an array follow each other. */
enum json_layout {
	JSON_DENSE,  /* {"a":1,"b":2} */
	JSON_SPACED, /* {"a": 1, "b": 2} */
	JSON_LINES,  /* each on a line of its own, indented */
};

enum {
	JSON_LEVELS = 4096, /* objects and arrays within each other, at most */
	JSON_INDENT = 3,    /* blanks for each level of tables, as libsmartcols has them */
};

/* One document that is being written. What is written already is in the text, which the caller may write out and clear
 * between two values. */
struct json {
	struct text *text;
	unsigned indent; /* blanks for each level of JSON_LINES */
	unsigned depth;
	const char *key; /* of the next value; NULL: none */
	size_t key_length;
	bool key_is_ready;		   /* with its comma, quotes and colon */
	unsigned char levels[JSON_LEVELS]; /* bits of json.c; only those up to `depth` are initialized */
};

/* Starts a document, which is one value. */
void json_init(struct json *json, struct text *text, unsigned indent);

void json_open_object(struct json *json, enum json_layout layout);
void json_open_array(struct json *json, enum json_layout layout);
void json_close(struct json *json); /* the object or array that was opened last */

/* Names the next member of an object. KEY must stay valid until the value is added. */
void json_key(struct json *json, const char *key);

/* The same with a key that is prepared for many objects: WRITTEN is `,"key":`. The object is JSON_DENSE. */
void json_ready_key(struct json *json, const char *written, size_t length);

/* Leaves out the named member, which has no value. */
void json_drop_key(struct json *json);

/* Adds the comma and the line end between the last value and the next one, which must follow. */
void json_separate(struct json *json);

void json_add_null(struct json *json);
void json_add_bool(struct json *json, bool value);
void json_add_unsigned(struct json *json, uint64_t value);
void json_add_signed(struct json *json, int64_t value);
void json_add_number(struct json *json, const char *number); /* as it is written: "1.50" */

/* Each byte that is not UTF-8 becomes U+FFFD, because JSON has no other way. Controls are escaped, also those that only
 * a terminal obeys. */
void json_add_string(struct json *json, const char *string);

/* A string that needs no escapes, such as a name of ours. This takes less time. */
void json_add_plain(struct json *json, const char *string);

/* Opens a string whose pieces the caller adds to the text. They must need no escapes. */
struct text *json_open_plain(struct json *json);
void json_close_plain(struct json *json);

/* A member of an object with its value. */
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_unsigned(struct json *json, const char *key, uint64_t value);
void json_put_signed(struct json *json, const char *key, int64_t value);
void json_put_string(struct json *json, const char *key, const char *string);

#endif
