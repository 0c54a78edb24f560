/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the filter share: filter.c parses expressions, filter_trace.c and filter_keys.c have the words,
 * filter_judge.c compares steps and tasks with them. Nobody else includes it. */
#ifndef MODEL_FILTER_KEYS_H
#define MODEL_FILTER_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/filter.h"
#include "model/model.h"

enum {
	KIND_WORD_THREAD = 1 << 0,
	KIND_WORD_PROCESS = 1 << 1, /* of any kind */
	KIND_WORD_FORK = 1 << 2,
	KIND_WORD_VFORK = 1 << 3,
	KIND_WORD_SHARING = 1 << 4,
	KIND_WORD_CONTAINER = 1 << 5,
	KIND_WORD_UNKNOWN = 1 << 6,
};

/* Which events a word of trace= means: one of its marks is enough. */
struct trace_class {
	unsigned events; /* bits EVENT() */
	unsigned calls;	 /* bits CALL(), of the request that the event has */
	bool failed;	 /* a request that was refused */
	bool namespaces; /* a request for namespaces */
};

struct word {
	struct trace_class trace;
	const char *function; /* trace: a library function, within `text` */
	uint32_t seen;	      /* ... its bit of stack_function() */
	unsigned kinds;	      /* bits KIND_WORD_... */
	pid_t pid;
	unsigned low, high; /* depth */
	char *text;	    /* as the user gave it; the pattern of comm */
};

/* What an event is about. */
struct subject {
	const struct event *event; /* NULL: a task at the end */
	const struct task *task;   /* NULL: not known; the caller of a refused creation */
	const struct model *model;
	unsigned kinds; /* bits KIND_WORD_... */
	bool unborn;	/* the subject is a task that `task` would have created */
};

struct key {
	const char *name, *letter; /* letter: strace's short name, or NULL */
	bool (*parse)(const char *text, size_t length, struct word *ret);
	bool (*fits)(const struct word *word, const struct subject *subject);
	void (*add_words)(struct text *text);
	const char *wrong;   /* "is no kind" */
	const char *example; /* what to write, if the words are not a list */
	bool events;	     /* is about events, not tasks */
	bool fixed;	     /* its answer never changes during a task's life */
};

struct term {
	const struct key *key;
	bool negated;
	char *expr; /* as given */
	struct word *words;
	size_t count;
	bool creation; /* trace: a word says how tasks are created: by which call or library function */
};

struct filter {
	struct term *terms;
	size_t count;
};

/* Whether NAME, which may be NULL, is the LENGTH bytes at TEXT. */
bool filter_is_word(const char *name, const char *text, size_t length);

/* trace= */
bool filter_parse_trace(const char *text, size_t length, struct word *ret);
bool filter_fits_trace(const struct word *word, const struct subject *subject);
void filter_add_trace_words(struct text *text);
/* Whether WORD says how tasks are created. */
bool filter_names_creation(const struct word *word);

/* The table of keys, trace first; its length in *RET_COUNT. */
const struct key *filter_keys(size_t *ret_count);
bool filter_is_under(const struct key *key);

/* The words of kind= for a task of KIND. */
unsigned filter_kinds(enum kind kind, bool thread);

#endif
