/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports what was measured: medians as tables for people, all of it as JSON for programs. */
#include "bench.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define FIRST_WIDTH 32
#define WIDTH 11
#define LINE_WIDTH 110
#define NAME_WIDTH 17
#define OTHERS_MUCH 0.1

/* Tables */

void format_ratio(char *ret, size_t size, double value)
{
	snprintf(ret, size, value < 10 ? "%.2f x" : value < 100 ? "%.1f x" : "%.0f x", value);
}

void format_time(char *ret, size_t size, double ns)
{
	if (ns < 1e3)
		snprintf(ret, size, "%.0f ns", ns);
	else if (ns < 1e5)
		snprintf(ret, size, "%.1f us", ns / 1e3);
	else if (ns < 1e7)
		snprintf(ret, size, "%.0f us", ns / 1e3);
	else if (ns < 1e9)
		snprintf(ret, size, "%.0f ms", ns / 1e6);
	else
		snprintf(ret, size, "%.2f s", ns / 1e9);
}

void format_bytes(char *ret, size_t size, double bytes)
{
	if (bytes < 1e5)
		snprintf(ret, size, "%.0f B", bytes);
	else
		snprintf(ret, size, "%.1f MiB", bytes / (1024 * 1024));
}

/* Of one CPU. */
void format_share(char *ret, size_t size, double share)
{
	snprintf(ret, size, "%.2f %%", share * 100);
}

/* From the time of one. */
static void format_rate(char *ret, size_t size, double ns)
{
	snprintf(ret, size, "%.0f k/s", 1e6 / ns);
}

/* The tools whose columns stand side by side: from FIRST to before END. */
struct part {
	size_t first, end;
	bool floor; /* only tools that have a floor */
};

static bool is_column(const struct results *r, const struct part *part, size_t tool)
{
	return tool_is_used(r, tool) && (!part->floor || tool_floor(r, tool) < r->tool_count);
}

static int column_width(const struct results *r, size_t tool)
{
	int width = (int)strlen(r->tools[tool].name) + 2;

	return width > WIDTH ? width : WIDTH;
}

/* Moves PART on to the next tools that a line has room for; false if none is left. A PART that is {0}, or has only
 * FLOOR set, is before the first tools. */
static bool next_part(const struct results *r, struct part *part)
{
	int width = FIRST_WIDTH;
	bool any = false;

	for (part->first = part->end; part->end < r->tool_count; part->end++) {
		if (!is_column(r, part, part->end))
			continue;
		width += column_width(r, part->end);
		if (width > LINE_WIDTH)
			break;
		any = true;
	}
	return any;
}

static void print_head(FILE *file, const struct results *r, const struct part *part, const char *title)
{
	fprintf(file, "\n%-*s", FIRST_WIDTH, title);
	for (size_t t = part->first; t < part->end; t++) {
		if (is_column(r, part, t))
			fprintf(file, "%*s", column_width(r, t), r->tools[t].name);
	}
	fprintf(file, "\n");
}

typedef void (*cell_format)(char *ret, size_t size, double value);
typedef double (*cell_value)(const struct results *r, size_t work, size_t tool);

/* One row; VALUE works a cell out, below 0 where there is none. */
static void print_row(FILE *file, const struct results *r, const struct part *part, const char *title, size_t work,
		      cell_value value, cell_format format)
{
	fprintf(file, "%-*s", FIRST_WIDTH, title);
	for (size_t t = part->first; t < part->end; t++) {
		double v = value(r, work, t);
		char cell[40] = "-";

		if (!is_column(r, part, t))
			continue;
		if (v >= 0)
			format(cell, sizeof(cell), v);
		else if (error_of(r, work, t))
			strcpy(cell, "failed");
		fprintf(file, "%*s", column_width(r, t), cell);
	}
	fprintf(file, "\n");
}

static bool is_kind(const struct results *r, size_t work, enum work_kind kind)
{
	return r->works[work].kind == kind;
}

/* A table with a row for each workload of WORKS. */
struct table {
	const char *head;
	bool (*works)(const struct results *r, size_t work);
	cell_value value;
	cell_format format;
	bool floor;
};

static bool is_timed(const struct results *r, size_t w)
{
	bool timed = is_kind(r, w, WORK_SCENE) || is_kind(r, w, WORK_PROJECT);

	return timed && !r->works[w].both && !r->works[w].own[0];
}

static bool is_creation(const struct results *r, size_t w)
{
	return r->works[w].creates;
}

static void print_part(FILE *file, const struct results *r, const struct part *part, const struct table *table)
{
	bool any = false;
	char title[80];

	for (size_t w = 0; w < r->work_count; w++) {
		if (!r->work_chosen[w] || !table->works(r, w))
			continue;
		if (!any)
			print_head(file, r, part, table->head);
		any = true;
		run_title(r->settings, &r->works[w], title);
		print_row(file, r, part, title, w, table->value, table->format);
	}
}

static void print_tables(FILE *file, const struct results *r)
{
	static const struct table tables[] = {
		{ "ratio to untraced", is_timed, value_ratio, format_ratio, false },
		{ "relative to the floor", is_creation, value_floor_ratio, format_ratio, true },
		{ "each operation", is_timed, value_cost, format_time, false },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct part part = { .floor = tables[i].floor };

		while (next_part(r, &part))
			print_part(file, r, &part, &tables[i]);
	}
}

struct row {
	const char *work;
	const char *title; /* %n and %s as in a workload's words */
	cell_value value;
	cell_format format;
};

static void print_extra(FILE *file, const struct results *r, const struct part *part, size_t w, const struct row *row)
{
	struct work titled = r->works[w];
	char title[80];

	titled.what = row->title;
	run_title(r->settings, &titled, title);
	print_row(file, r, part, title, w, row->value, row->format);
}

/* Whether ROW, of workload W, has a value for a tool of PART. */
static bool has_cells(const struct results *r, const struct part *part, size_t w, const struct row *row)
{
	for (size_t t = part->first; t < part->end; t++) {
		if (is_column(r, part, t) && (row->value(r, w, t) >= 0 || error_of(r, w, t)))
			return true;
	}
	return false;
}

static void print_rows(FILE *file, const struct results *r, const char *head, const struct row *rows, size_t count)
{
	struct part part = { 0 };

	while (next_part(r, &part)) {
		bool any = false;

		for (size_t i = 0; i < count; i++) {
			size_t w = work_named(r, rows[i].work);

			if (w >= r->work_count || !r->work_chosen[w] || !has_cells(r, &part, w, &rows[i]))
				continue;
			if (!any)
				print_head(file, r, &part, head);
			any = true;
			print_extra(file, r, &part, w, &rows[i]);
		}
	}
}

static void print_others(FILE *file, const struct results *r)
{
	static const struct row many[] = {
		{ "sleepers-15000", "cost: %s asleep, to none", value_growth, format_ratio },
		{ "attach", "%s threads: attached after", value_attached, format_time },
		{ "attach", "  attach + detach", value_cost, format_time },
		{ "sleepers-15000", "memory: each of %s live tasks", value_live, format_bytes },
		{ "million", "  %n tasks, text + JSON", value_peak, format_bytes },
		{ "million", "  time for each task", value_cost, format_time },
		{ "idle", "CPU time, %s tasks asleep", value_cost, format_time },
		{ "ticks", "CPU share, a thread each 10 ms", value_share, format_share },
		{ "snapshot", "snapshot, %n more processes", value_cost, format_time },
		{ "snapshot", "  to reading the same files", value_ratio, format_ratio },
	};
	static const struct row recordings[] = {
		{ "recorded", "recording adds to a thread", value_added, format_time },
		{ "replay-text", "replay: %n events to text", value_cpu, format_rate },
		{ "replay-json", "  to json", value_cpu, format_rate },
		{ "replay-summary", "  to summary", value_cpu, format_rate },
		{ "replay-summary", "  memory for the summary", value_peak, format_bytes },
		{ "replay-tree", "  %n events to the tree", value_cpu_of_all, format_time },
	};

	print_rows(file, r, "many tasks", many, sizeof(many) / sizeof(many[0]));
	print_rows(file, r, "recordings", recordings, sizeof(recordings) / sizeof(recordings[0]));
}

static void print_tools(FILE *file, const struct results *r)
{
	fprintf(file, "\n");
	for (size_t t = 0; t < r->tool_count; t++) {
		if (!r->tool_chosen[t])
			continue;
		fprintf(file, "%-*s%s%s%s\n", NAME_WIDTH, r->tools[t].name, r->tools[t].what,
			*r->versions[t] ? ": " : "", r->versions[t]);
		if (*r->missing[t])
			fprintf(file, "%-*snot measured: %s\n", NAME_WIDTH, "", r->missing[t]);
	}
}

static bool any_cut(const struct results *r, size_t w, size_t t)
{
	for (unsigned long i = 0; i < r->settings->rounds; i++) {
		if (results_of(r, w, t, i)->cut)
			return true;
	}
	return false;
}

/* What has to be known of workload W under tool T to trust its cells. */
static void print_note(FILE *file, const struct results *r, size_t w, size_t t)
{
	const char *work = r->works[w].name, *tool = r->tools[t].name, *error = error_of(r, w, t);
	unsigned long done = rounds_done(r, w, t);

	if (error)
		fprintf(file, "failed: %s under %s: %s\n", work, tool, error);
	else if (done && done < r->settings->rounds && !r->works[w].once)
		fprintf(file, "%s under %s: slow, %lu of %lu rounds\n", work, tool, done, r->settings->rounds);
	else if (!done && r->settings->quick && tool_is_used(r, t) && is_timed(r, w) && r->tools[t].slow)
		fprintf(file, "%s under %s: left out by --quick\n", work, tool);
	if (any_cut(r, w, t))
		fprintf(file, "%s under %s: killed %lu s after the work was done\n", work, tool, r->settings->linger);
}

static void print_notes(FILE *file, const struct results *r)
{
	for (size_t w = 0; w < r->work_count; w++) {
		double busiest = 0;

		if (!r->work_chosen[w])
			continue;
		for (size_t t = 0; t < r->tool_count; t++) {
			double others = value_others(r, w, t);

			print_note(file, r, w, t);
			busiest = others > busiest ? others : busiest;
		}
		if (busiest > OTHERS_MUCH)
			fprintf(file, "%s: other programs kept up to %.1f CPUs busy\n", r->works[w].name, busiest);
	}
}

void report_table(const struct results *r, FILE *file)
{
	struct utsname u;
	time_t now = time(NULL);
	char date[40];

	uname(&u);
	strftime(date, sizeof(date), "%Y-%m-%d", gmtime(&now));
	fprintf(file, "%s %s %s, %ld CPUs, %s: medians of %lu rounds", u.sysname, u.release, u.machine,
		sysconf(_SC_NPROCESSORS_ONLN), date, r->settings->rounds);
	if (r->settings->one_cpu)
		fprintf(file, ", on one CPU");
	if (r->settings->load)
		fprintf(file, ", with %lu busy %s", r->settings->load, r->settings->load == 1 ? "loop" : "loops");
	if (r->settings->scale < 1 || r->settings->scale > 1)
		fprintf(file, ", counts and threads times %g", r->settings->scale);
	fprintf(file, "\n");
	print_tables(file, r);
	print_others(file, r);
	print_tools(file, r);
	print_notes(file, r);
}

/* Into a file of its own kind */

#define MARK "[results"

/* The line of TEXT that begins with MARK; NULL where there is none. */
static char *find_mark(char *text)
{
	while (text && strncmp(text, MARK, strlen(MARK)) != 0) {
		text = strchr(text, '\n');
		text += !!text;
	}
	return text;
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (file && getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

bool report_has_marks(const char *path)
{
	char *text = read_file(path), *begin = find_mark(text);
	char *end = begin ? strchr(begin, '\n') : NULL;
	bool has = end && find_mark(end + 1);

	free(text);
	return has;
}

int report_readme(const struct results *r, const char *path)
{
	char *text = read_file(path), *begin = find_mark(text);
	char *end = begin ? strchr(begin, '\n') : NULL;
	FILE *file;
	int result;

	end = end ? find_mark(++end) : NULL;
	if (!end) {
		fprintf(stderr, "bench: %s does not have two lines that start with '%s'\n", path, MARK);
		free(text);
		return -1;
	}
	file = fopen(path, "we");
	if (file) {
		fwrite(text, 1, (size_t)(strchr(begin, '\n') + 1 - text), file);
		fprintf(file, "\n");
		report_table(r, file);
		fprintf(file, "\n%s", end);
	}
	result = !file || ferror(file) ? -1 : 0;
	if (file && fclose(file))
		result = -1;
	if (result)
		fprintf(stderr, "bench: cannot write %s\n", path);
	free(text);
	return result;
}

/* JSON */

static void add_number(struct json_object *to, const char *key, double value)
{
	if (value >= 0)
		json_object_object_add(to, key, json_object_new_double(value));
}

static void add_text(struct json_object *to, const char *key, const char *text)
{
	if (text && *text)
		json_object_object_add(to, key, json_object_new_string(text));
}

static struct json_object *sample_object(const struct sample *s)
{
	struct json_object *object = json_object_new_object();

	if (!s->done) {
		add_text(object, "error", s->error);
		return object;
	}
	json_object_object_add(object, "operations", json_object_new_int64((int64_t)s->operations));
	add_number(object, "cost_ns", s->cost);
	add_number(object, "whole_ns", s->whole);
	add_number(object, "cpu_ns", s->cpu);
	if (s->cut)
		json_object_object_add(object, "cut", json_object_new_boolean(true));
	if (s->attached > 0)
		add_number(object, "attached_ns", s->attached);
	json_object_object_add(object, "peak_bytes", json_object_new_int64((int64_t)s->peak * 1024));
	add_number(object, "others_cpus", s->others);
	json_object_object_add(object, "trace_bytes", json_object_new_int64((int64_t)s->trace_bytes));
	return object;
}

static struct json_object *result_object(const struct results *r, size_t w, size_t t)
{
	struct json_object *object = json_object_new_object(), *samples = json_object_new_array();

	add_number(object, "cost_ns", value_cost(r, w, t));
	add_number(object, "ratio", value_ratio(r, w, t));
	add_number(object, "floor_ratio", value_floor_ratio(r, w, t));
	add_number(object, "whole_ratio", value_whole_ratio(r, w, t));
	if (r->works[w].kind == WORK_ATTACH)
		add_number(object, "attached_ns", value_attached(r, w, t));
	else
		add_number(object, "peak_bytes", value_peak(r, w, t));
	if (!strcmp(r->works[w].name, "sleepers-15000"))
		add_number(object, "bytes_each_task", value_live(r, w, t));
	if (r->works[w].kind == WORK_IDLE)
		add_number(object, "cpu_share", value_share(r, w, t));
	for (unsigned long i = 0; i < r->settings->rounds; i++) {
		const struct sample *s = results_of(r, w, t, i);

		if (s->done || *s->error)
			json_object_array_add(samples, sample_object(s));
	}
	json_object_object_add(object, "samples", samples);
	return object;
}

static struct json_object *work_object(const struct results *r, size_t w)
{
	struct json_object *object = json_object_new_object(), *results = json_object_new_object();
	char title[80];

	run_title(r->settings, &r->works[w], title);
	add_text(object, "what", title);
	json_object_object_add(object, "sleepers",
			       json_object_new_int64((int64_t)run_sleepers(r->settings, &r->works[w])));
	for (size_t t = 0; t < r->tool_count; t++) {
		if (rounds_done(r, w, t) || error_of(r, w, t))
			json_object_object_add(results, r->tools[t].name, result_object(r, w, t));
	}
	json_object_object_add(object, "tools", results);
	return object;
}

static struct json_object *tool_object(const struct results *r, size_t t)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "what", r->tools[t].what);
	add_text(object, "version", r->versions[t]);
	add_text(object, "missing", r->missing[t]);
	return object;
}

int report_json(const struct results *r, const char *path)
{
	struct json_object *top = json_object_new_object(), *tools = json_object_new_object(),
			   *works = json_object_new_object();
	struct utsname u;
	int error;

	uname(&u);
	add_text(top, "kernel", u.release);
	add_text(top, "machine", u.machine);
	json_object_object_add(top, "cpus", json_object_new_int64(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_object_add(top, "time", json_object_new_int64(time(NULL)));
	json_object_object_add(top, "rounds", json_object_new_int64((int64_t)r->settings->rounds));
	add_number(top, "scale", r->settings->scale);
	add_number(top, "idle_s", r->settings->idle);
	json_object_object_add(top, "load", json_object_new_int64((int64_t)r->settings->load));
	json_object_object_add(top, "one_cpu", json_object_new_boolean(r->settings->one_cpu));
	json_object_object_add(top, "quick", json_object_new_boolean(r->settings->quick));
	for (size_t t = 0; t < r->tool_count; t++) {
		if (r->tool_chosen[t])
			json_object_object_add(tools, r->tools[t].name, tool_object(r, t));
	}
	for (size_t w = 0; w < r->work_count; w++) {
		if (r->work_chosen[w])
			json_object_object_add(works, r->works[w].name, work_object(r, w));
	}
	json_object_object_add(top, "tools", tools);
	json_object_object_add(top, "workloads", works);
	error = json_object_to_file_ext(path, top, JSON_C_TO_STRING_PRETTY);
	if (error)
		fprintf(stderr, "bench: cannot write %s\n", path);
	json_object_put(top);
	return error;
}
