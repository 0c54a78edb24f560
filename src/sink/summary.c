/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole run in a few tables (-c): creations by kind, library call and program, refusals, lives, time, rate.
 *
 * It counts and forgets: besides the model's live tasks it holds those whose library call the next exec or setsid may
 * tell more exactly, and for lives a histogram for each kind. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/histogram.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/rules/rules.h"
#include "model/filter.h"
#include "render/count.h"
#include "render/rate.h"
#include "render/table.h"
#include "render/words.h"
#include "sink/formats.h"

/* A new task whose library call is not settled: fork() may turn out to be daemon(). */
struct guess {
	pid_t tid;
	const char *looks_like; /* static */
	uint64_t duration;
	bool timed;
	UT_hash_handle hh;
};

#define ORIGINS 10 /* that are shown, where they were not asked for */

enum { COUNT_KINDS, COUNT_LIBRARY, COUNT_PROGRAMS, COUNT_ORIGINS, COUNT_REFUSALS, COUNTS };

struct sink {
	struct sink_base base;
	enum event_mode mode;
	struct count counts[COUNTS];
	struct guess *guesses; /* by tid */
	struct rate rate;
	uint64_t begun;		       /* ns */
	uint64_t processes;	       /* made */
	uint64_t never;		       /* processes that were made and ended without an exec */
	uint64_t lacking;	       /* the same, alive at the end */
	uint64_t unreaped;	       /* children that their parents did not wait for */
	int64_t cost_least, cost_most; /* ns: NOTE_STOP_COST's */
	struct text name;
};

static void summary_open(struct sink *sink)
{
	sink->rate = (struct rate)RATE_INIT;
}

/* ---- counting ---- */

static const uint64_t *duration_of(const struct event *event, const uint64_t *duration)
{
	return event->have & EVENT_HAVE_DURATION ? duration : NULL;
}

static bool is_thread(const struct task *task)
{
	return task->process->tgid != task->tid || task->former;
}

static struct count_row *kind_row(struct sink *sink, enum kind kind, bool thread)
{
	static const char *const unknown[] = { "process, flags not known", "thread, flags not known" };
	static const char *const unknown_word[] = { "process-unknown", "thread-unknown" };
	const char *name = kind == KIND_UNKNOWN ? unknown[thread] : words_kind(kind);
	struct count_row *row = count_row(&sink->counts[COUNT_KINDS], name, strlen(name));

	row->word = kind == KIND_UNKNOWN ? unknown_word[thread] : kind_name(kind);
	if (!row->lives)
		row->lives = mem_zalloc(1, sizeof(*row->lives));
	return row;
}

static bool shows_origin(const struct sink *sink)
{
	return sink->base.options.origin != SINK_ORIGIN_NEVER;
}

/* NAME: a static string. SEEN: it was on the stack, and is more than what the request looks like. */
static void count_library(struct sink *sink, const char *name, bool seen, const uint64_t *duration)
{
	struct count *count = &sink->counts[COUNT_LIBRARY];
	struct count_row *row;

	text_clear(&sink->name);
	text_addf(&sink->name, "%s%s", name && !seen ? "looks like " : "", name ? name : "none known");
	row = count_row(count, text_get(&sink->name), sink->name.length);
	row->word = name;
	row->seen = seen;
	count_call(count, row, duration);
}

/* The guess about TID is settled: it was NAME, or, for NULL, what it looked like from the first. */
static void settle(struct sink *sink, pid_t tid, const char *name)
{
	struct guess *guess;

	HASH_FIND_INT(sink->guesses, &tid, guess);
	if (!guess)
		return;
	count_library(sink, name ? name : guess->looks_like, false, guess->timed ? &guess->duration : NULL);
	HASH_DEL(sink->guesses, guess);
	free(guess);
}

static bool may_change(const char *looks_like)
{
	return fingerprint_after_exec(looks_like, "sh -c ") || fingerprint_after_setsid(looks_like);
}

static void count_looks(struct sink *sink, const struct task *task, const uint64_t *duration)
{
	const char *seen = words_seen_call(task, &sink->base.options);
	const char *name = seen ? seen : task->looks_like;
	struct guess *guess;

	settle(sink, task->tid, NULL); /* another task had the number, and its end was not seen */
	if (seen || !may_change(name)) {
		count_library(sink, name, seen, duration);
		return;
	}
	guess = mem_alloc(sizeof(*guess));
	*guess = (struct guess){ .tid = task->tid,
				 .looks_like = task->looks_like,
				 .duration = duration ? *duration : 0,
				 .timed = duration };
	HASH_ADD_INT(sink->guesses, tid, guess);
}

static void count_program(struct sink *sink, const struct step *step, const uint64_t *duration)
{
	const struct process *process =
		step->task ? step->task->process : model_find_process(step->model, step->event->spawn.creator_tgid);
	struct count *count = &sink->counts[COUNT_PROGRAMS];
	size_t length = 0;
	const char *name = process && process->command ? model_program(process->command, &length) : NULL;

	if (!name)
		length = strlen(name = "not known");
	count_call(count, count_row(count, name, length), duration);
}

/* Where in the program it was asked for. */
static void count_origin(struct sink *sink, const struct event *event, const uint64_t *duration)
{
	struct count *count = &sink->counts[COUNT_ORIGINS];

	if (!(event->have & EVENT_HAVE_STACK) || !shows_origin(sink))
		return;
	text_clear(&sink->name);
	words_add_origin(&sink->name, &event->attempt.stack);
	if (!sink->name.length)
		text_add(&sink->name, "not known");
	count_call(count, count_row(count, text_get(&sink->name), sink->name.length), duration);
}

/* What the event is about, where the filter shows it. */
static const struct task *shown(const struct sink *sink, const struct step *step)
{
	const struct task *task = step->event->kind == EVENT_SPAWN ? step->other : step->task;

	return task && filter_draws(sink->base.options.filter, step->model, task) ? task : NULL;
}

static void on_spawn(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const uint64_t *duration = duration_of(event, &event->attempt.duration);
	const struct task *task = shown(sink, step);
	bool thread;

	if (!task)
		return;
	thread = is_thread(task);
	count_call(&sink->counts[COUNT_KINDS], kind_row(sink, task->kind, thread), duration);
	count_looks(sink, task, duration);
	count_program(sink, step, duration);
	count_origin(sink, event, duration);
	sink->processes += !thread;
	rate_add(&sink->rate, event->when > sink->begun ? event->when - sink->begun : 0, 1);
}

static void count_refusal(struct sink *sink, const struct event *event)
{
	const struct request *request = &event->attempt.request;
	const struct facts *facts = event_facts(event);
	const struct rule *rule = rules_violated(request, event->refused.error, facts);
	struct count *count = &sink->counts[COUNT_REFUSALS];
	struct count_row *row;

	text_clear(&sink->name);
	text_addf(&sink->name, "%s: ", call_name(request->call));
	if (!rule) {
		words_add_errno(&sink->name, event->refused.error);
	} else {
		text_addf(&sink->name, "%s: ", errno_name(event->refused.error));
		if (rule->about == RULE_MACHINE && rule->condition) /* one row, whatever the numbers were each time */
			rule_explain_condition(&sink->name, rule, request, NULL);
		else
			rule_explain(&sink->name, rule, request, facts);
	}
	row = count_row(count, text_get(&sink->name), sink->name.length);
	row->call = request->call;
	row->error = event->refused.error;
	row->rule = rule ? rule->name : NULL;
	count_call(count, row, duration_of(event, &event->attempt.duration));
}

static void on_refused(struct sink *sink, const struct step *step)
{
	if (filter_shows(sink->base.options.filter, step))
		count_refusal(sink, step->event);
}

static bool made_here(const struct task *task)
{
	return !task->attached && !task->launched;
}

/* TASK, whose end is known, has come to it. A task that was there before us has lived for longer than we know. */
static void count_life(struct sink *sink, const struct task *task)
{
	struct count_row *row;

	if (!made_here(task) || task->end < task->start)
		return;
	row = kind_row(sink, task->kind, is_thread(task));
	histogram_add(row->lives, task->end - task->start);
}

/* Of an exec by a thread that is not the leader the filter may show one of the two, or the other. */
static void on_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *replaced = step->other;

	if (!step->task)
		return;
	settle(sink, event->tid, replaced ? NULL : step->guess);
	if (replaced && filter_draws(sink->base.options.filter, step->model, replaced))
		count_life(sink, replaced);
}

static void on_call(struct sink *sink, const struct step *step)
{
	if (step->guess && shown(sink, step))
		settle(sink, step->event->tid, step->guess);
}

static void on_end(struct sink *sink, const struct step *step)
{
	const struct task *task = shown(sink, step);

	if (!task)
		return;
	settle(sink, task->tid, NULL);
	count_life(sink, task);
	sink->never += made_here(task) && !is_thread(task) && !task->execs;
}

static void on_note(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (event->note.code == NOTE_STOP_COST) {
		sink->cost_least = event->note.number;
		sink->cost_most = event->note.value;
	} else if (event->note.code == NOTE_UNREAPED && event->note.number > 0 && shown(sink, step)) {
		sink->unreaped += (uint64_t)event->note.number;
	}
}

static void on_detach(struct sink *sink, const struct step *step)
{
	settle(sink, step->event->tid, NULL);
}

static void on_begin(struct sink *sink, const struct step *step)
{
	sink->begun = step->event->when;
	sink->mode = step->event->begin.mode;
}

/* The rate over time reaches to the last event. */
static void summary_every(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (event->when > sink->begun && event->kind != EVENT_BEGIN)
		rate_add(&sink->rate, event->when - sink->begun, 0);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = on_begin, [EVENT_SPAWN] = on_spawn, [EVENT_REFUSED] = on_refused, [EVENT_CALL] = on_call,
	[EVENT_EXEC] = on_exec,	  [EVENT_EXIT] = on_end,    [EVENT_DETACH] = on_detach,	  [EVENT_NOTE] = on_note,
};

static const struct task *next_task(const struct task *task)
{
	if (task->first)
		return task->first;
	while (task->creator && !task->next)
		task = task->creator;
	return task->next;
}

/* Settles what has not been, and counts the processes that live on without an exec. */
static void conclude(struct sink *sink, const struct model *model)
{
	struct guess *guess, *next;

	HASH_ITER (hh, sink->guesses, guess, next)
		settle(sink, guess->tid, NULL);
	sink->lacking = 0;
	for (const struct task *task = model_roots(model); task; task = next_task(task)) {
		sink->lacking += (task->state == TASK_ALIVE || task->state == TASK_ZOMBIE) && made_here(task) &&
				 !is_thread(task) && !task->execs &&
				 filter_draws(sink->base.options.filter, model, task);
	}
	for (size_t i = 0; i < COUNTS; i++)
		count_sort(&sink->counts[i], sink->base.options.sort);
}

/* ---- tables ---- */

struct cell {
	const char *head;
	bool timed; /* only where some time is known */
	bool lives; /* only where lives are asked for */
	void (*add)(struct text *cell, const struct count *count, const struct count_row *row);
};

static void add_calls(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	text_add_unsigned(cell, row->count);
}

static void add_share(struct text *cell, const struct count *count, const struct count_row *row)
{
	text_addf(cell, "%.1f", 100.0 * (double)row->count / (double)count->count);
}

static void add_total(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->timed)
		words_add_time(cell, row->total);
}

static void add_mean(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->timed)
		words_add_time(cell, row->total / row->timed);
}

static void add_max(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->timed)
		words_add_time(cell, row->max);
}

static void add_ended(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	text_add_unsigned(cell, row->lives->count);
}

static void add_shortest(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->lives->count)
		words_add_time(cell, row->lives->least);
}

static void add_median(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->lives->count)
		words_add_time(cell, histogram_quantile(row->lives, 500));
}

static void add_p99(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->lives->count)
		words_add_time(cell, histogram_quantile(row->lives, 990));
}

static const struct cell cells[] = {
	{ "COUNT", false, false, add_calls },
	{ "%", false, false, add_share },
	{ "TIME", true, false, add_total },
	{ "MEAN", true, false, add_mean },
	{ "MAX", true, false, add_max },
	{ "ENDED", false, true, add_ended },
	{ "LIFE: MIN", false, true, add_shortest },
	{ "MEDIAN", false, true, add_median },
	{ "P99", false, true, add_p99 },
};

#define CELLS (sizeof(cells) / sizeof(cells[0]))

/* The names of the tables: as the head of the first column, and as the list in JSON. */
static const struct {
	const char *head, *word;
	bool lives;
} tables[COUNTS] = {
	[COUNT_KINDS] = { "TASKS MADE", "kinds", true },
	[COUNT_LIBRARY] = { "LIBRARY CALL", "library_calls", false },
	[COUNT_PROGRAMS] = { "MADE BY", "programs", false },
	[COUNT_ORIGINS] = { "ORIGIN", "origins", false },
	[COUNT_REFUSALS] = { "REFUSED", "refusals", false },
};

static bool has_cell(const struct count *count, const struct cell *cell, bool lives)
{
	return (!cell->timed || count->timed) && (!cell->lives || lives);
}

/* The name comes last, as strace has it: it may be long, and then takes rows. */
static void add_columns(struct table *table, const struct count *count, const char *head, bool lives)
{
	for (size_t i = 0; i < CELLS; i++)
		if (has_cell(count, &cells[i], lives))
			table_add_column(table, cells[i].head, TABLE_NUMBER);
	table_add_column(table, head, TABLE_WRAP);
}

static void add_line(struct table *table, const struct count *count, const struct count_row *row, bool lives)
{
	struct text cell = TEXT_INIT;
	size_t column = 0;

	table_add_line(table, NULL);
	for (size_t i = 0; i < CELLS; i++) {
		if (!has_cell(count, &cells[i], lives))
			continue;
		text_clear(&cell);
		cells[i].add(&cell, count, row);
		table_set(table, column++, text_get(&cell));
	}
	text_clear(&cell);
	text_add_escaped(&cell, row->name);
	table_set(table, column, text_get(&cell));
	text_done(&cell);
}

/* How many rows of table WHICH are shown. Origins come without being asked for, and can be many. */
static size_t rows_shown(const struct sink *sink, size_t which)
{
	return which == COUNT_ORIGINS && sink->base.options.origin == SINK_ORIGIN_AUTO ? ORIGINS : SIZE_MAX;
}

/* What of table WHICH is not shown. */
static void add_rest(struct text *text, const struct sink *sink, size_t which)
{
	size_t left = rows_shown(sink, which), rows = 0;
	uint64_t count = 0;

	for (const struct count_row *row = sink->counts[which].rows; row; row = row->hh.next) {
		if (left) {
			left--;
			continue;
		}
		rows++;
		count += row->count;
	}
	if (!rows)
		return;
	text_add(text, "and ");
	words_add_count(text, rows, "more origin");
	text_add(text, " of ");
	words_add_count(text, count, "task");
	text_add(text, ": --origin shows all\n");
}

static void draw_count(struct text *text, const struct sink *sink, size_t which)
{
	const struct count *count = &sink->counts[which];
	const struct sink_options *options = &sink->base.options;
	const bool lives = tables[which].lives;
	size_t left = rows_shown(sink, which);
	struct table *table;

	if (!count->rows)
		return;
	text_add(text, "\n");
	table = table_new(options, options->width);
	add_columns(table, count, tables[which].head, lives);
	for (const struct count_row *row = count->rows; row && left; row = row->hh.next, left--)
		add_line(table, count, row, lives);
	table_draw(table, text);
	table_free(table);
	add_rest(text, sink, which);
}

/* ---- the lines around them ---- */

static void add_made(struct text *text, const struct sink *sink, const struct tally *tally)
{
	const uint64_t made = sink->counts[COUNT_KINDS].count;

	words_add_count(text, made, "task");
	text_add(text, " made in ");
	words_add_time(text, sink->rate.last);
	text_add(text, ": ");
	words_add_count(text, sink->processes, "process");
	text_add(text, ", ");
	words_add_count(text, made - sink->processes, "thread");
	text_add(text, "; ");
	words_add_refusals(text, sink->counts[COUNT_REFUSALS].count, sink->mode);
	text_addf(text, "\nat most %u alive at once", tally->most);
	if (tally->attached)
		text_addf(text, "; %" PRIu64 " already there", tally->attached);
	if (tally->workers) {
		text_add(text, "; ");
		words_add_count(text, tally->workers, "io_uring worker");
		text_add(text, " not followed");
	}
	text_add(text, "\n");
	if (!sink->base.options.filter)
		return;
	text_add(text, "this counts what fits ");
	filter_format(text, sink->base.options.filter);
	text_add(text, ", but for those alive at once\n");
}

static void add_never(struct text *text, const struct sink *sink)
{
	if (sink->unreaped) {
		words_add_count(text, sink->unreaped, "child process");
		text_addf(text, " ended and %s not waited for\n", sink->unreaped == 1 ? "was" : "were");
	}
	if (!sink->processes)
		return;
	text_addf(text, "%" PRIu64 " of ", sink->never);
	words_add_count(text, sink->processes, "process");
	text_add(text, " ended without an exec");
	if (sink->lacking)
		text_addf(text, "; %" PRIu64 " more had none yet", sink->lacking);
	text_add(text, "\n");
}

/* The time of refused calls counts, too. */
static void add_times(struct text *text, const struct sink *sink)
{
	const struct count *made = &sink->counts[COUNT_KINDS], *refused = &sink->counts[COUNT_REFUSALS];
	const uint64_t timed = made->timed + refused->timed, total = made->total + refused->total;
	const uint64_t max = made->max > refused->max ? made->max : refused->max;

	if (!made->count && !refused->count)
		return;
	if (!timed) {
		text_add(text, "how long the creating calls took was not measured (-T)\n");
		return;
	}
	words_add_time(text, total);
	text_add(text, " in creating calls: a mean of ");
	words_add_time(text, total / timed);
	text_add(text, ", at most ");
	words_add_time(text, max);
	if (timed < made->count + refused->count)
		text_addf(text, "; known for %" PRIu64 " of %" PRIu64, timed, made->count + refused->count);
	text_add(text, "\n");
	if (!sink->cost_least)
		return;
	text_add(text, "a call that does nothing takes ");
	words_add_time(text, (uint64_t)sink->cost_least);
	text_add(text, " to ");
	words_add_time(text, (uint64_t)sink->cost_most);
	text_add(text, " when it is measured so\n");
}

static void draw(struct text *text, const struct sink *sink, const struct model *model)
{
	add_made(text, sink, model_tally(model));
	add_never(text, sink);
	add_times(text, sink);
	for (size_t i = 0; i < COUNTS; i++)
		draw_count(text, sink, i);
	if (sink->counts[COUNT_KINDS].count)
		text_add(text, "\n");
	rate_draw(text, &sink->rate, sink->base.options.width, sink->base.options.utf8);
}

/* ---- JSON ---- */

static void put_lives(struct json *json, const struct histogram *lives)
{
	json_put_unsigned(json, "ended", lives->count);
	if (!lives->count)
		return;
	json_put_unsigned(json, "life_min", lives->least);
	json_put_unsigned(json, "life_median", histogram_quantile(lives, 500));
	json_put_unsigned(json, "life_p99", histogram_quantile(lives, 990));
	json_put_unsigned(json, "life_max", lives->most);
}

static void put_refusal(struct json *json, const struct count_row *row)
{
	json_put_string(json, "call", call_name((enum call)row->call));
	json_put_signed(json, "error", row->error);
	if (errno_name(row->error))
		json_put_string(json, "error_name", errno_name(row->error));
	if (row->rule)
		json_put_string(json, "rule", row->rule);
}

static void add_row_json(struct json *json, size_t which, const struct count_row *row)
{
	json_open_object(json, JSON_DENSE);
	json_put_string(json, "name", row->word ? row->word : row->name);
	if (which == COUNT_LIBRARY)
		json_put_bool(json, "seen", row->seen);
	if (row->error)
		put_refusal(json, row);
	json_put_unsigned(json, "count", row->count);
	json_put_unsigned(json, "timed", row->timed);
	if (row->timed) {
		json_put_unsigned(json, "time", row->total);
		json_put_unsigned(json, "time_max", row->max);
	}
	if (row->lives)
		put_lives(json, row->lives);
	json_close(json);
}

static void put_tally(struct json *json, const struct sink *sink, const struct tally *tally)
{
	json_put_unsigned(json, "duration", sink->rate.last);
	json_put_unsigned(json, "processes", sink->processes);
	json_put_unsigned(json, "threads", sink->counts[COUNT_KINDS].count - sink->processes);
	json_put_unsigned(json, "refused", sink->counts[COUNT_REFUSALS].count);
	json_put_unsigned(json, "most", tally->most);
	json_put_unsigned(json, "attached", tally->attached);
	json_put_unsigned(json, "ended_without_exec", sink->never);
	json_put_unsigned(json, "alive_without_exec", sink->lacking);
	json_put_unsigned(json, "unreaped", sink->unreaped);
	json_put_unsigned(json, "workers", tally->workers);
	if (!sink->cost_least)
		return;
	json_put_signed(json, "stop_cost", sink->cost_least);
	json_put_signed(json, "stop_cost_most", sink->cost_most);
}

static void put_rate(struct json *json, const struct rate *rate)
{
	json_key(json, "rate");
	json_open_object(json, JSON_DENSE);
	json_put_unsigned(json, "step", rate->step);
	json_key(json, "made");
	json_open_array(json, JSON_DENSE);
	for (unsigned i = 0; i < rate_steps(rate); i++)
		json_add_unsigned(json, rate->counts[i]);
	json_close(json);
	json_close(json);
}

static void draw_json(struct text *text, const struct sink *sink, const struct model *model)
{
	struct json json;

	json_init(&json, text, 0);
	json_open_object(&json, JSON_DENSE);
	put_tally(&json, sink, model_tally(model));
	for (size_t i = 0; i < COUNTS; i++) {
		json_key(&json, tables[i].word);
		json_open_array(&json, JSON_DENSE);
		for (const struct count_row *row = sink->counts[i].rows; row; row = row->hh.next)
			add_row_json(&json, i, row);
		json_close(&json);
	}
	put_rate(&json, &sink->rate);
	json_close(&json);
	text_add(text, "\n");
}

static void summary_finish(struct sink *sink, const struct model *model)
{
	conclude(sink, model);
	if (sink->base.options.json)
		draw_json(&sink->base.text, sink, model);
	else
		draw(&sink->base.text, sink, model);
}

static void summary_close(struct sink *sink)
{
	struct guess *guess, *next;

	HASH_ITER (hh, sink->guesses, guess, next) {
		HASH_DEL(sink->guesses, guess);
		free(guess);
	}
	for (size_t i = 0; i < COUNTS; i++)
		count_done(&sink->counts[i]);
	text_done(&sink->name);
}

static unsigned summary_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_CHEAP_ORIGINS | WANT_CHEAP_DURATIONS;
}

const struct sink_ops summary_sink = {
	.name = "summary",
	.help = "counts, times and lives in tables (-c, -S)",
	.at_end = true,
	.whole = true,
	.needs = summary_needs,
	.size = sizeof(struct sink),
	.open = summary_open,
	.every = summary_every,
	.handlers = handlers,
	.finish = summary_finish,
	.close = summary_close,
};
