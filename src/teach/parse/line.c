/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a line in which strace, perf trace or cltrace shows a call: its name, arguments, caller and result. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "teach/parse/parse.h"
#include "teach/parse/parts.h"

enum { ERRNO_LAST = 4095 };

static const struct {
	const char *name;
	enum argument argument;
} argument_names[] = {
	{ "flags", ARGUMENT_FLAGS },
	{ "clone_flags", ARGUMENT_FLAGS },
	{ "unshare_flags", ARGUMENT_FLAGS },
	{ "nstype", ARGUMENT_FLAGS },
	{ "exit_signal", ARGUMENT_EXIT_SIGNAL },
	{ "stack", ARGUMENT_STACK },
	{ "child_stack", ARGUMENT_STACK },
	{ "newsp", ARGUMENT_STACK },
	{ "stack_size", ARGUMENT_STACK_SIZE },
	{ "parent_tid", ARGUMENT_PARENT_TID },
	{ "parent_tidptr", ARGUMENT_PARENT_TID },
	{ "child_tid", ARGUMENT_CHILD_TID },
	{ "child_tidptr", ARGUMENT_CHILD_TID },
	{ "tls", ARGUMENT_TLS },
	{ "pidfd", ARGUMENT_PIDFD },
	{ "set_tid", ARGUMENT_SET_TID },
	{ "set_tid_size", ARGUMENT_SET_TID_SIZE },
	{ "cgroup", ARGUMENT_CGROUP },
	{ "size", ARGUMENT_SIZE },
	{ "fd", ARGUMENT_FD },
	{ "uargs", ARGUMENT_NONE }, /* clone3's struct by its address */
};

/* The next '(' in LINE from AT on that is not in a string, such as the bytes of a write(). */
static const char *find_open(const char *at, bool *quoted)
{
	for (; *at && (*quoted || *at != '('); at++) {
		if (*quoted && *at == '\\' && at[1])
			at++;
		else if (*at == '"')
			*quoted = !*quoted;
	}
	return *at ? at : NULL;
}

const char *line_find_call(const char *line, enum call *ret_call, const char **ret_arguments)
{
	bool quoted = false;

	for (const char *open = find_open(line, &quoted); open; open = find_open(open + 1, &quoted)) {
		const char *name = open;
		char copy[16];

		while (name > line && is_word_byte(name[-1]) && name[-1] != ':')
			name--;
		if (name == open || (size_t)(open - name) >= sizeof(copy))
			continue;
		memcpy(copy, name, (size_t)(open - name));
		copy[open - name] = '\0';
		*ret_call = call_find(copy);
		if (call_is_creation(*ret_call) || *ret_call == CALL_UNSHARE || *ret_call == CALL_SETNS) {
			*ret_arguments = open + 1;
			return name;
		}
	}
	return NULL;
}

/* The end of the argument at AT: a ',' or a closing bracket that it did not open, or the end. What is behind "=>" is a
 * result of the call. */
static const char *argument_end(const char *at)
{
	int depth = 0;

	for (; *at; at++) {
		if (!strncmp(at, "=>", 2))
			return at;
		if (!strncmp(at, "<unfinished", 11) || !strncmp(at, "/*", 2)) {
			const char *end = *at == '/' ? strstr(at, "*/") : NULL;

			if (!end)
				return at;
			at = end + 1;
			continue;
		}
		if (strchr("([{<", *at) && at[1] != '<' && (at[-1] != '<' || *at != '<'))
			depth++;
		else if (strchr(")]}>", *at) && depth-- == 0)
			return at;
		else if (*at == ',' && depth == 0)
			return at;
	}
	return at;
}

/* strace ends a long list with "...". */
static int take_set_tid(struct arguments *arguments, struct span value, struct text *message)
{
	const char *at = value.at + 1;

	for (;;) {
		char *end;
		const long tid = strtol(at, &end, 10);

		if (end == at || (size_t)(end - value.at) > value.length)
			return 0;
		if (tid < INT32_MIN || tid > INT32_MAX)
			return span_refuse(message, (struct span){ at, (size_t)(end - at) },
					   "is out of range for a tid; give numbers up to 2147483647");
		if (arguments->set_tid_count == CLONE_SET_TID_MAX)
			return span_refuse(message, value,
					   "has more than 32 tids, and pid namespaces nest no deeper; leave some out");
		arguments->set_tid[arguments->set_tid_count++] = (int32_t)tid;
		at = end + strspn(end, ", ");
	}
}

static int take_exit_signal(struct arguments *arguments, struct span value, struct text *message)
{
	struct mask mask;
	int r = expression_parse(value, CALL_NONE, &mask, message);

	if (r >= 0)
		r = expression_check(&mask, CALL_CLONE, message);
	if (r >= 0)
		arguments->values[ARGUMENT_EXIT_SIGNAL] = mask.value | mask.signal;
	return r;
}

/* Reads a number. A word that is not a number (strace's NULL, a list, a name with -y) is 0 or skipped. */
static int take_number(struct arguments *arguments, enum argument argument, struct span value, struct text *message)
{
	const char *first = value.at;
	const size_t digits = strspn(first, "0123456789abcdefABCDEFxX");
	uint64_t number;

	/* the signs of strace -y and of a list that is a result belong to no number */
	if (digits < value.length)
		value.length = digits;
	if (span_number(value, &number))
		arguments->values[argument] = number;
	else if (span_overflows(value))
		return span_refuse(message, value, "does not fit into 64 bits");
	else if (*first == '[')
		arguments->lists = true;
	return 0;
}

/* Notes that ARGUMENT is given by VALUE, once only. */
static int take_once(struct arguments *arguments, enum argument argument, struct span value, struct text *message)
{
	if (arguments->given[argument])
		return span_refuse(message, value, "is a second value for the same argument; leave one out");
	arguments->given[argument] = true;
	return 0;
}

/* The stack. cltrace shows it with its size: 0x7f...+0x8000 */
static int take_stack(struct arguments *arguments, struct span value, struct text *message)
{
	const char *plus = memchr(value.at, '+', value.length);
	int r = 0;

	if (plus) {
		const struct span size = { plus + 1, value.length - (size_t)(plus + 1 - value.at) };

		r = take_once(arguments, ARGUMENT_STACK_SIZE, size, message);
		if (r >= 0)
			r = take_number(arguments, ARGUMENT_STACK_SIZE, size, message);
		value.length = (size_t)(plus - value.at);
	}
	return r < 0 ? r : take_number(arguments, ARGUMENT_STACK, value, message);
}

/* Stores one argument. */
static int take_argument(struct arguments *arguments, enum argument argument, struct span value, enum call call,
			 struct text *message)
{
	int r = take_once(arguments, argument, value, message);

	if (r < 0)
		return r;
	if (argument == ARGUMENT_FLAGS) {
		r = expression_parse(value, call, &arguments->mask, message);
		return r < 0 ? r : expression_check(&arguments->mask, call, message);
	}
	if (argument == ARGUMENT_EXIT_SIGNAL)
		return take_exit_signal(arguments, value, message);
	if (argument == ARGUMENT_STACK)
		return take_stack(arguments, value, message);
	if (argument == ARGUMENT_SET_TID && value.length && *value.at == '[')
		return take_set_tid(arguments, value, message);
	return take_number(arguments, argument, value, message);
}

/* An argument at an unknown place, or with an unknown name, can be ignored if it is 0. */
static int pass_over(struct span name, struct span value, enum argument argument, struct text *message)
{
	uint64_t number = 1;

	if (argument == ARGUMENT_STRANGE)
		return span_refuse(message, name, "is not an argument of this call; leave it out");
	if (span_is(value, "NULL") || (span_number(value, &number) && !number))
		return 0;
	return span_refuse(message, value,
			   "is an argument without a name; give it with its name, such as parent_tid=0x1000");
}

/* clone3's first argument: cltrace shows the flags there or, if they could not be read, address and size, as strace
 * does. Unknown flags are a number, too. */
static bool is_address(struct span span)
{
	const char *next = span.at + span.length;

	next += strspn(next, " ,");
	return !strncmp(span.at, "0x", 2) && *next != ')' &&
	       (!isalpha((unsigned char)*next) || !strncmp(next, "size", 4));
}

/* Which argument is at SPAN: by its name, which is removed, or by its POSITION. */
static enum argument argument_of(struct span *span, enum call call, unsigned position)
{
	static const enum argument positions[][2] = {
		[CALL_CLONE] = { ARGUMENT_FLAGS, ARGUMENT_STACK },
		[CALL_CLONE3] = { ARGUMENT_NONE, ARGUMENT_SIZE },
		[CALL_FORK] = { ARGUMENT_BEYOND, ARGUMENT_BEYOND },
		[CALL_VFORK] = { ARGUMENT_BEYOND, ARGUMENT_BEYOND },
		[CALL_UNSHARE] = { ARGUMENT_FLAGS, ARGUMENT_BEYOND },
		[CALL_SETNS] = { ARGUMENT_FD, ARGUMENT_FLAGS },
	};
	size_t length = 0;

	while (length < span->length && is_word_byte(span->at[length]) && span->at[length] != ':')
		length++;
	if (length < span->length && (span->at[length] == '=' || span->at[length] == ':')) {
		const struct span name = { span->at, length };

		span->at += length + 1;
		span->length -= length + 1;
		*span = span_trim(*span);
		for (size_t i = 0; i < ARRAY_LENGTH(argument_names); i++)
			if (span_is(name, argument_names[i].name))
				return argument_names[i].argument;
		return ARGUMENT_STRANGE;
	}
	if (position >= ARRAY_LENGTH(positions[0]) || (unsigned)call >= ARRAY_LENGTH(positions))
		return ARGUMENT_BEYOND;
	if (call == CALL_CLONE3 && !position && !is_address(*span))
		return ARGUMENT_FLAGS;
	return positions[call][position];
}

/* Reads the argument SPAN. */
static int parse_argument(struct span span, enum call call, unsigned position, struct arguments *arguments,
			  struct text *message)
{
	const struct span whole = span;
	const enum argument argument = argument_of(&span, call, position);

	if (argument == ARGUMENT_STRANGE || argument == ARGUMENT_BEYOND)
		return pass_over(whole, span, argument, message);
	return argument == ARGUMENT_NONE ? 0 : take_argument(arguments, argument, span, call, message);
}

int line_parse_arguments(const char **at, enum call call, struct arguments *arguments, struct text *message)
{
	const char *here = *at;
	unsigned position = 0;
	bool braces = false; /* in clone3's struct, which is one argument */

	while (*here && *here != ')' && strncmp(here, "<unfinished", 11) != 0) {
		struct span span;
		int r;

		if (strchr(" ,{}", *here)) {
			braces = *here == '{' || (braces && *here != '}');
			position += *here == '}';
			here++;
			continue;
		}
		if (!strncmp(here, "=>", 2)) { /* up to the next argument */
			here = argument_end(here + 2);
			continue;
		}
		span = span_trim((struct span){ here, (size_t)(argument_end(here) - here) });
		here = argument_end(here);
		if (!span.length) { /* a bracket that closes nothing */
			here += *here != '\0' && *here != ')';
			continue;
		}
		r = parse_argument(span, call, position, arguments, message);
		if (r < 0)
			return r;
		position += !braces;
	}
	*at = here;
	return 0;
}

static int errno_by_name(struct span span)
{
	for (int number = 1; number < ERRNO_LAST; number++) {
		const char *name = errno_name(number);

		if (name && span_is(span, name))
			return number;
	}
	return 0;
}

int line_parse_result(const char *at, struct parsed *parsed, struct text *message)
{
	const char *equals = *at == ')' ? at + 1 + strspn(at + 1, " ") : "";
	char *end;
	long result;

	if (*equals != '=')
		return 0;
	result = strtol(equals + 1, &end, 10);
	if (result > INT_MAX) {
		return span_refuse(message, (struct span){ equals, (size_t)(end - equals) },
				   "is too large for a tid; give the line as it was printed");
	} else if (result > 0) {
		parsed->child = (pid_t)result;
	} else if (result < 0) {
		struct span name = { strchr(equals, '-'), 0 };

		name.at += strcspn(name.at, " ");
		name.at += strspn(name.at, " ");
		while (isupper((unsigned char)name.at[name.length]) || isdigit((unsigned char)name.at[name.length]))
			name.length++;
		parsed->error = errno_by_name(name);
		if (!parsed->error)
			return span_refuse(message, (struct span){ equals, (size_t)(name.at + name.length - equals) },
					   "has no error name that is known; give one such as EINVAL");
	}
	return 0;
}

pid_t line_parse_caller(const char *line, const char *call)
{
	static const char pid[] = "[pid ";
	const char *at = strstr(line, pid);
	char *end;
	long tid;

	if (at && at < call)
		at += strlen(pid);
	else
		at = line;
	tid = strtol(at, &end, 10);
	if (end == at || (*end != ' ' && *end != ']')) {
		at = call;
		while (at > line && at[-1] == ' ')
			at--;
		while (at > line && isdigit((unsigned char)at[-1]))
			at--;
		if (at == line || at[-1] != '/')
			return 0;
		tid = strtol(at, NULL, 10);
	}
	return tid > 0 && tid <= INT_MAX ? (pid_t)tid : 0;
}
