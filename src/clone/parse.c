/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a person writes or pastes for a request: a mask, an expression, a library call's name, a line of strace,
 * of perf trace or of cltrace. */
#include "clone/parse.h"

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
#define QUOTE_MAX 40

enum { SIGNAL_REALTIME = 32, SIGNAL_LAST = 64, ERRNO_LAST = 4095 };

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
	unsigned calls; /* bits: the calls that take every flag given by name */
	const struct fingerprint *row;
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
	char copy[QUOTE_MAX + 1];
	const size_t kept = span.length < QUOTE_MAX ? span.length : QUOTE_MAX;

	memcpy(copy, span.at, kept);
	copy[kept] = '\0';
	text_add(message, "'");
	text_add_escaped(message, copy);
	text_addf(message, "%s' %s", kept < span.length ? "..." : "", wrong);
	return -EINVAL;
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

static void mask_add(struct mask *mask, uint64_t value, bool without)
{
	if (without)
		mask->value &= ~value;
	else
		mask->value |= value;
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

/* Takes the word SPAN into MASK: a number (SHIFT: 1 << 33), a flag, a signal, a library call. */
static int take_word(struct mask *mask, struct span span, enum call call, bool without, struct text *message)
{
	const struct fingerprint *row = without ? NULL : find_library_call(span, call); /* "vfork" is no flag */
	const struct flag *flag = row ? NULL : find_flag(span);
	const int signo = flag ? -1 : find_signal(span);
	uint64_t number;

	if (flag) {
		mask_add(mask, flag->value, without);
		mask->calls &= without ? ~0U : flag->calls;
		return 0;
	}
	if (span_number(span, &number)) {
		mask_add(mask, number, without);
		return 0;
	}
	if (signo >= 0) {
		mask->signal = without ? 0 : (uint64_t)signo;
		mask->has_signal = !without;
		return 0;
	}
	if (!row)
		return refuse(message, span,
			      "is no flag, signal, number or library call; see cltrace --explain for the flags");
	mask_add(mask, row->flags, false);
	mask->signal = row->signal_low;
	mask->has_signal = row->signal_low > 0;
	mask->row = row;
	return 0;
}

/* A number that is shifted, "1<<33" or "1ULL << 33", at *AT, which is moved behind it; false when there is none. */
static bool take_shift(struct mask *mask, struct span *rest, bool without)
{
	char *end, *behind;
	uint64_t number;
	unsigned long places;

	if (!rest->length || !isdigit((unsigned char)*rest->at))
		return false;
	number = strtoull(rest->at, &end, 0);
	end += strspn(end, "uUlL");
	end += strspn(end, " ");
	if (strncmp(end, "<<", 2) || !isdigit((unsigned char)end[2 + strspn(end + 2, " ")]))
		return false;
	places = strtoul(end + 2, &behind, 10);
	if (places > 63 || (size_t)(behind - rest->at) > rest->length || is_word(*behind))
		return false;
	mask_add(mask, number << places, without);
	rest->length -= (size_t)(behind - rest->at);
	rest->at = behind;
	return true;
}

/* Reads flags joined by '|'; '~' takes out what follows it. SPAN is within a NUL-terminated string. */
static int parse_mask(struct span rest, enum call call, struct mask *ret, struct text *message)
{
	struct mask mask = { .calls = ~0U };
	bool without = false, any = false, joined = false;

	for (rest = span_trim(rest); rest.length;) {
		struct span word = { rest.at, 0 };
		int r;

		joined = *rest.at == '|' || (joined && *rest.at == ' ');
		while (word.length < rest.length &&
		       (is_word(rest.at[word.length]) || (word.length && strchr("/+", rest.at[word.length]))))
			word.length++;
		if (rest.length >= 2 && !strncmp(rest.at, "/*", 2)) { /* strace -X verbose */
			const char *end = strstr(rest.at, "*/");

			word.length = end && (size_t)(end - rest.at) + 2 <= rest.length ? (size_t)(end - rest.at) + 2
											: rest.length;
		} else if (take_shift(&mask, &rest, without)) {
			any = true;
			without = false;
			continue;
		} else if (word.length) {
			r = take_word(&mask, word, call, without, message);
			if (r < 0)
				return r;
			any = true;
			without = false;
			if (word.length + 2 <= rest.length && !strncmp(rest.at + word.length, "()", 2))
				word.length += 2;
		} else if (*rest.at == '~') {
			if (!any)
				mask.value = all_flags(call);
			without = true;
			word.length = 1;
		} else if (strchr("|& ()", *rest.at)) {
			word.length = 1;
		} else {
			return refuse(message, rest, "is not understood; join flags with '|'");
		}
		rest.at += word.length;
		rest.length -= word.length;
	}
	if (!any || without) {
		text_add(message, "there is no flag in it; see cltrace --explain for the flags");
		return -EINVAL;
	}
	if (joined) { /* of a folded line the first part: the flags behind it decide as well */
		text_add(message, "it breaks off behind '|'; give all of it, be it several lines");
		return -EINVAL;
	}
	*ret = mask;
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

static int take_set_tid(struct arguments *arguments, struct span value)
{
	const char *at = value.at + 1;

	while (arguments->set_tid_count < CLONE_SET_TID_MAX) {
		char *end;
		const long tid = strtol(at, &end, 10);

		if (end == at || (size_t)(end - value.at) > value.length || tid < INT32_MIN || tid > INT32_MAX)
			break;
		arguments->set_tid[arguments->set_tid_count++] = (int32_t)tid;
		at = end + strspn(end, ", ");
	}
	return 0;
}

/* Takes one argument in. What is no number (strace's NULL, a list, a name with -y) is 0 or passed over. */
static int take_argument(struct arguments *arguments, enum argument argument, struct span value, enum call call,
			 struct text *message)
{
	const char *first = value.at;
	uint64_t number = 0;
	struct mask mask;
	int r;

	arguments->given[argument] = true;
	switch (argument) {
	case ARGUMENT_FLAGS:
		return parse_mask(value, call, &arguments->mask, message);
	case ARGUMENT_EXIT_SIGNAL:
		r = parse_mask(value, call, &mask, message);
		if (r < 0)
			return r;
		arguments->values[argument] = mask.has_signal ? mask.signal : mask.value;
		return 0;
	case ARGUMENT_SET_TID:
		if (value.length && *value.at == '[')
			return take_set_tid(arguments, value);
		break;
	case ARGUMENT_STACK: /* of cltrace with its size: 0x7f...+0x8000 */
		if (memchr(value.at, '+', value.length)) {
			const char *plus = memchr(value.at, '+', value.length);
			const struct span size = { plus + 1, value.length - (size_t)(plus + 1 - value.at) };

			if (span_number(size, &number))
				arguments->values[ARGUMENT_STACK_SIZE] = number;
			arguments->given[ARGUMENT_STACK_SIZE] = true;
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
	case ARGUMENT_COUNT:
		break;
	}
	/* the signs of strace -y and of a list that came out of the call belong to no number */
	value.length = (size_t)(strspn(value.at, "0123456789abcdefABCDEFxX") < value.length
					? strspn(value.at, "0123456789abcdefABCDEFxX")
					: value.length);
	if (span_number(value, &number))
		arguments->values[argument] = number;
	else if (*first == '[')
		arguments->lists = true;
	return 0;
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
		[CALL_UNSHARE] = { ARGUMENT_FLAGS, ARGUMENT_NONE },
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
		return ARGUMENT_NONE;
	}
	if (position >= ARRAY_LENGTH(positions[0]) || (unsigned)call >= ARRAY_LENGTH(positions))
		return ARGUMENT_NONE;
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
		struct span span;
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
		argument = argument_of(&span, call, position);
		position += !braces;
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
static void parse_result(const char *at, struct parsed *parsed)
{
	const char *equals = *at == ')' ? at + 1 + strspn(at + 1, " ") : "";
	long result;

	if (*equals != '=')
		return;
	result = strtol(equals + 1, NULL, 10);
	if (result > 0 && result <= INT_MAX) {
		parsed->child = (pid_t)result;
	} else if (result < 0) {
		struct span name = { strchr(equals, '-'), 0 };

		name.at += strcspn(name.at, " ");
		name.at += strspn(name.at, " ");
		while (isupper((unsigned char)name.at[name.length]) || isdigit((unsigned char)name.at[name.length]))
			name.length++;
		parsed->error = errno_by_name(name);
	}
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
	call = choose_call(mask, call);
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

static int parse_line(const char *line, enum call call, const char *name, const char *at, struct parsed *ret,
		      struct text *message)
{
	struct arguments arguments = { .mask = { .value = 0 } };
	int r = parse_arguments(&at, call, &arguments, message);

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
	parse_result(at, ret);
	if (!call_is_creation(call))
		ret->child = 0;
	return 0;
}

/* A line, or a library call's name with its "()"? fork() and vfork() may be both: a line tells who or what came of it.
 */
static bool is_line(const char *line, const char *name, const char *arguments)
{
	return *arguments != ')' || name > line || arguments[1 + strspn(arguments + 1, " ")] == '=';
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
