/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of trace=: events, calls, and functions of libraries. */
#include "model/filter_keys.h"

#include <limits.h>
#include <string.h>

#include "base/array.h"
#include "clone/fingerprint.h"
#include "event/schema.h"
#include "event/stack.h"

#define EVENT(kind) (1U << EVENT_##kind)
#define CALL(name) (1U << CALL_##name)
#define EXEC_CALLS (CALL(EXECVE) | CALL(EXECVEAT))
#define CREATING_CALLS (CALL(CLONE) | CALL(CLONE3) | CALL(FORK) | CALL(VFORK))

/* What words mean besides the events that have the word in event/schema. Other words of the schema need no row here. */
static const struct {
	const char *name;
	struct trace_class trace;
} trace_words[] = {
	{ "refused", { .failed = true } },
	{ "exec", { .calls = EXEC_CALLS } },
	{ "namespaces", { .calls = CALL(SETNS), .namespaces = true } },
	{ "sessions", { .calls = CALL(SETSID) | CALL(SETPGID) } },
	{ "parents", { .calls = CALL(PRCTL) } },
	{ "process", { .calls = EXEC_CALLS } },
	{ "all", { .events = UINT_MAX } },
	{ "none", { 0 } },
	{ "execve", { .calls = CALL(EXECVE) } },
	{ "execveat", { .calls = CALL(EXECVEAT) } },
};

/* The words as messages list them. Other words are second names, strace's or cltrace's. */
static const char *const listed[] = {
	"creations", "refused", "exec",	  "names",  "exit",  "signals", "stops", "namespaces",
	"sessions",  "parents", "verify", "attach", "notes", "process", "all",	 "none",
};

/* Whether LIST, "thrd_create(), std::thread", has the function with the LENGTH bytes at NAME. */
static bool has_function(const char *list, const char *name, size_t length)
{
	for (const char *at = list; at && *at; at += strcspn(at, ","), at += strspn(at, ", ")) {
		size_t end = strcspn(at, "(, ");

		if (end == length && memcmp(at, name, length) == 0 && at[end] == '(')
			return true;
	}
	return false;
}

static bool row_has_function(const struct fingerprint *row, const char *name, size_t length)
{
	return has_function(row->name, name, length) || has_function(row->also, name, length);
}

static bool function_is_known(const char *name, size_t length)
{
	size_t count;
	const struct fingerprint *table = fingerprint_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (row_has_function(&table[i], name, length))
			return true;
	}
	return false;
}

static bool parse_word(const char *text, size_t length, struct trace_class *ret)
{
	const unsigned events = event_kinds_of(text, length);
	struct trace_class trace = { 0 };
	bool known = events;

	for (size_t i = 0; i < ARRAY_LENGTH(trace_words); i++) {
		if (filter_is_word(trace_words[i].name, text, length)) {
			trace = trace_words[i].trace;
			known = true;
		}
	}
	trace.events |= events;
	*ret = trace;
	return known;
}

bool filter_parse_trace(const char *text, size_t length, struct word *ret)
{
	bool class = *text == '%'; /* strace's mark of a class */
	enum call call;

	if (parse_word(text + class, length - class, &ret->trace))
		return true;
	if (class)
		return false;
	ret->seen = stack_function(text, length);
	if (function_is_known(text, length) || ret->seen)
		ret->function = ret->text;
	call = call_find(ret->text);
	ret->trace.calls = call == CALL_NONE ? 0 : 1U << call;
	return ret->function || call != CALL_NONE;
}

static bool is_failed(const struct event *event)
{
	return event->kind == EVENT_REFUSED || (event->kind == EVENT_CALL && event->call.result < 0);
}

/* How a task was created, or was to be created. */
struct creation {
	struct request request; /* if it is not known, `have` is 0 */
	/* the library call was seen on the stack: then `passed` has it and those below it */
	bool seen;
	uint32_t passed;
};

static struct creation creation_seen(const struct request *request, const struct stack *stack)
{
	return (struct creation){
		.request = *request,
		.seen = stack && stack_library_call(stack),
		.passed = stack ? stack_functions(stack) : 0,
	};
}

/* How the task of SUBJECT is created, as far as SUBJECT shows that; for other events nothing is known. */
static struct creation creation_of(const struct subject *subject)
{
	const struct event *event = subject->event;
	const struct task *task = subject->task;

	if (!event)
		return (struct creation){ task_request(task), task->seen, task->passed };
	if (event->kind != EVENT_CALL && event_request(event))
		return creation_seen(event_request(event), event_stack(event));
	return (struct creation){ .seen = false };
}

/* Whether WORD names the call that creates a task, or the library function. If no library function was seen, the one
 * that it looks like. */
static bool fits_creation(const struct word *word, const struct creation *creation)
{
	const struct fingerprint *row;

	if (!(creation->request.have & REQUEST_FLAGS))
		return false;
	if (word->trace.calls & 1U << creation->request.call)
		return true;
	if (!word->function || creation->seen)
		return creation->passed & word->seen;
	row = fingerprint_row(&creation->request);
	return row && row_has_function(row, word->function, strlen(word->function));
}

bool filter_fits_trace(const struct word *word, const struct subject *subject)
{
	const struct creation creation = creation_of(subject);
	const struct event *event = subject->event;
	const struct trace_class *trace = &word->trace;
	const struct request *request;

	if (trace->events & (event ? 1U << event->kind : EVENT(SPAWN)) || fits_creation(word, &creation))
		return true;
	request = event ? event_request(event) : NULL;
	if (!request)
		return false;
	return trace->calls & 1U << request->call || (trace->failed && is_failed(event)) ||
	       (trace->namespaces && request_namespaces(request));
}

void filter_add_trace_words(struct text *text)
{
	for (size_t i = 0; i < ARRAY_LENGTH(listed); i++)
		text_addf(text, "%s, ", listed[i]);
	text_add(text, "or the name of a call such as clone3, unshare or pthread_create");
}

bool filter_names_creation(const struct word *word)
{
	return word->function || word->trace.calls & CREATING_CALLS;
}
