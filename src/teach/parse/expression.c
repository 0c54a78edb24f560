/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads flags, signals, numbers and library calls, joined to one mask. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "teach/parse/parts.h"

enum { SIGNAL_REALTIME = 32, LOWEST_BYTE = 0xff };

static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "go", "a goroutine's thread (Go)" },
	{ "goroutine", "a goroutine's thread (Go)" },
	{ "os/exec", "os/exec (Go)" },
	{ "linuxthreads", "a LinuxThreads pthread" },
};

/* Whether LIST, names such as "daemon(), forkpty()", has SPAN. */
static bool list_has(const char *list, struct span span)
{
	while (list && *list) {
		const size_t length = strcspn(list, "(, ");

		if (length == span.length && !strncmp(list, span.at, length))
			return true;
		list += strcspn(list, ",");
		list += strspn(list, ", ");
	}
	return false;
}

/* The request that the library call SPAN makes, by CALL if there is such a row; NULL when it is no library call. */
static const struct fingerprint *find_library_call(struct span span, enum call call)
{
	const struct fingerprint *found = NULL;
	const char *alias = NULL;
	size_t count;
	const struct fingerprint *table = fingerprint_table(&count);

	for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
		if (span_is(span, aliases[i].alias))
			alias = aliases[i].name;
	for (size_t i = 0; i < count; i++) {
		const bool fits = alias ? !strcmp(table[i].name, alias)
					: list_has(table[i].name, span) || list_has(table[i].also, span);

		if (fits && (!found || (table[i].calls & 1U << call && !(found->calls & 1U << call))))
			found = &table[i];
	}
	return found;
}

/* The flag SPAN, with or without its prefix. */
static const struct flag *find_flag(struct span span)
{
	static const char prefix[] = "CLONE_";
	size_t count;
	const struct flag *table = flag_table(&count);

	for (size_t i = 0; i < count; i++) {
		const char *name = table[i].name;

		if (span_is(span, name) ||
		    (!strncmp(name, prefix, strlen(prefix)) && span_is(span, name + strlen(prefix))))
			return &table[i];
	}
	return NULL;
}

/* "SIGCHLD", and strace's "SIGRT_1" for 33. -1 when it is none. */
static int find_signal(struct span span)
{
	static const char realtime[] = "SIGRT_";
	char name[16];
	uint64_t number;

	if (span.length < 4 || span.length >= sizeof(name) || strncmp(span.at, "SIG", 3))
		return -1;
	memcpy(name, span.at, span.length);
	name[span.length] = '\0';
	if (strncmp(name, realtime, strlen(realtime)))
		return signal_by_name(name);
	span.at += strlen(realtime);
	span.length -= strlen(realtime);
	if (!span_number(span, &number) || number > SIGNAL_LAST - SIGNAL_REALTIME)
		return -1;
	return SIGNAL_REALTIME + (int)number;
}

/* Every flag that CALL accepts; without a call, those of clone3, and those that only clone accepts. */
static uint64_t all_flags(enum call call)
{
	const unsigned calls = call == CALL_NONE ? 1U << CALL_CLONE3 : 1U << call;
	uint64_t flags = 0;
	size_t count;
	const struct flag *table = flag_table(&count);

	for (size_t i = 0; i < count; i++)
		if (table[i].calls & calls)
			flags |= table[i].value;
	return flags;
}

/* Removes VALUE from MASK, for the word SPAN. */
static int take_out(struct mask *mask, struct span span, uint64_t value, struct text *message)
{
	if (!(mask->value & value))
		return span_refuse(message, span, "is not set before the ~, so nothing can be taken out; leave it out");
	mask->value &= ~value;
	mask->named &= ~value;
	return 0;
}

/* For CALL, a bit can be another flag's, or a part of the exit signal. */
static int check_flag(struct span span, const struct flag *flag, enum call call, struct text *message)
{
	const struct flag *other = call == CALL_NONE ? NULL : flag_find(flag->value, call);

	if (call == CALL_NONE || flag->calls & 1U << call)
		return 0;
	if (other)
		return span_refuse_two(message, span, "is a flag of other calls; in this call the same bit is %s",
				       (struct span){ other->name, strlen(other->name) });
	if (call == CALL_CLONE && flag->value & LOWEST_BYTE)
		return span_refuse(message, span,
				   "is a flag of other calls; in clone the same bit belongs to the exit signal");
	return 0;
}

static int take_flag(struct mask *mask, struct span span, const struct flag *flag, enum call call, bool without,
		     struct text *message)
{
	int r = check_flag(span, flag, call, message);

	if (r < 0)
		return r;
	if (without)
		return take_out(mask, span, flag->value, message);
	if (mask->named & flag->value)
		return span_refuse(message, span, "is given twice; give it once");
	if (mask->calls && !(mask->calls & flag->calls))
		mask->call_by = span;
	mask->calls &= flag->calls;
	mask->value |= flag->value;
	mask->named |= flag->value;
	return 0;
}

/* A number can have an exit signal in its lowest byte. */
static int take_number(struct mask *mask, struct span span, uint64_t number, bool without, struct text *message)
{
	const uint64_t low = mask->value & LOWEST_BYTE;

	if (without)
		return take_out(mask, span, number, message);
	if (number & LOWEST_BYTE && low && low != (number & LOWEST_BYTE))
		mask->low_too = span;
	else if (number & LOWEST_BYTE)
		mask->low_by = span;
	mask->value |= number;
	return 0;
}

static int take_signal(struct mask *mask, struct span span, uint64_t signo, bool without, struct text *message)
{
	if (without) {
		if (!mask->has_signal || mask->signal != signo)
			return span_refuse(message, span,
					   "is not set before the ~, so nothing can be taken out; leave it out");
		mask->signal = 0;
		mask->has_signal = false;
		return 0;
	}
	if (mask->has_signal && mask->signal != signo)
		return span_refuse_two(message, span,
				       "is a second exit signal (the first is from %s); a task has only one: leave "
				       "one out, or take one out with ~",
				       mask->signal_by);
	if (mask->has_signal && mask->signal_by.length == span.length &&
	    !strncasecmp(mask->signal_by.at, span.at, span.length))
		return span_refuse(message, span, "is given twice; give it once");
	mask->signal = signo;
	mask->has_signal = true;
	mask->signal_by = span;
	return 0;
}

static int take_library_call(struct mask *mask, struct span span, const struct fingerprint *row, struct text *message)
{
	if (mask->row)
		return span_refuse_two(
			message, span,
			"is a second library call after %s; give each as a separate word to compare them",
			mask->row_by);
	mask->row = row;
	mask->row_by = span;
	mask->value |= row->flags;
	return row->signal_low ? take_signal(mask, span, row->signal_low, false, message) : 0;
}

/* Adds the word SPAN to MASK: a number, a flag, a signal, a library call. */
static int take_word(struct mask *mask, struct span span, enum call call, bool without, struct text *message)
{
	/* "vfork" is not a flag */
	const struct fingerprint *row = without ? NULL : find_library_call(span, call);
	const struct flag *flag = row ? NULL : find_flag(span);
	const int signo = flag ? -1 : find_signal(span);
	uint64_t number;

	if (flag)
		return take_flag(mask, span, flag, call, without, message);
	if (span_number(span, &number))
		return take_number(mask, span, number, without, message);
	if (signo >= 0)
		return take_signal(mask, span, (uint64_t)signo, without, message);
	if (row)
		return take_library_call(mask, span, row, message);
	if (span_overflows(span))
		return span_refuse(message, span, "does not fit into 64 bits; give a number up to 0xffffffffffffffff");
	return span_refuse(message, span,
			   "is not a flag, signal, number or library call; see cltrace --explain for the flags");
}

/* Whether REST begins with a shifted number: "1<<33" or "1ULL << 33". *RET is all of it. */
static bool find_shift(struct span rest, struct span *ret, uint64_t *ret_number, unsigned long *ret_places)
{
	char *end, *behind;

	if (!rest.length || !isdigit((unsigned char)*rest.at))
		return false;
	errno = 0;
	*ret_number = strtoull(rest.at, &end, 0);
	end += strspn(end, "uUlL");
	end += strspn(end, " ");
	if (strncmp(end, "<<", 2) || !isdigit((unsigned char)end[2 + strspn(end + 2, " ")]))
		return false;
	*ret_places = strtoul(end + 2, &behind, 10);
	*ret = (struct span){ rest.at, (size_t)(behind - rest.at) };
	if (errno)
		*ret_places = ULONG_MAX;
	return ret->length <= rest.length && !is_word_byte(*behind);
}

/* Reads such a number. Returns its length; 0: there is none. */
static int take_shift(struct mask *mask, struct span rest, bool without, struct text *message)
{
	unsigned long places;
	struct span span;
	uint64_t number;
	int r;

	if (!find_shift(rest, &span, &number, &places))
		return 0;
	if (places > 63 || number << places >> places != number)
		return span_refuse(message, span, "does not fit into 64 bits; shift it by less");
	r = take_number(mask, span, number << places, without, message);
	return r < 0 ? r : (int)span.length;
}

/* The word at the beginning of REST: of "(CLONE_VM)" nothing. strace -X verbose has a comment, which is one. */
static struct span first_word(struct span rest)
{
	struct span word = { rest.at, 0 };

	if (rest.length >= 2 && !strncmp(rest.at, "/*", 2)) {
		const char *end = strstr(rest.at, "*/");

		word.length =
			end && (size_t)(end - rest.at) + 2 <= rest.length ? (size_t)(end - rest.at) + 2 : rest.length;
		return word;
	}
	while (word.length < rest.length &&
	       (is_word_byte(rest.at[word.length]) || (word.length && strchr("/+", rest.at[word.length]))))
		word.length++;
	return word;
}

/* The state of reading an expression. */
struct reading {
	struct mask mask;
	bool without; /* behind a '~' */
	bool any;     /* a word has been read */
	bool joined;  /* behind a '|' */
};

/* Reads the sign at the beginning of REST, which is not a word. */
static int take_sign(struct reading *reading, struct span rest, enum call call, struct text *message)
{
	const char *next = rest.at + 1 + strspn(rest.at + 1, " ");

	if (reading->without && *rest.at != ' ')
		return span_refuse(message, (struct span){ rest.at, 1 },
				   "follows ~, which takes out one word; write ~A|~B for two");
	if (*rest.at == '~') {
		if (!reading->any) {
			reading->mask.value = all_flags(call);
			reading->any = true;
		}
		reading->without = true;
		return 1;
	}
	if (*rest.at == '&' && *next != '~')
		return span_refuse(message, (struct span){ rest.at, 1 }, "does not join flags; join them with '|'");
	return strchr("|& ()", *rest.at) ? 1 : span_refuse(message, rest, "is not understood; join flags with '|'");
}

/* Reads the first word or sign of REST. Returns its length, or -EINVAL. */
static int take_next(struct reading *reading, struct span rest, enum call call, struct text *message)
{
	struct span word = first_word(rest);
	int r;

	if (word.length && *word.at == '/') /* a comment */
		return (int)word.length;
	r = take_shift(&reading->mask, rest, reading->without, message);
	if (r == 0 && !word.length)
		return take_sign(reading, rest, call, message);
	if (r == 0) {
		r = take_word(&reading->mask, word, call, reading->without, message);
		if (r == 0)
			r = (int)word.length;
		if (r > 0 && word.length + 2 <= rest.length && !strncmp(rest.at + word.length, "()", 2))
			r += 2;
	}
	reading->any = true;
	reading->without = false;
	return r;
}

int expression_parse(struct span rest, enum call call, struct mask *ret, struct text *message)
{
	struct reading reading = { .mask = { .calls = ~0U } };

	for (rest = span_trim(rest); rest.length;) {
		int r;

		reading.joined = *rest.at == '|' || (reading.joined && *rest.at == ' ');
		r = take_next(&reading, rest, call, message);
		if (r < 0)
			return r;
		rest.at += r;
		rest.length -= (size_t)r;
	}
	if (!reading.any || reading.without) {
		text_add(message, "there is no flag in it; see cltrace --explain for the flags");
		return -EINVAL;
	}
	if (reading.joined) { /* the first part of a folded line: the flags behind it matter, too */
		text_add(message, "it breaks off behind '|'; give all of it, be it several lines");
		return -EINVAL;
	}
	*ret = reading.mask;
	return 0;
}

int expression_check(const struct mask *mask, enum call call, struct text *message)
{
	const uint64_t low = mask->value & LOWEST_BYTE;

	if (call != CALL_CLONE || !low)
		return 0;
	if (mask->low_too.length)
		return span_refuse_two(
			message, mask->low_too,
			"has an exit signal in its lowest byte, and so has %s; a task has only one: leave one out",
			mask->low_by);
	if (mask->has_signal && mask->signal != low && mask->low_by.length)
		return span_refuse_two(
			message, mask->low_by,
			"has an exit signal in its lowest byte, and %s is another; a task has only one: leave one out",
			mask->signal_by);
	return 0;
}
