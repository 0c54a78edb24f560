/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of keys, and the words of all keys except trace. */
#include "model/filter_keys.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

bool filter_is_word(const char *name, const char *text, size_t length)
{
	return name && strlen(name) == length && memcmp(name, text, length) == 0;
}

/* kind= */

/* Words that are not listed are the names that the other views use. */
static const struct {
	const char *name;
	bool reported;
	unsigned kinds;
} kind_words[] = {
	{ "thread", true, KIND_WORD_THREAD },
	{ "process", true, KIND_WORD_PROCESS },
	{ "fork", true, KIND_WORD_FORK },
	{ "vfork", true, KIND_WORD_VFORK },
	{ "sharing", true, KIND_WORD_SHARING },
	{ "container", true, KIND_WORD_CONTAINER },
	{ "unknown", true, KIND_WORD_UNKNOWN },
	{ "namespaces", false, KIND_WORD_CONTAINER },
	{ "process-vfork", false, KIND_WORD_VFORK },
	{ "process-sharing", false, KIND_WORD_SHARING },
	{ "process-namespaces", false, KIND_WORD_CONTAINER },
};

unsigned filter_kinds(enum kind kind, bool thread)
{
	static const unsigned kinds[KIND_COUNT] = {
		[KIND_THREAD] = KIND_WORD_THREAD,
		[KIND_PROCESS] = KIND_WORD_PROCESS | KIND_WORD_FORK,
		[KIND_PROCESS_VFORK] = KIND_WORD_PROCESS | KIND_WORD_VFORK,
		[KIND_PROCESS_SHARING] = KIND_WORD_PROCESS | KIND_WORD_SHARING,
		[KIND_PROCESS_NAMESPACES] = KIND_WORD_PROCESS | KIND_WORD_CONTAINER,
	};

	if (kind == KIND_UNKNOWN)
		return KIND_WORD_UNKNOWN | (thread ? KIND_WORD_THREAD : KIND_WORD_PROCESS);
	return kinds[kind];
}

static bool parse_kind(const char *text, size_t length, struct word *ret)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kind_words); i++) {
		if (filter_is_word(kind_words[i].name, text, length))
			ret->kinds = kind_words[i].kinds;
	}
	return ret->kinds;
}

static bool fits_kind(const struct word *word, const struct subject *subject)
{
	return subject->kinds & word->kinds;
}

static void add_kind_words(struct text *text)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kind_words); i++) {
		if (kind_words[i].reported)
			text_addf(text, "%s%s", i ? ", " : "", kind_words[i].name);
	}
}

/* tid=, under= */

/* The number in the LENGTH bytes at TEXT, at most INT_MAX; false: it is not a number. */
static bool parse_number(const char *text, size_t length, unsigned *ret)
{
	unsigned long long number = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (unsigned)(text[i] - '0');
		if (number > INT_MAX)
			return false;
	}
	*ret = (unsigned)number;
	return length;
}

static bool parse_tid(const char *text, size_t length, struct word *ret)
{
	unsigned number;

	if (!parse_number(text, length, &number) || !number)
		return false;
	ret->pid = (pid_t)number;
	return true;
}

/* A creation also counts as its creator's. */
static bool fits_tid(const struct word *word, const struct subject *subject)
{
	const struct event *event = subject->event;
	const struct task *task = subject->task;

	if (event && (event->tid == word->pid || (event->kind == EVENT_SPAWN && event->spawn.child == word->pid) ||
		      (event->kind == EVENT_EXEC && event->exec.former == word->pid)))
		return true;
	return task && (task->tid == word->pid || task->former == word->pid);
}

static bool fits_under(const struct word *word, const struct subject *subject)
{
	return subject->task && model_is_under(subject->model, subject->task, word->pid);
}

/* comm= */

static bool parse_comm(const char *text, size_t length, struct word *ret)
{
	(void)text, (void)ret;
	return length;
}

static char *program_of(const char *command)
{
	size_t length;
	const char *name = model_program(command, &length);
	char *program = mem_alloc(length + 1);

	memcpy(program, name, length);
	program[length] = '\0';
	return program;
}

static bool fits_comm(const struct word *word, const struct subject *subject)
{
	const char *command = subject->task ? subject->task->process->command : NULL;
	char *program;
	bool fits;

	if (!command)
		return false;
	program = program_of(command);
	fits = fnmatch(word->text, program, 0) == 0;
	free(program);
	return fits;
}

/* depth= */

/* "<N", "<=N", ">N", ">=N", "N", "N-", "N-M" */
static bool parse_depth(const char *text, size_t length, struct word *ret)
{
	const char *dash = memchr(text, '-', length);
	bool below = *text == '<', above = *text == '>';
	bool equal = (below || above) && length > 1 && text[1] == '=';
	size_t skip = (below || above) + equal;
	unsigned number;

	*ret = (struct word){ .low = 0, .high = UINT_MAX, .text = ret->text };
	if (dash && dash != text) {
		size_t left = (size_t)(dash - text), right = length - left - 1;

		return parse_number(text, left, &ret->low) &&
		       (!right || (parse_number(dash + 1, right, &ret->high) && ret->high >= ret->low));
	}
	if (!parse_number(text + skip, length - skip, &number) || (below && !equal && !number))
		return false;
	if (!above)
		ret->high = below && !equal ? number - 1 : number;
	if (!below)
		ret->low = above && !equal ? number + 1 : number;
	return true;
}

static bool fits_depth(const struct word *word, const struct subject *subject)
{
	unsigned depth = subject->task ? subject->task->depth + subject->unborn : 0;

	return subject->task && depth >= word->low && depth <= word->high;
}

/* The keys */

static const struct key keys[] = {
	{ "trace", "t", filter_parse_trace, filter_fits_trace, filter_add_trace_words,
	  "is neither an event nor a call that is followed", NULL, true, false },
	{ "kind", NULL, parse_kind, fits_kind, add_kind_words, "is no kind of task", NULL, false, true },
	{ "tid", NULL, parse_tid, fits_tid, NULL, "is no task id", "numbers such as tid=4471,4472", false, true },
	{ "comm", NULL, parse_comm, fits_comm, NULL, "is no name of a program", "names such as comm=make or comm=cc*",
	  false, false },
	{ "under", NULL, parse_tid, fits_under, NULL, "is no process id", "numbers such as under=4471", false, true },
	{ "depth", NULL, parse_depth, fits_depth, NULL, "is no depth",
	  "generations such as depth=1, depth=<3 or depth=2-4", false, true },
};

const struct key *filter_keys(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(keys);
	return keys;
}

bool filter_is_under(const struct key *key)
{
	return key->fits == fits_under;
}
