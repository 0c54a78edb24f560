/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a person writes or pastes for a request: a mask, an expression, a library call's name, a line of strace,
 * of perf trace or of cltrace. */
#include "teach/parse.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define ABI_NAME "x86_64" /* any would do: the arguments are put in its order and taken out again */
#define WORD_MAX 40	  /* bytes of a word within a message */

enum { SIGNAL_REALTIME = 32, SIGNAL_LAST = 64, ERRNO_LAST = 4095, LOWEST_BYTE = 0xff };

/* A piece of the input. */
struct span {
	const char *at;
	size_t length;
};

/* What a mask or an expression comes to. */
struct mask {
	uint64_t value;	 /* flags; from numbers also what may be clone's exit signal */
	uint64_t signal; /* by name */
	bool has_signal;
	struct span signal_by; /* which word gave it */
	struct span low_by;    /* the number that gave the lowest byte, if one did */
	struct span low_too;   /* a number that gives another one */
	uint64_t named;	       /* flags that were given by name */
	unsigned calls;	       /* bits: the calls that take every flag given by name */
	struct span call_by;   /* the flag by name that left a call too few; none of them may be left */
	const struct fingerprint *row;
	struct span row_by;
};

/* The values of a call's arguments, by their names in all three notations. */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_FLAGS,
	ARGUMENT_EXIT_SIGNAL,
	ARGUMENT_STACK,
	ARGUMENT_STACK_SIZE,
	ARGUMENT_PARENT_TID,
	ARGUMENT_CHILD_TID,
	ARGUMENT_TLS,
	ARGUMENT_PIDFD,
	ARGUMENT_SET_TID,
	ARGUMENT_SET_TID_SIZE,
	ARGUMENT_CGROUP,
	ARGUMENT_SIZE,
	ARGUMENT_FD,
	ARGUMENT_STRANGE, /* its name is none of these */
	ARGUMENT_BEYOND,  /* it has no name, and its place none that is known */
	ARGUMENT_COUNT
};

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

struct arguments {
	bool given[ARGUMENT_COUNT];
	uint64_t values[ARGUMENT_COUNT];
	struct mask mask; /* of ARGUMENT_FLAGS */
	int32_t set_tid[CLONE_SET_TID_MAX];
	size_t set_tid_count;
	bool lists; /* of an address what stood there after the call was shown instead */
};

/* ---- pieces ---- */

static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_' || byte == ':';
}

static bool span_is(struct span span, const char *string)
{
	return strlen(string) == span.length && !strncasecmp(span.at, string, span.length);
}

static struct span span_trim(struct span span)
{
	while (span.length && *span.at == ' ') {
		span.at++;
		span.length--;
	}
	while (span.length && span.at[span.length - 1] == ' ')
		span.length--;
	return span;
}

static int refuse(struct text *message, struct span span, const char *wrong)
{
	text_add_quoted(message, span.at, span.length);
	text_addf(message, " %s", wrong);
	return -EINVAL;
}

/* The same of two words that do not go together: WRONG has a %s for the second one. */
static int refuse_two(struct text *message, struct span span, const char *wrong, struct span other)
{
	struct text sentence = TEXT_INIT;
	int r;

	for (; *wrong; wrong++) {
		if (!strncmp(wrong, "%s", 2)) {
			text_add_bytes(&sentence, other.at, other.length < WORD_MAX ? other.length : WORD_MAX);
			wrong++;
		} else {
			text_add_bytes(&sentence, wrong, 1);
		}
	}
	r = refuse(message, span, text_get(&sentence));
	text_done(&sentence);
	return r;
}

/* Whether SPAN is a number beyond 64 bits. */
static bool span_overflows(struct span span)
{
	const bool hex = span.length > 2 && !strncasecmp(span.at, "0x", 2);
	const size_t digits = strspn(span.at + 2 * hex, hex ? "0123456789abcdefABCDEF" : "0123456789") + 2 * hex;

	if (!span.length || digits < span.length)
		return false;
	errno = 0;
	strtoull(span.at, NULL, 0);
	return errno == ERANGE;
}

/* The number that SPAN is, as C writes it; false when it is none. */
static bool span_number(struct span span, uint64_t *ret)
{
	char digits[32];
	char *end;

	if (!span.length || span.length >= sizeof(digits) || !isdigit((unsigned char)*span.at))
		return false;
	memcpy(digits, span.at, span.length);
	digits[span.length] = '\0';
	errno = 0;
	*ret = strtoull(digits, &end, 0);
	return !*end && !errno;
}

/* WHAT as one line: runs of white space are one blank, and what strace itself says in the midst of a line is left out
 * ("strace: Process 12 attached"). */
static void normalise(struct text *text, const char *what)
{
	static const char attached[] = "strace: Process ";
	bool blank = true;

	while (*what) {
		if (!strncmp(what, attached, strlen(attached))) {
			what += strlen(attached);
			what += strspn(what, "0123456789");
			if (!strncmp(what, " attached", 9))
				what += 9;
			continue;
		}
		if (!isspace((unsigned char)*what))
			text_add_bytes(text, what, 1);
		else if (!blank)
			text_add(text, " ");
		blank = isspace((unsigned char)*what);
		what++;
	}
}

/* ---- expressions ---- */

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

/* Every flag that CALL takes; where that is not said, clone3's, and clone's alone. */
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

/* Takes VALUE out of MASK, for the word SPAN. */
static int take_out(struct mask *mask, struct span span, uint64_t value, struct text *message)
{
	if (!(mask->value & value))
		return refuse(message, span, "is not set before the ~, so nothing can be taken out; leave it out");
	mask->value &= ~value;
	mask->named &= ~value;
	return 0;
}

/* A bit can be another flag's, or a part of the exit signal, where the call is CALL. */
static int check_flag(struct span span, const struct flag *flag, enum call call, struct text *message)
{
	const struct flag *other = call == CALL_NONE ? NULL : flag_find(flag->value, call);

	if (call == CALL_NONE || flag->calls & 1U << call)
		return 0;
	if (other)
		return refuse_two(message, span, "is a flag of other calls; in this call the same bit is %s",
				  (struct span){ other->name, strlen(other->name) });
	if (call == CALL_CLONE && flag->value & LOWEST_BYTE)
		return refuse(message, span,
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
		return refuse(message, span, "is given twice; give it once");
	if (mask->calls && !(mask->calls & flag->calls))
		mask->call_by = span;
	mask->calls &= flag->calls;
	mask->value |= flag->value;
	mask->named |= flag->value;
	return 0;
}

/* A number may have an exit signal in its lowest byte. */
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
			return refuse(message, span,
				      "is not set before the ~, so nothing can be taken out; leave it out");
		mask->signal = 0;
		mask->has_signal = false;
		return 0;
	}
	if (mask->has_signal && mask->signal != signo)
		return refuse_two(message, span,
				  "is a second exit signal (the first is from %s); a task has only one: leave "
				  "one out, or take one out with ~",
				  mask->signal_by);
	if (mask->has_signal && mask->signal_by.length == span.length &&
	    !strncasecmp(mask->signal_by.at, span.at, span.length))
		return refuse(message, span, "is given twice; give it once");
	mask->signal = signo;
	mask->has_signal = true;
	mask->signal_by = span;
	return 0;
}

static int take_library_call(struct mask *mask, struct span span, const struct fingerprint *row, struct text *message)
{
	if (mask->row)
		return refuse_two(message, span,
				  "is a second library call after %s; give each as a separate word to compare them",
				  mask->row_by);
	mask->row = row;
	mask->row_by = span;
	mask->value |= row->flags;
	return row->signal_low ? take_signal(mask, span, row->signal_low, false, message) : 0;
}

/* Takes the word SPAN into MASK: a number, a flag, a signal, a library call. */
static int take_word(struct mask *mask, struct span span, enum call call, bool without, struct text *message)
{
	const struct fingerprint *row = without ? NULL : find_library_call(span, call); /* "vfork" is no flag */
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
		return refuse(message, span, "does not fit into 64 bits; give a number up to 0xffffffffffffffff");
	return refuse(message, span,
		      "is not a flag, signal, number or library call; see cltrace --explain for the flags");
}

/* Whether a number that is shifted stands at the beginning of REST: "1<<33" or "1ULL << 33". *RET is all of it. */
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
	return ret->length <= rest.length && !is_word(*behind);
}

/* Takes such a number in. Returns how long it is; 0: there is none. */
static int take_shift(struct mask *mask, struct span rest, bool without, struct text *message)
{
	unsigned long places;
	struct span span;
	uint64_t number;
	int r;

	if (!find_shift(rest, &span, &number, &places))
		return 0;
	if (places > 63 || number << places >> places != number)
		return refuse(message, span, "does not fit into 64 bits; shift it by less");
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
	       (is_word(rest.at[word.length]) || (word.length && strchr("/+", rest.at[word.length]))))
		word.length++;
	return word;
}

/* Where reading an expression has got to. */
struct reading {
	struct mask mask;
	bool without; /* a '~' stands before */
	bool any;     /* a word has been taken */
	bool joined;  /* a '|' stands before */
};

/* Takes the sign at the beginning of REST, which is no word. */
static int take_sign(struct reading *reading, struct span rest, enum call call, struct text *message)
{
	const char *next = rest.at + 1 + strspn(rest.at + 1, " ");

	if (reading->without && *rest.at != ' ')
		return refuse(message, (struct span){ rest.at, 1 },
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
		return refuse(message, (struct span){ rest.at, 1 }, "does not join flags; join them with '|'");
	return strchr("|& ()", *rest.at) ? 1 : refuse(message, rest, "is not understood; join flags with '|'");
}

/* Takes what comes first in REST. Returns how long it is, or -EINVAL. */
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

/* Reads flags joined by '|'; '~' takes out what follows it. SPAN is within a NUL-terminated string. */
static int parse_mask(struct span rest, enum call call, struct mask *ret, struct text *message)
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
	if (reading.joined) { /* of a folded line the first part: the flags behind it decide as well */
		text_add(message, "it breaks off behind '|'; give all of it, be it several lines");
		return -EINVAL;
	}
	*ret = reading.mask;
	return 0;
}

/* What contradicts itself in MASK when it is CALL's. clone alone has an exit signal among its flags. */
static int check_mask(const struct mask *mask, enum call call, struct text *message)
{
	const uint64_t low = mask->value & LOWEST_BYTE;

	if (call != CALL_CLONE || !low)
		return 0;
	if (mask->low_too.length)
		return refuse_two(
			message, mask->low_too,
			"has an exit signal in its lowest byte, and so has %s; a task has only one: leave one out",
			mask->low_by);
	if (mask->has_signal && mask->signal != low && mask->low_by.length)
		return refuse_two(
			message, mask->low_by,
			"has an exit signal in its lowest byte, and %s is another; a task has only one: leave one out",
			mask->signal_by);
	return 0;
}

/* ---- lines ---- */

/* The next '(' in LINE from AT on that is not in a string, such as what write() is shown to write. */
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

/* Where the name of a call of ours stands right before a '(', and which it is; NULL when there is none. */
static const char *find_call(const char *line, enum call *ret_call, const char **ret_arguments)
{
	bool quoted = false;

	for (const char *open = find_open(line, &quoted); open; open = find_open(open + 1, &quoted)) {
		const char *name = open;
		char copy[16];

		while (name > line && is_word(name[-1]) && name[-1] != ':')
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

/* The end of the argument at AT: a ',' or a closing bracket that it did not open, or the end. What stands behind "=>"
 * came out of the call. */
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

/* strace breaks a long list off with "...". */
static int take_set_tid(struct arguments *arguments, struct span value, struct text *message)
{
	const char *at = value.at + 1;

	for (;;) {
		char *end;
		const long tid = strtol(at, &end, 10);

		if (end == at || (size_t)(end - value.at) > value.length)
			return 0;
		if (tid < INT32_MIN || tid > INT32_MAX)
			return refuse(message, (struct span){ at, (size_t)(end - at) },
				      "is out of range for a tid; give numbers up to 2147483647");
		if (arguments->set_tid_count == CLONE_SET_TID_MAX)
			return refuse(message, value,
				      "has more than 32 tids, and pid namespaces nest no deeper; leave some out");
		arguments->set_tid[arguments->set_tid_count++] = (int32_t)tid;
		at = end + strspn(end, ", ");
	}
}

/* Takes one argument in. What is no number (strace's NULL, a list, a name with -y) is 0 or passed over. */
static int take_argument(struct arguments *arguments, enum argument argument, struct span value, enum call call,
			 struct text *message)
{
	const char *first = value.at;
	uint64_t number = 0;
	struct mask mask;
	int r;

	if (arguments->given[argument])
		return refuse(message, value, "is a second value for the same argument; leave one out");
	arguments->given[argument] = true;
	switch (argument) {
	case ARGUMENT_FLAGS:
		r = parse_mask(value, call, &arguments->mask, message);
		return r < 0 ? r : check_mask(&arguments->mask, call, message);
	case ARGUMENT_EXIT_SIGNAL:
		r = parse_mask(value, CALL_NONE, &mask, message);
		r = r < 0 ? r : check_mask(&mask, CALL_CLONE, message);
		if (r < 0)
			return r;
		arguments->values[argument] = mask.value | mask.signal;
		return 0;
	case ARGUMENT_SET_TID:
		if (value.length && *value.at == '[')
			return take_set_tid(arguments, value, message);
		break;
	case ARGUMENT_STACK: /* of cltrace with its size: 0x7f...+0x8000 */
		if (memchr(value.at, '+', value.length)) {
			const char *plus = memchr(value.at, '+', value.length);
			const struct span size = { plus + 1, value.length - (size_t)(plus + 1 - value.at) };

			r = take_argument(arguments, ARGUMENT_STACK_SIZE, size, call, message);
			if (r < 0)
				return r;
			value.length = (size_t)(plus - value.at);
		}
		break;
	case ARGUMENT_STACK_SIZE:
	case ARGUMENT_PARENT_TID:
	case ARGUMENT_CHILD_TID:
	case ARGUMENT_TLS:
	case ARGUMENT_PIDFD:
	case ARGUMENT_SET_TID_SIZE:
	case ARGUMENT_CGROUP:
	case ARGUMENT_SIZE:
	case ARGUMENT_FD:
	case ARGUMENT_NONE:
	case ARGUMENT_STRANGE:
	case ARGUMENT_BEYOND:
	case ARGUMENT_COUNT:
		break;
	}
	/* the signs of strace -y and of a list that came out of the call belong to no number */
	value.length = (size_t)(strspn(value.at, "0123456789abcdefABCDEFxX") < value.length
					? strspn(value.at, "0123456789abcdefABCDEFxX")
					: value.length);
	if (span_number(value, &number))
		arguments->values[argument] = number;
	else if (span_overflows(value))
		return refuse(message, value, "does not fit into 64 bits");
	else if (*first == '[')
		arguments->lists = true;
	return 0;
}

/* An argument that stands where none is known, or under a name that is not, may be left out if it is 0. */
static int pass_over(struct span name, struct span value, enum argument argument, struct text *message)
{
	uint64_t number = 1;

	if (argument == ARGUMENT_STRANGE)
		return refuse(message, name, "is not an argument of this call; leave it out");
	if (span_is(value, "NULL") || (span_number(value, &number) && !number))
		return 0;
	return refuse(message, value,
		      "is an argument without a name; give it with its name, such as parent_tid=0x1000");
}

/* clone3's first argument: cltrace shows the flags there, but where they could not be read address and size, as strace
 * does. Flags that nobody knows are a number, too. */
static bool is_address(struct span span)
{
	const char *next = span.at + span.length;

	next += strspn(next, " ,");
	return !strncmp(span.at, "0x", 2) && *next != ')' &&
	       (!isalpha((unsigned char)*next) || !strncmp(next, "size", 4));
}

/* Which argument the one at SPAN is: by its name, which is taken off, or by its POSITION. */
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

	while (length < span->length && is_word(span->at[length]) && span->at[length] != ':')
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

/* Reads the arguments at *AT, which is moved to the ')' behind them or to the end of what there is. */
static int parse_arguments(const char **at, enum call call, struct arguments *arguments, struct text *message)
{
	const char *here = *at;
	unsigned position = 0;
	bool braces = false; /* within clone3's struct, which is one argument */

	while (*here && *here != ')' && strncmp(here, "<unfinished", 11) != 0) {
		struct span span, whole;
		enum argument argument;
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
		whole = span;
		argument = argument_of(&span, call, position);
		position += !braces;
		if (argument == ARGUMENT_STRANGE || argument == ARGUMENT_BEYOND)
			r = pass_over(whole, span, argument, message);
		else
			r = argument == ARGUMENT_NONE ? 0 : take_argument(arguments, argument, span, call, message);
		if (r < 0)
			return r;
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

/* ") = 123", ") = -1 EINVAL (Invalid argument)", ") = ?" */
static int parse_result(const char *at, struct parsed *parsed, struct text *message)
{
	const char *equals = *at == ')' ? at + 1 + strspn(at + 1, " ") : "";
	char *end;
	long result;

	if (*equals != '=')
		return 0;
	result = strtol(equals + 1, &end, 10);
	if (result > INT_MAX) {
		return refuse(message, (struct span){ equals, (size_t)(end - equals) },
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
			return refuse(message, (struct span){ equals, (size_t)(name.at + name.length - equals) },
				      "has no error name that is known; give one such as EINVAL");
	}
	return 0;
}

/* The caller's tid, before the call: "[pid 12] ", "12 ", perf's "name/12 ". */
static pid_t parse_caller(const char *line, const char *call)
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

/* ---- requests ---- */

/* Where nothing is known of pointers, some that differ: the kernel refuses equal ones. */
static void fill_pointers(struct arguments *arguments)
{
	static const enum argument pointers[] = { ARGUMENT_PARENT_TID, ARGUMENT_CHILD_TID, ARGUMENT_TLS, ARGUMENT_PIDFD,
						  ARGUMENT_CGROUP };

	for (size_t i = 0; i < ARRAY_LENGTH(pointers); i++)
		if (!arguments->values[pointers[i]])
			arguments->values[pointers[i]] = 0x1000 * (i + 1);
}

static void decode_clone3(const struct arguments *arguments, struct request *ret)
{
	const struct abi *abi = abi_find_name(ABI_NAME);
	const uint64_t *values = arguments->values;
	const uint64_t fields[] = {
		arguments->mask.value,
		values[ARGUMENT_PIDFD],
		values[ARGUMENT_CHILD_TID],
		values[ARGUMENT_PARENT_TID],
		arguments->given[ARGUMENT_EXIT_SIGNAL] ? values[ARGUMENT_EXIT_SIGNAL] : arguments->mask.signal,
		values[ARGUMENT_STACK],
		values[ARGUMENT_STACK_SIZE],
		values[ARGUMENT_TLS],
		arguments->set_tid_count && !values[ARGUMENT_SET_TID] ? 1 : values[ARGUMENT_SET_TID],
		arguments->given[ARGUMENT_SET_TID_SIZE] ? values[ARGUMENT_SET_TID_SIZE] : arguments->set_tid_count,
		values[ARGUMENT_CGROUP],
	};
	const uint64_t size = arguments->given[ARGUMENT_SIZE] ? values[ARGUMENT_SIZE] : sizeof(fields);
	const uint64_t args[6] = { 0x1000, size };
	struct clone_args_read read = { .length = size < CLONE_ARGS_KEEP ? (size_t)size : CLONE_ARGS_KEEP };

	memcpy(read.bytes, fields, sizeof(fields));
	read.set_tid_count = arguments->set_tid_count;
	memcpy(read.set_tid, arguments->set_tid, sizeof(read.set_tid));
	request_decode(abi, (uint64_t)abi->nr[CALL_CLONE3], args, &read, ret);
}

static void decode(enum call call, const struct arguments *arguments, struct request *ret)
{
	const struct abi *abi = abi_find_name(ABI_NAME);
	const uint64_t *values = arguments->values;
	const uint64_t flags = arguments->mask.value | arguments->mask.signal;
	uint64_t args[6] = { flags };

	if (call == CALL_CLONE3) {
		decode_clone3(arguments, ret);
		return;
	}
	if (call == CALL_SETNS) {
		args[0] = values[ARGUMENT_FD];
		args[1] = flags;
	} else if (call == CALL_CLONE) {
		args[1] = values[ARGUMENT_STACK];
		args[2] = values[flags & FLAG_PIDFD && arguments->given[ARGUMENT_PIDFD] ? ARGUMENT_PIDFD
											: ARGUMENT_PARENT_TID];
		args[3] = values[ARGUMENT_CHILD_TID];
		args[4] = values[ARGUMENT_TLS];
	}
	request_decode(abi, (uint64_t)abi->nr[call], args, NULL, ret);
}

/* Of a call whose name alone is known to the person: fork and vfork have no flags to give. */
static enum call choose_call(const struct mask *mask, enum call call)
{
	static const enum call order[] = { CALL_CLONE, CALL_CLONE3, CALL_UNSHARE };
	static const enum call by_name[] = { CALL_CLONE3, CALL_CLONE, CALL_FORK, CALL_VFORK };

	if (call != CALL_NONE)
		return call;
	if (mask->row)
		for (size_t i = 0; i < ARRAY_LENGTH(by_name); i++)
			if (mask->row->calls & 1U << by_name[i] && mask->calls & 1U << by_name[i])
				return by_name[i];
	for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
		if (mask->calls & 1U << order[i] && (order[i] != CALL_CLONE || mask->value <= UINT32_MAX))
			return order[i];
	return CALL_CLONE3;
}

static int parse_flags(const char *what, enum call call, struct parsed *ret, struct text *message)
{
	struct arguments arguments = { .mask = { .value = 0 } };
	struct mask *mask = &arguments.mask;
	int r = parse_mask((struct span){ what, strlen(what) }, call, mask, message);
	const struct fingerprint *row = mask->row;

	if (r < 0)
		return r;
	ret->as = row && mask->value == row->flags && mask->signal == row->signal_low ? PARSED_NAME : PARSED_FLAGS;
	ret->row = row;
	ret->call_given = call != CALL_NONE || row;
	ret->stack_given = !!row;
	if (row && (call == CALL_UNSHARE || call == CALL_SETNS))
		return refuse_two(message, mask->row_by, "makes a task, and %s does not; leave out --call",
				  (struct span){ call_name(call), strlen(call_name(call)) });
	if (call == CALL_NONE && mask->call_by.length)
		return refuse(
			message, mask->call_by,
			"is a flag that no call accepts together with the flags before it; choose a call with --call");
	call = choose_call(mask, call);
	r = check_mask(mask, call, message);
	if (r < 0)
		return r;
	if ((call == CALL_FORK || call == CALL_VFORK) && ret->as != PARSED_NAME)
		call = CALL_CLONE;
	fill_pointers(&arguments);
	if (row && row->stack)
		arguments.values[ARGUMENT_STACK] = arguments.values[ARGUMENT_STACK_SIZE] = 0x10000;
	if (call == CALL_CLONE)
		ret->cut = mask->value & ~(uint64_t)UINT32_MAX;
	decode(call, &arguments, &ret->request);
	return 0;
}

/* A line, or a library call's name with its "()"? fork() and vfork() may be both: a line tells who or what came of it.
 */
static bool is_line(const char *line, const char *name, const char *arguments)
{
	return *arguments != ')' || name > line || arguments[1 + strspn(arguments + 1, " ")] == '=';
}

/* What contradicts itself in a line whose ARGUMENTS end at END. */
static int check_line(enum call call, const char *end, const struct arguments *arguments, struct text *message)
{
	const struct mask *mask = &arguments->mask;
	const char *behind, *name;
	enum call second;

	if (call == CALL_CLONE3 && mask->has_signal && arguments->given[ARGUMENT_EXIT_SIGNAL] &&
	    mask->signal != arguments->values[ARGUMENT_EXIT_SIGNAL])
		return refuse(
			message, mask->signal_by,
			"is a second exit signal (the first is in exit_signal); a task has only one: leave one out");
	name = find_call(end, &second, &behind);
	if (name && is_line(name, name, behind)) /* more than "by fork()", which cltrace says of a call */
		return refuse(message, (struct span){ name, strlen(call_name(second)) },
			      "is a second call in the line; give each as a separate word to compare them");
	return 0;
}

static int parse_line(const char *line, enum call call, const char *name, const char *at, struct parsed *ret,
		      struct text *message)
{
	struct arguments arguments = { .mask = { .value = 0 } };
	int r = parse_arguments(&at, call, &arguments, message);

	if (r >= 0)
		r = check_line(call, at, &arguments, message);
	if (r < 0)
		return r;
	if (!arguments.given[ARGUMENT_FLAGS] && call != CALL_FORK && call != CALL_VFORK) {
		text_addf(message, "the flags of this %s are not in the line; %s", call_name(call),
			  strstr(line, "continued]") || strstr(line, "uargs")
				  ? "perf trace does not show clone3's: paste one of strace or cltrace"
				  : "paste the line where the call begins");
		return -EINVAL;
	}
	ret->as = PARSED_LINE;
	ret->call_given = true;
	ret->stack_given = *at == ')' || arguments.given[ARGUMENT_STACK];
	ret->pointers_given = *at == ')' && !arguments.lists;
	if (!ret->pointers_given)
		fill_pointers(&arguments);
	decode(call, &arguments, &ret->request);
	ret->caller = parse_caller(line, name);
	r = parse_result(at, ret, message);
	if (!call_is_creation(call))
		ret->child = 0;
	return r;
}

static int parse_normal(const char *line, enum call call, struct parsed *ret, struct text *message)
{
	enum call found;
	const char *arguments, *name = find_call(line, &found, &arguments);
	struct mask mask;
	struct text unused = TEXT_INIT;
	const char *open = strchr(line, '(');
	int r;

	if (name && is_line(line, name, arguments)) {
		if (name > line && *arguments == ')' && !strchr(arguments, '=')) /* "looks like fork()" */
			return refuse(message, (struct span){ name, strlen(call_name(found)) },
				      "is named in it, not called; paste the line of the call");
		if (call != CALL_NONE && call != found)
			return refuse_two(message, (struct span){ name, strlen(call_name(found)) },
					  "is the call in this line, not %s; leave out --call",
					  (struct span){ call_name(call), strlen(call_name(call)) });
		return parse_line(line, found, name, arguments, ret, message);
	}
	if (strstr(line, "resumed>")) {
		text_add(message, "it is where strace goes on with a call; paste the line where the call begins");
		return -EINVAL;
	}
	if (name && found != CALL_FORK && found != CALL_VFORK)
		return refuse(message, (struct span){ name, strlen(call_name(found)) },
			      "needs flags; give them, such as --call=clone3 'CLONE_VM|CLONE_VFORK'");
	if (!open || !is_word(open > line ? open[-1] : ' ') || open[1] == ')')
		return parse_flags(line, call, ret, message);
	/* a call that is none of ours, or an expression with brackets: the expression knows */
	r = parse_mask((struct span){ line, strlen(line) }, call, &mask, &unused);
	text_done(&unused);
	if (r == 0)
		return parse_flags(line, call, ret, message);
	return refuse(message, (struct span){ line, (size_t)(open - line) },
		      "is no call that makes tasks or moves them; give clone, clone3, fork, vfork, unshare or setns");
}

int parse_what(const char *what, enum call call, struct parsed *ret, struct text *message)
{
	struct text line = TEXT_INIT;
	struct parsed parsed = { .as = PARSED_FLAGS };
	struct span whole;
	enum call named;
	int r;

	normalise(&line, what);
	whole = span_trim((struct span){ text_get(&line), line.length });
	named = call_find(text_get(&line));
	if (!whole.length) {
		text_add(message, "it is empty; give a mask, flags, a library call or a line of strace");
		r = -EINVAL;
	} else if (named == CALL_CLONE || named == CALL_CLONE3 || named == CALL_UNSHARE || named == CALL_SETNS) {
		r = refuse(message, whole, "needs flags; give them, such as --call=clone3 'CLONE_VM|CLONE_VFORK'");
	} else {
		r = parse_normal(text_get(&line), call, &parsed, message);
	}
	text_done(&line);
	if (r == 0)
		*ret = parsed;
	return r;
}
