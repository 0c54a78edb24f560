/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What samples add up to: medians over the rounds, ratios, and what follows from two workloads. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

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

/* The median of COUNT values, which are sorted here. */
static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare_doubles);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct spread {
	double median, least, most;
};

#define NO_SPREAD ((struct spread){ -1, -1, -1 })

/* Over all rounds. With BY_TOOL, each value is divided by that tool's value of the same round. */
static struct spread spread_of(const struct results *r, size_t work, size_t tool,
			       double (*value)(const struct sample *), const size_t *by_tool)
{
	double *values = calloc(r->settings->rounds, sizeof(*values));
	struct spread result = NO_SPREAD;
	size_t count = 0;

	for (unsigned long i = 0; values && i < r->settings->rounds; i++) {
		const struct sample *s = results_of(r, work, tool, i);
		const struct sample *base = by_tool ? results_of(r, work, *by_tool, i) : NULL;

		if (s->done && (!base || (base->done && value(base) > 0)))
			values[count++] = value(s) / (base ? value(base) : 1);
	}
	if (count) {
		result.median = median(values, count);
		result.least = values[0];
		result.most = values[count - 1];
	}
	free(values);
	return result;
}

static double median_of(const struct results *r, size_t work, size_t tool, double (*value)(const struct sample *),
			const size_t *by_tool)
{
	return spread_of(r, work, tool, value, by_tool).median;
}

/* The least value of all rounds, which nothing else has disturbed. */
static double least_of(const struct results *r, size_t work, size_t tool, double (*value)(const struct sample *))
{
	double least = -1;

	for (unsigned long i = 0; i < r->settings->rounds; i++) {
		const struct sample *s = results_of(r, work, tool, i);

		if (s->done && (least < 0 || value(s) < least))
			least = value(s);
	}
	return least;
}

unsigned long rounds_done(const struct results *r, size_t work, size_t tool)
{
	unsigned long count = 0;

	for (unsigned long i = 0; i < r->settings->rounds; i++)
		count += results_of(r, work, tool, i)->done;
	return count;
}

const char *error_of(const struct results *r, size_t work, size_t tool)
{
	for (unsigned long i = 0; i < r->settings->rounds; i++) {
		if (*results_of(r, work, tool, i)->error)
			return results_of(r, work, tool, i)->error;
	}
	return NULL;
}

/* Values */

double value_ratio(const struct results *r, size_t work, size_t tool)
{
	size_t untraced = 0;

	return median_of(r, work, tool, sample_cost, &untraced);
}

double value_whole_ratio(const struct results *r, size_t work, size_t tool)
{
	size_t untraced = 0;

	return median_of(r, work, tool, sample_whole, &untraced);
}

double value_cost(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_cost, NULL);
}

double value_attached(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_attached, NULL);
}

double value_peak(const struct results *r, size_t work, size_t tool)
{
	return tool ? median_of(r, work, tool, sample_peak, NULL) : -1;
}

size_t work_named(const struct results *r, const char *name)
{
	for (size_t w = 0; w < r->work_count; w++) {
		if (!strcmp(r->works[w].name, name))
			return w;
	}
	return SIZE_MAX;
}

/* VALUE's median under TOOL in the workload called NAME; -1 if it is not known. */
static double value_in(const struct results *r, const char *name, size_t tool, double (*value)(const struct sample *))
{
	size_t work = work_named(r, name);

	return work < r->work_count ? median_of(r, work, tool, value, NULL) : -1;
}

double value_live(const struct results *r, size_t work, size_t tool)
{
	double one = value_in(r, "calls", tool, sample_peak), all = median_of(r, work, tool, sample_peak, NULL);

	if (!tool || one < 0 || all < 0)
		return -1;
	return all > one ? (all - one) / (double)run_sleepers(r->settings, &r->works[work]) : 0;
}

double value_growth(const struct results *r, size_t work, size_t tool)
{
	double none = value_in(r, "sleepers-0", tool, sample_cost), all = value_cost(r, work, tool);

	return none > 0 && all >= 0 ? all / none : -1;
}

double value_cpu(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_cpu, NULL);
}

double value_cpu_of_all(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_cpu_of_all, NULL);
}

/* The difference is small and the numbers are large. So it is computed from CPU time, which has no part of what else
 * runs, and from the least values. */
double value_added(const struct results *r, size_t work, size_t tool)
{
	size_t base = work_named(r, "unrecorded");
	double with = least_of(r, work, tool, sample_cpu), without;

	without = base < r->work_count ? least_of(r, base, tool, sample_cpu) : -1;
	if (without < 0 || with < 0)
		return -1;
	return with > without ? with - without : 0;
}

size_t tool_named(const struct results *r, const char *name)
{
	for (size_t t = 0; t < r->tool_count; t++) {
		if (!strcmp(r->tools[t].name, name))
			return t;
	}
	return SIZE_MAX;
}

bool tool_is_used(const struct results *r, size_t tool)
{
	return tool < r->tool_count && r->tool_chosen[tool] && !*r->missing[tool];
}

double value_ratio_to(const struct results *r, size_t work, size_t tool, size_t by, double *ret_least, double *ret_most)
{
	struct spread spread = spread_of(r, work, tool, sample_cost, &by);

	*ret_least = spread.least;
	*ret_most = spread.most;
	return spread.median;
}

bool tool_has_cpu(const struct results *r, size_t tool)
{
	return !r->tools[tool].own_cpu || (!r->settings->load && !r->settings->one_cpu);
}

size_t tool_floor(const struct results *r, size_t tool)
{
	const char *name = r->tools[tool].floor;
	size_t floor = name ? tool_named(r, name) : SIZE_MAX;

	return tool_is_used(r, floor) && tool_has_cpu(r, floor) ? floor : SIZE_MAX;
}

double value_floor_ratio(const struct results *r, size_t work, size_t tool)
{
	size_t floor = tool_floor(r, tool);

	return floor < r->tool_count ? median_of(r, work, tool, sample_cost, &floor) : -1;
}

double value_share(const struct results *r, size_t work, size_t tool)
{
	double cost = value_cost(r, work, tool), whole = median_of(r, work, tool, sample_whole, NULL);

	return cost >= 0 && whole > 0 ? cost / whole : -1;
}

double value_others(const struct results *r, size_t work, size_t tool)
{
	return median_of(r, work, tool, sample_others, NULL);
}
