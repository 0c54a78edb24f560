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
#define OTHERS_MUCH 0.1

static double sample_cost(const struct sample *s)
{
	return s->cost;
}

static double sample_whole(const struct sample *s)
{
	return s->whole;
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

static void print_head(const struct results *r, const char *title)
{
	printf("\n%-*s", FIRST_WIDTH, title);
	for (size_t t = 0; t < r->tool_count; t++) {
		if (r->tool_chosen[t] && !*r->missing[t])
			printf("%*s", WIDTH, r->tools[t].name);
	}
	printf("\n");
}

typedef void (*cell_format)(char *ret, size_t size, double value);

/* One row; VALUE works a cell out, below 0 where there is none. */
static void print_row(const struct results *r, const char *title, size_t work,
		      double (*value)(const struct results *r, size_t work, size_t tool), cell_format format)
{
	printf("%-*s", FIRST_WIDTH, title);
	for (size_t t = 0; t < r->tool_count; t++) {
		double v = value(r, work, t);
		char cell[40] = "-";

		if (!r->tool_chosen[t] || *r->missing[t])
			continue;
		if (v >= 0)
			format(cell, sizeof(cell), v);
		else if (error_of(r, work, t))
			strcpy(cell, "failed");
		printf("%*s", WIDTH, cell);
	}
	printf("\n");
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

/* The workload of the same scene that no task sleeps in. */
static double cell_live(const struct results *r, size_t work, size_t tool)
{
	for (size_t w = 0; tool && w < r->work_count; w++) {
		double none = median_of(r, w, tool, sample_peak, NULL), all;

		if (strcmp(r->works[w].name, "sleepers-0") || none < 0)
			continue;
		all = median_of(r, work, tool, sample_peak, NULL);
		if (all < 0)
			return -1;
		all = (all - none) / (double)run_scaled(r->settings, r->works[work].sleepers);
		return all > 0 ? all : 0;
	}
	return -1;
}

static bool is_named(const struct results *r, size_t work, const char *name)
{
	return !strcmp(r->works[work].name, name);
}

static void print_costs(const struct results *r)
{
	print_head(r, "ratio to untraced");
	for (size_t w = 0; w < r->work_count; w++) {
		if (r->work_chosen[w] && r->works[w].kind != WORK_ATTACH)
			print_row(r, r->works[w].what, w, cell_ratio, format_ratio);
	}
	print_head(r, "each operation");
	for (size_t w = 0; w < r->work_count; w++) {
		if (r->work_chosen[w] && r->works[w].kind != WORK_ATTACH)
			print_row(r, r->works[w].what, w, cell_cost, format_time);
	}
}

static void print_others(const struct results *r)
{
	print_head(r, "attaching and memory");
	for (size_t w = 0; w < r->work_count; w++) {
		if (!r->work_chosen[w])
			continue;
		if (is_named(r, w, "attach")) {
			print_row(r, "15,000 threads: attached after", w, cell_attached, format_time);
			print_row(r, "  attach + detach", w, cell_cost, format_time);
		} else if (is_named(r, w, "sleepers-15000")) {
			print_row(r, "memory for each of 15,000 tasks", w, cell_live, format_bytes);
		} else if (is_named(r, w, "million")) {
			print_row(r, "memory for 1,000,000 tasks", w, cell_peak, format_bytes);
			print_row(r, "  whole run, ratio to untraced", w, cell_whole_ratio, format_ratio);
		}
	}
}

static void print_notes(const struct results *r)
{
	unsigned rounds = r->settings->rounds;

	printf("\n");
	for (size_t t = 0; t < r->tool_count; t++) {
		if (!r->tool_chosen[t])
			continue;
		printf("%-12s%s%s%s\n", r->tools[t].name, r->tools[t].what, *r->versions[t] ? ": " : "",
		       r->versions[t]);
		if (*r->missing[t])
			printf("%-12snot measured: %s\n", "", r->missing[t]);
	}
	for (size_t w = 0; w < r->work_count; w++) {
		for (size_t t = 0; t < r->tool_count; t++) {
			double others = median_of(r, w, t, sample_others, NULL);
			unsigned done = rounds_done(r, w, t);
			const char *error = error_of(r, w, t);

			if (error)
				printf("failed: %s under %s: %s\n", r->works[w].name, r->tools[t].name, error);
			else if (done && done < rounds && !r->works[w].once)
				printf("%s under %s: slow, %u of %u rounds\n", r->works[w].name, r->tools[t].name, done,
				       rounds);
			if (others > OTHERS_MUCH)
				printf("%s under %s: others kept %.1f CPUs busy\n", r->works[w].name, r->tools[t].name,
				       others);
		}
	}
}

void report_table(const struct results *r)
{
	struct utsname u;
	time_t now = time(NULL);
	char date[40];

	uname(&u);
	strftime(date, sizeof(date), "%Y-%m-%d", gmtime(&now));
	printf("%s %s %s, %ld CPUs, %s: medians of %u rounds", u.sysname, u.release, u.machine,
	       sysconf(_SC_NPROCESSORS_ONLN), date, r->settings->rounds);
	if (r->settings->scale < 1 || r->settings->scale > 1)
		printf(", counts and threads times %g", r->settings->scale);
	printf("\n");
	print_costs(r);
	print_others(r);
	print_notes(r);
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

	add_text(object, "what", r->works[w].what);
	json_object_object_add(object, "sleepers",
			       json_object_new_int64((int64_t)run_scaled(r->settings, r->works[w].sleepers)));
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
