/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides what the input is: a mask, an expression, a library call's name, or a line. */
#include "teach/parse/parse.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "clone/fingerprint.h"
#include "teach/parse/parts.h"

/* WHAT as one line: white space becomes one blank, and messages of strace within a line are left out ("strace: Process
 * 12 attached"). */
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

static int parse_flags(const char *what, enum call call, struct parsed *ret, struct text *message)
{
	struct arguments arguments = { .mask = { .value = 0 } };
	struct mask *mask = &arguments.mask;
	int r = expression_parse((struct span){ what, strlen(what) }, call, mask, message);
	const struct fingerprint *row = mask->row;

	if (r < 0)
		return r;
	ret->as = row && mask->value == row->flags && mask->signal == row->signal_low ? PARSED_NAME : PARSED_FLAGS;
	ret->row = row;
	ret->call_given = call != CALL_NONE || row;
	ret->stack_given = !!row;
	if (row && (call == CALL_UNSHARE || call == CALL_SETNS))
		return span_refuse_two(message, mask->row_by, "makes a task, and %s does not; leave out --call",
				       (struct span){ call_name(call), strlen(call_name(call)) });
	if (call == CALL_NONE && mask->call_by.length)
		return span_refuse(
			message, mask->call_by,
			"is a flag that no call accepts together with the flags before it; choose a call with --call");
	call = build_call(mask, call);
	r = expression_check(mask, call, message);
	if (r < 0)
		return r;
	if ((call == CALL_FORK || call == CALL_VFORK) && ret->as != PARSED_NAME)
		call = CALL_CLONE;
	build_pointers(&arguments);
	if (row && row->stack)
		arguments.values[ARGUMENT_STACK] = arguments.values[ARGUMENT_STACK_SIZE] = 0x10000;
	if (call == CALL_CLONE)
		ret->cut = mask->value & ~(uint64_t)UINT32_MAX;
	build_request(call, &arguments, &ret->request);
	return 0;
}

/* Whether it is a line, or a library call's name with its "()". fork() and vfork() can be both: a line shows the caller
 * or the result. */
static bool is_line(const char *line, const char *name, const char *arguments)
{
	return *arguments != ')' || name > line || arguments[1 + strspn(arguments + 1, " ")] == '=';
}

/* Reports contradictions in a line whose ARGUMENTS end at END. */
static int check_line(enum call call, const char *end, const struct arguments *arguments, struct text *message)
{
	const struct mask *mask = &arguments->mask;
	const char *behind, *name;
	enum call second;

	if (call == CALL_CLONE3 && mask->has_signal && arguments->given[ARGUMENT_EXIT_SIGNAL] &&
	    mask->signal != arguments->values[ARGUMENT_EXIT_SIGNAL])
		return span_refuse(
			message, mask->signal_by,
			"is a second exit signal (the first is in exit_signal); a task has only one: leave one out");
	name = line_find_call(end, &second, &behind);
	if (name && is_line(name, name, behind)) /* more than "by fork()", which cltrace says of a call */
		return span_refuse(message, (struct span){ name, strlen(call_name(second)) },
				   "is a second call in the line; give each as a separate word to compare them");
	return 0;
}

static int parse_line(const char *line, enum call call, const char *name, const char *at, struct parsed *ret,
		      struct text *message)
{
	struct arguments arguments = { .mask = { .value = 0 } };
	int r = line_parse_arguments(&at, call, &arguments, message);

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
		build_pointers(&arguments);
	build_request(call, &arguments, &ret->request);
	ret->caller = line_parse_caller(line, name);
	r = line_parse_result(at, ret, message);
	if (!call_is_creation(call))
		ret->child = 0;
	return r;
}

static int parse_normal(const char *line, enum call call, struct parsed *ret, struct text *message)
{
	enum call found;
	const char *arguments, *name = line_find_call(line, &found, &arguments);
	struct mask mask;
	struct text unused = TEXT_INIT;
	const char *open = strchr(line, '(');
	int r;

	if (name && is_line(line, name, arguments)) {
		if (name > line && *arguments == ')' && !strchr(arguments, '=')) /* "looks like fork()" */
			return span_refuse(message, (struct span){ name, strlen(call_name(found)) },
					   "is named in it, not called; paste the line of the call");
		if (call != CALL_NONE && call != found)
			return span_refuse_two(message, (struct span){ name, strlen(call_name(found)) },
					       "is the call in this line, not %s; leave out --call",
					       (struct span){ call_name(call), strlen(call_name(call)) });
		return parse_line(line, found, name, arguments, ret, message);
	}
	if (strstr(line, "resumed>")) {
		text_add(message, "it is where strace goes on with a call; paste the line where the call begins");
		return -EINVAL;
	}
	if (name && found != CALL_FORK && found != CALL_VFORK)
		return span_refuse(message, (struct span){ name, strlen(call_name(found)) },
				   "needs flags; give them, such as --call=clone3 'CLONE_VM|CLONE_VFORK'");
	if (!open || !is_word_byte(open > line ? open[-1] : ' ') || open[1] == ')')
		return parse_flags(line, call, ret, message);
	/* another call, or an expression with brackets: the expression's reader decides */
	r = expression_parse((struct span){ line, strlen(line) }, call, &mask, &unused);
	text_done(&unused);
	if (r == 0)
		return parse_flags(line, call, ret, message);
	return span_refuse(
		message, (struct span){ line, (size_t)(open - line) },
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
		r = span_refuse(message, whole, "needs flags; give them, such as --call=clone3 'CLONE_VM|CLONE_VFORK'");
	} else {
		r = parse_normal(text_get(&line), call, &parsed, message);
	}
	text_done(&line);
	if (r == 0)
		*ret = parsed;
	return r;
}
