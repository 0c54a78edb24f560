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

static double sample_cost(const struct sample *s)
{
	return s->cost;
}

static double sample_whole(const struct sample *s)
{
	return s->whole;
}

static double sample_cpu(const struct sample *s)
{
	return s->cpu / (double)s->operations;
}

static double sample_cpu_of_all(const struct sample *s)
{
	return s->cpu;
}

static double sample_attached(const struct sample *s)
{
	return s->attached;
}

static double sample_others(const struct sample *s)
{
	return s->others;
}

static double sample_peak(const struct sample *s)
{
	return (double)s->peak * 1024;
}

/* Medians */

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of COUNT values, which it sorts; -1 where there are none. */
static double median(double *values, size_t count)
{
	if (!count)
		return -1;
	qsort(values, count, sizeof(*values), compare_doubles);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The median over all rounds; divided, BY TOOL, by that tool's value of the same round. */
static double median_of(const struct results *r, size_t work, size_t tool, double (*value)(const struct sample *),
			const size_t *by_tool)
{
	double *values = calloc(r->settings->rounds, sizeof(*values)), result;
	size_t count = 0;

	for (unsigned i = 0; values && i < r->settings->rounds; i++) {
		const struct sample *s = results_of(r, work, tool, i);
		const struct sample *base = by_tool ? results_of(r, work, *by_tool, i) : NULL;

		if (s->done && (!base || (base->done && value(base) > 0)))
			values[count++] = value(s) / (base ? value(base) : 1);
	}
	result = median(values, count);
	free(values);
	return result;
}

/* The least over all rounds: what nothing else has disturbed. */
static double least_of(const struct results *r, size_t work, size_t tool, double (*value)(const struct sample *))
{
	double least = -1;

	for (unsigned i = 0; i < r->settings->rounds; i++) {
		const struct sample *s = results_of(r, work, tool, i);

		if (s->done && (least < 0 || value(s) < least))
			least = value(s);
	}
	return least;
}

static unsigned rounds_done(const struct results *r, size_t work, size_t tool)
{
	unsigned count = 0;

	for (unsigned i = 0; i < r->settings->rounds; i++)
		count += results_of(r, work, tool, i)->done;
	return count;
}

static const char *error_of(const struct results *r, size_t work, size_t tool)
{
	for (unsigned i = 0; i < r->settings->rounds; i++) {
		if (*results_of(r, work, tool, i)->error)
			return results_of(r, work, tool, i)->error;
	}
	return NULL;
}

/* Tables */

static void format_ratio(char *ret, size_t size, double value)
{
	snprintf(ret, size, value < 10 ? "%.2f x" : value < 100 ? "%.1f x" : "%.0f x", value);
}

static void format_time(char *ret, size_t size, double ns)
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

static void format_bytes(char *ret, size_t size, double bytes)
{
	if (bytes < 1e5)
		snprintf(ret, size, "%.0f B", bytes);
	else
		snprintf(ret, size, "%.1f MiB", bytes / (1024 * 1024));
}

/* From the time of one. */
static void format_rate(char *ret, size_t size, double ns)
{
	snprintf(ret, size, "%.0f k/s", 1e6 / ns);
}

/* The tools whose columns stand side by side: from FIRST to before END. */
struct part {
	size_t first, end;
};

static bool is_column(const struct results *r, size_t tool)
{
	return r->tool_chosen[tool] && !*r->missing[tool];
}

static int column_width(const struct results *r, size_t tool)
{
	int width = (int)strlen(r->tools[tool].name) + 1;

	return width > WIDTH ? width : WIDTH;
}

/* Moves PART on to the next tools that a line has room for; false when there are none. {0} is before the first. */
static bool next_part(const struct results *r, struct part *part)
{
	int width = FIRST_WIDTH;
	bool any = false;

	for (part->first = part->end; part->end < r->tool_count; part->end++) {
		if (!is_column(r, part->end))
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
		if (is_column(r, t))
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

		if (!is_column(r, t))
			continue;
		if (v >= 0)
			format(cell, sizeof(cell), v);
		else if (error_of(r, work, t))
			strcpy(cell, "failed");
		fprintf(file, "%*s", column_width(r, t), cell);
	}
	fprintf(file, "\n");
}

static double cell_ratio(const struct results *r, size_t work, size_t tool)
{
	size_t untraced = 0;

	return median_of(r, work, tool, sample_cost, &untraced);
}

static double cell_whole_ratio(const struct results *r, size_t work, size_t tool)
{
	size_t untraced = 0;

	return median_of(r, work, tool, sample_whole, &untraced);
}

static double cell_cost(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_cost, NULL);
}

static double cell_attached(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_attached, NULL);
}

static double cell_peak(const struct results *r, size_t work, size_t tool)
{
	return tool ? median_of(r, work, tool, sample_peak, NULL) : -1;
}

static bool is_named(const struct results *r, size_t work, const char *name)
{
	return !strcmp(r->works[work].name, name);
}

/* The workload called NAME; SIZE_MAX where there is none. */
static size_t work_named(const struct results *r, const char *name)
{
	for (size_t w = 0; w < r->work_count; w++) {
		if (is_named(r, w, name))
			return w;
	}
	return SIZE_MAX;
}

/* VALUE's median under TOOL in the workload called NAME; -1 where there is none. */
static double value_in(const struct results *r, const char *name, size_t tool, double (*value)(const struct sample *))
{
	size_t work = work_named(r, name);

	return work < r->work_count ? median_of(r, work, tool, value, NULL) : -1;
}

/* What WORK's sleeping tasks add to the memory that TOOL needs for a single task. */
static double cell_live(const struct results *r, size_t work, size_t tool)
{
	double one = value_in(r, "calls", tool, sample_peak), all = median_of(r, work, tool, sample_peak, NULL);

	if (!tool || one < 0 || all < 0)
		return -1;
	return all > one ? (all - one) / (double)run_sleepers(r->settings, &r->works[work]) : 0;
}

/* WORK's cost against the same without sleeping tasks. */
static double cell_growth(const struct results *r, size_t work, size_t tool)
{
	double none = value_in(r, "sleepers-0", tool, sample_cost), all = cell_cost(r, work, tool);

	return none > 0 && all >= 0 ? all / none : -1;
}

static double cell_cpu(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_cpu, NULL);
}

static double cell_cpu_of_all(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_cpu_of_all, NULL);
}

/* What WORK costs more than the same that is not recorded. A small difference of large numbers: of CPU time, for what
 * else runs is not in that, and of the least. */
static double cell_added(const struct results *r, size_t work, size_t tool)
{
	size_t base = work_named(r, "unrecorded");
	double with = least_of(r, work, tool, sample_cpu), without;

	without = base < r->work_count ? least_of(r, base, tool, sample_cpu) : -1;
	if (without < 0 || with < 0)
		return -1;
	return with > without ? with - without : 0;
}

static bool is_kind(const struct results *r, size_t work, enum work_kind kind)
{
	return r->works[work].kind == kind;
}

static void print_part(FILE *file, const struct results *r, const struct part *part, const char *head, cell_value value,
		       cell_format format)
{
	char title[80];

	print_head(file, r, part, head);
	for (size_t w = 0; w < r->work_count; w++) {
		bool timed = is_kind(r, w, WORK_SCENE) || is_kind(r, w, WORK_PROJECT);

		if (!r->work_chosen[w] || !timed || r->works[w].both || r->works[w].own[0])
			continue;
		run_title(r->settings, &r->works[w], title);
		print_row(file, r, part, title, w, value, format);
	}
}

static void print_table(FILE *file, const struct results *r, const char *head, cell_value value, cell_format format)
{
	struct part part = { 0 };

	while (next_part(r, &part))
		print_part(file, r, &part, head, value, format);
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

/* Whether ROW, of workload W, says anything of the tools of PART. */
static bool has_cells(const struct results *r, const struct part *part, size_t w, const struct row *row)
{
	for (size_t t = part->first; t < part->end; t++) {
		if (is_column(r, t) && (row->value(r, w, t) >= 0 || error_of(r, w, t)))
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
		{ "sleepers-15000", "cost: %s asleep, to none", cell_growth, format_ratio },
		{ "attach", "%s threads: attached after", cell_attached, format_time },
		{ "attach", "  attach + detach", cell_cost, format_time },
		{ "sleepers-15000", "memory: each of %s live tasks", cell_live, format_bytes },
		{ "million", "  %n tasks, text + JSON", cell_peak, format_bytes },
		{ "million", "  time of that, each task", cell_cost, format_time },
		{ "idle", "CPU time, %s tasks asleep", cell_cost, format_time },
	};
	static const struct row recordings[] = {
		{ "recorded", "recording adds to a thread", cell_added, format_time },
		{ "replay-text", "replay: %n events to text", cell_cpu, format_rate },
		{ "replay-json", "  to json", cell_cpu, format_rate },
		{ "replay-summary", "  to summary", cell_cpu, format_rate },
		{ "replay-summary", "  memory of that", cell_peak, format_bytes },
		{ "replay-tree", "  %n events to the tree", cell_cpu_of_all, format_time },
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
		fprintf(file, "%-*s%s%s%s\n", NAME_WIDTH, r->tools[t].name, r->tools[t].what, *r->versions[t] ? ": " : "",
			r->versions[t]);
		if (*r->missing[t])
			fprintf(file, "%-*snot measured: %s\n", NAME_WIDTH, "", r->missing[t]);
	}
}

static bool any_cut(const struct results *r, size_t w, size_t t)
{
	for (unsigned i = 0; i < r->settings->rounds; i++) {
		if (results_of(r, w, t, i)->cut)
			return true;
	}
	return false;
}

/* What has to be known of workload W under tool T to trust its cells. */
static void print_note(FILE *file, const struct results *r, size_t w, size_t t)
{
	const char *work = r->works[w].name, *tool = r->tools[t].name, *error = error_of(r, w, t);
	unsigned done = rounds_done(r, w, t);

	if (error)
		fprintf(file, "failed: %s under %s: %s\n", work, tool, error);
	else if (done && done < r->settings->rounds && !r->works[w].once)
		fprintf(file, "%s under %s: slow, %u of %u rounds\n", work, tool, done, r->settings->rounds);
	else if (!done && r->tool_chosen[t] && !*r->missing[t] && r->works[w].kind == WORK_SCENE && !r->works[w].both &&
		 !r->works[w].own[0])
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
			double others = median_of(r, w, t, sample_others, NULL);

			print_note(file, r, w, t);
			busiest = others > busiest ? others : busiest;
		}
		if (busiest > OTHERS_MUCH)
			fprintf(file, "%s: others kept up to %.1f CPUs busy\n", r->works[w].name, busiest);
	}
}

void report_table(const struct results *r, FILE *file)
{
	struct utsname u;
	time_t now = time(NULL);
	char date[40];

	uname(&u);
	strftime(date, sizeof(date), "%Y-%m-%d", gmtime(&now));
	fprintf(file, "%s %s %s, %ld CPUs, %s: medians of %u rounds", u.sysname, u.release, u.machine,
		sysconf(_SC_NPROCESSORS_ONLN), date, r->settings->rounds);
	if (r->settings->scale < 1 || r->settings->scale > 1)
		fprintf(file, ", counts and threads times %g", r->settings->scale);
	fprintf(file, "\n");
	print_table(file, r, "ratio to untraced", cell_ratio, format_ratio);
	print_table(file, r, "each operation", cell_cost, format_time);
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
		fprintf(stderr, "bench: %s has no two lines that begin with '%s'\n", path, MARK);
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

	add_number(object, "cost_ns", cell_cost(r, w, t));
	add_number(object, "ratio", cell_ratio(r, w, t));
	add_number(object, "whole_ratio", cell_whole_ratio(r, w, t));
	if (r->works[w].kind == WORK_ATTACH)
		add_number(object, "attached_ns", cell_attached(r, w, t));
	else
		add_number(object, "peak_bytes", cell_peak(r, w, t));
	if (is_named(r, w, "sleepers-15000"))
		add_number(object, "bytes_each_task", cell_live(r, w, t));
	for (unsigned i = 0; i < r->settings->rounds; i++) {
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
	json_object_object_add(top, "rounds", json_object_new_int((int)r->settings->rounds));
	add_number(top, "scale", r->settings->scale);
	add_number(top, "idle_s", r->settings->idle);
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
