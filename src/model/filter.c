/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language of -e: a table of keys, each with a parser for one word and a judge for it. */
#include "model/filter.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clone/fingerprint.h"
#include "event/schema.h"
#include "model/model.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define EVENT(kind) (1U << EVENT_##kind)
#define CALL(name) (1U << CALL_##name)
#define EXEC_CALLS (CALL(EXECVE) | CALL(EXECVEAT))
#define CREATING_CALLS (CALL(CLONE) | CALL(CLONE3) | CALL(FORK) | CALL(VFORK))

/* Which events a word of trace= stands for: one of its marks suffices. */
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
	char *text;	    /* as given; the pattern of comm */
};

/* What an event is about. */
struct subject {
	const struct event *event; /* NULL: a task at the end */
	const struct task *task;   /* NULL: not known; of a refused creation the caller */
	const struct model *model;
	unsigned kinds; /* bits KIND_WORD_... */
	bool unborn;	/* what is judged would have been made by `task` */
};

struct key {
	const char *name, *letter; /* letter: strace's short name, or NULL */
	bool (*parse)(const char *text, size_t length, struct word *ret);
	bool (*fits)(const struct word *word, const struct subject *subject);
	void (*add_words)(struct text *text);
	const char *wrong;   /* "is no kind" */
	const char *example; /* what to give, where the words are no list */
	bool events;	     /* is about events, not tasks */
	bool fixed;	     /* says the same of a task all its life */
};

struct term {
	const struct key *key;
	bool negated;
	char *expr; /* as given */
	struct word *words;
	size_t count;
	bool making; /* trace: a word says how tasks are made: by which call or library function */
};

struct filter {
	struct term *terms;
	size_t count;
};

static bool is_word(const char *name, const char *text, size_t length)
{
	return name && strlen(name) == length && memcmp(name, text, length) == 0;
}

/* trace= */

/* Beside the events that have the word in event/schema. A row that is not `reported` is another name, strace's or ours,
 * and left out where the words are listed. */
static const struct {
	const char *name;
	bool reported;
	struct trace_class trace;
} trace_words[] = {
	{ "creations", true, { 0 } },
	{ "refused", true, { .failed = true } },
	{ "exec", true, { .calls = EXEC_CALLS } },
	{ "names", true, { 0 } },
	{ "exit", true, { 0 } },
	{ "signals", true, { 0 } },
	{ "stops", true, { 0 } },
	{ "namespaces", true, { .calls = CALL(SETNS), .namespaces = true } },
	{ "sessions", true, { .calls = CALL(SETSID) | CALL(SETPGID) } },
	{ "parents", true, { .calls = CALL(PRCTL) } },
	{ "verify", true, { 0 } },
	{ "attach", true, { 0 } },
	{ "notes", true, { 0 } },
	{ "process", true, { .calls = EXEC_CALLS } },
	{ "all", true, { .events = UINT_MAX } },
	{ "none", true, { 0 } },
	{ "signal", false, { 0 } },
	{ "execve", false, { .calls = CALL(EXECVE) } },
	{ "execveat", false, { .calls = CALL(EXECVEAT) } },
	{ "exit_group", false, { 0 } },
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

static bool parse_trace(const char *text, size_t length, struct word *ret)
{
	bool class = *text == '%'; /* strace's mark of a class */
	enum call call;

	for (size_t i = 0; i < ARRAY_LENGTH(trace_words); i++) {
		if (is_word(trace_words[i].name, text + class, length - class)) {
			ret->trace = trace_words[i].trace;
			ret->trace.events |= event_kinds_of(text + class, length - class);
			return true;
		}
	}
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

/* How a task was made, or was to be. */
struct making {
	struct request request; /* `have` is 0 where it is not known */
	bool seen;		/* the library call was, on the stack: then `passed` has it and those below */
	uint32_t passed;
};

static struct making creation_seen(const struct request *request, const struct stack *stack)
{
	return (struct making){
		.request = *request,
		.seen = stack && stack_library_call(stack),
		.passed = stack ? stack_functions(stack) : 0,
	};
}

/* How the task is made that SUBJECT is about, as far as it tells; of other events nothing is known. */
static struct making creation_of(const struct subject *subject)
{
	const struct event *event = subject->event;
	const struct task *task = subject->task;

	if (!event)
		return (struct making){ task_request(task), task->seen, task->passed };
	if (event->kind != EVENT_CALL && event_request(event))
		return creation_seen(event_request(event), event_stack(event));
	return (struct making){ .seen = false };
}

/* Whether WORD names the call that makes a task, or the library function: where none was seen, what it looks like. */
static bool fits_creation(const struct word *word, const struct making *making)
{
	const struct fingerprint *row;

	if (!(making->request.have & REQUEST_FLAGS))
		return false;
	if (word->trace.calls & 1U << making->request.call)
		return true;
	if (!word->function || making->seen)
		return making->passed & word->seen;
	row = fingerprint_row(&making->request);
	return row && row_has_function(row, word->function, strlen(word->function));
}

static bool fits_trace(const struct word *word, const struct subject *subject)
{
	const struct making making = creation_of(subject);
	const struct event *event = subject->event;
	const struct trace_class *trace = &word->trace;
	const struct request *request;

	if (trace->events & (event ? 1U << event->kind : EVENT(SPAWN)) || fits_creation(word, &making))
		return true;
	request = event ? event_request(event) : NULL;
	if (!request)
		return false;
	return trace->calls & 1U << request->call || (trace->failed && is_failed(event)) ||
	       (trace->namespaces && request_namespaces(request));
}

static void add_trace_words(struct text *text)
{
	for (size_t i = 0; i < ARRAY_LENGTH(trace_words); i++) {
		if (trace_words[i].reported)
			text_addf(text, "%s, ", trace_words[i].name);
	}
	text_add(text, "or the name of a call such as clone3, unshare or pthread_create");
}

/* kind= */

enum {
	KIND_WORD_THREAD = 1 << 0,
	KIND_WORD_PROCESS = 1 << 1, /* of any kind */
	KIND_WORD_FORK = 1 << 2,
	KIND_WORD_VFORK = 1 << 3,
	KIND_WORD_SHARING = 1 << 4,
	KIND_WORD_CONTAINER = 1 << 5,
	KIND_WORD_UNKNOWN = 1 << 6,
};

/* Those that are not told are what the other views call them. */
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

static unsigned kinds_of(enum kind kind, bool thread)
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
		if (is_word(kind_words[i].name, text, length))
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

/* The number in the LENGTH bytes at TEXT, at most INT_MAX; false when it is none. */
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

/* A creation is its creator's, too. */
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
	{ "trace", "t", parse_trace, fits_trace, add_trace_words, "is neither an event nor a call that is followed",
	  NULL, true, false },
	{ "kind", NULL, parse_kind, fits_kind, add_kind_words, "is no kind of task", NULL, false, true },
	{ "tid", NULL, parse_tid, fits_tid, NULL, "is no task id", "numbers such as tid=4471,4472", false, true },
	{ "comm", NULL, parse_comm, fits_comm, NULL, "is no name of a program", "names such as comm=make or comm=cc*",
	  false, false },
	{ "under", NULL, parse_tid, fits_under, NULL, "is no process id", "numbers such as under=4471", false, true },
	{ "depth", NULL, parse_depth, fits_depth, NULL, "is no depth",
	  "generations such as depth=1, depth=<3 or depth=2-4", false, true },
};

static const struct key *key_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		if (is_word(keys[i].name, name, length) || is_word(keys[i].letter, name, length))
			return &keys[i];
	}
	return NULL;
}

/* Parsing */

static int fail(struct filter_error *error, const char *at, size_t length, const char *wrong)
{
	*error = (struct filter_error){ .at = at, .length = length, .why = TEXT_INIT };
	text_add(&error->why, wrong);
	return -EINVAL;
}

static int fail_key(struct filter_error *error, const char *at, size_t length)
{
	fail(error, at, length, "is no filter; give");
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		text_addf(&error->why, "%s %s=", i ? "," : "", keys[i].name);
	text_add(&error->why, ", or names of events and calls alone");
	return -EINVAL;
}

static int fail_word(struct filter_error *error, const struct key *key, const char *at, size_t length)
{
	if (*at == '!' && length)
		return fail(
			error, at, length,
			"has a ! that does not begin the list; it turns the whole list round, as in trace=!exec,exit");
	fail(error, at, length, key->wrong);
	text_add(&error->why, "; give ");
	if (key->add_words)
		key->add_words(&error->why);
	else
		text_add(&error->why, key->example);
	return -EINVAL;
}

static void term_done(struct term *term)
{
	for (size_t i = 0; i < term->count; i++)
		free(term->words[i].text);
	free(term->words);
	free(term->expr);
}

static char *copy_bytes(const char *bytes, size_t length)
{
	char *copy = mem_alloc(length + 1);

	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

/* Reads the words of LIST into TERM. */
static int parse_list(struct term *term, const char *list, struct filter_error *error)
{
	for (const char *at = list;; at++) {
		size_t length = strcspn(at, ",");
		struct word *word;

		term->words = mem_resize(term->words, term->count + 1, sizeof(*term->words));
		word = &term->words[term->count++];
		*word = (struct word){ .text = copy_bytes(at, length) };
		if (*at == '!' || !length || !term->key->parse(at, length, word))
			return fail_word(error, term->key, at, length);
		term->making |= word->function || word->trace.calls & CREATING_CALLS;
		at += length;
		if (!*at)
			return 0;
	}
}

int filter_add(struct filter *filter, const char *expr, struct filter_error *ret_error)
{
	const char *equals = strchr(expr, '='), *list = equals ? equals + 1 : expr;
	struct term term = { .key = equals ? key_find(expr, (size_t)(equals - expr)) : &keys[0] };
	int error;

	if (!term.key)
		return fail_key(ret_error, expr, (size_t)(equals - expr));
	term.negated = *list == '!';
	term.expr = mem_strdup(expr);
	error = parse_list(&term, list + term.negated, ret_error);
	if (error) {
		term_done(&term);
		return error;
	}
	filter->terms = mem_resize(filter->terms, filter->count + 1, sizeof(*filter->terms));
	filter->terms[filter->count++] = term;
	return 0;
}

/* Judging */

/* Whether the kernel was asked about a new task, STEP's other one. */
static bool verifies_spawn(const struct step *step)
{
	return (step->event->kind == EVENT_VERIFY || step->event->kind == EVENT_DIFFERENCE) && step->other &&
	       step->other->creator == step->task;
}

/* What EVENT is about, in SUBJECT; false: it is shown whatever the filter. */
static bool subject_of(const struct step *step, struct subject *ret)
{
	const struct event *event = step->event;
	const enum event_about about = event_kind_row(event->kind)->about;
	const bool spawned = about == EVENT_ABOUT_CHILD || verifies_spawn(step);
	const struct task *task = spawned ? step->other : step->task;

	*ret = (struct subject){ .event = event, .task = task, .model = step->model, .kinds = KIND_WORD_UNKNOWN };
	if (about == EVENT_ABOUT_TRACE || (event->kind == EVENT_NOTE && !event->tid))
		return false;
	if (event->kind == EVENT_REFUSED) {
		enum kind kind = kind_of(&event->attempt.request);

		ret->unborn = true;
		ret->kinds = kind == KIND_UNKNOWN ? KIND_WORD_UNKNOWN : kinds_of(kind, false);
	} else if (task) {
		ret->kinds = kinds_of(task->kind, task->process->tgid != task->tid);
	}
	return true;
}

static bool term_passes(const struct term *term, const struct subject *subject)
{
	for (size_t i = 0; i < term->count; i++) {
		if (term->key->fits(&term->words[i], subject))
			return !term->negated;
	}
	return term->negated;
}

bool filter_shows(const struct filter *filter, const struct step *step)
{
	struct subject subject;

	if (!filter || !subject_of(step, &subject))
		return true;
	for (size_t i = 0; i < filter->count; i++) {
		if (!term_passes(&filter->terms[i], &subject))
			return false;
	}
	return true;
}

static bool task_passes(const struct filter *filter, const struct model *model, const struct task *task, bool fixed)
{
	struct subject subject = { .task = task, .model = model };

	if (!filter)
		return true;
	subject.kinds = kinds_of(task->kind, task->process->tgid != task->tid);
	for (size_t i = 0; i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		if (!(term->key->events ? term->making : term->key->fixed || !fixed))
			continue;
		if (!term_passes(term, &subject))
			return false;
	}
	return true;
}

bool filter_shows_task(const struct filter *filter, const struct model *model, const struct task *task)
{
	return task_passes(filter, model, task, false);
}

bool filter_draws(const struct filter *filter, const struct model *model, const struct task *task)
{
	return task_passes(filter, model, task, true);
}

/* The filter */

struct filter *filter_new(void)
{
	return mem_zalloc(1, sizeof(struct filter));
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		term_done(&filter->terms[i]);
	free(filter->terms);
	free(filter);
}

size_t filter_watched(const struct filter *filter)
{
	size_t count = 0;

	for (size_t i = 0; filter && i < filter->count; i++)
		count += filter->terms[i].key->fits == fits_under ? filter->terms[i].count : 0;
	return count;
}

void filter_watch(const struct filter *filter, struct model *model)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		for (size_t j = 0; term->key->fits == fits_under && j < term->count; j++)
			model_watch(model, term->words[j].pid);
	}
}

bool filter_asks_origins(const struct filter *filter)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		for (size_t j = 0; j < term->count; j++) {
			if (term->words[j].function)
				return true;
		}
	}
	return false;
}

void filter_format(struct text *text, const struct filter *filter)
{
	for (size_t i = 0; i < filter->count; i++) {
		text_add(text, i ? " and " : "");
		text_add_escaped(text, filter->terms[i].expr);
	}
}
