/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds what was measured to goals. */
#include "bench.h"

#include <stdint.h>
#include <string.h>

#define WIDTH 46

/* How goals of a kind are computed and shown. */
static const struct {
	double (*value)(const struct results *results, size_t work, size_t tool);
	void (*format)(char *ret, size_t size, double value);
	const char *what;
} kinds[] = {
	[GOAL_RATIO] = { NULL, format_ratio, "" },
	[GOAL_SHARE] = { value_share, format_share, ", CPU" },
	[GOAL_LIVE] = { value_live, format_bytes, ", memory of a task" },
	[GOAL_MEMORY] = { value_peak, format_bytes, ", memory" },
	[GOAL_TIME] = { value_cost, format_time, ", time" },
};

static bool is_in(const char *name, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, ",");

		if (name_matches(name, list, length))
			return true;
		list += length + !!list[length];
	}
	return false;
}

/* Whether GOAL is about workload W under tool T, and both tools of GOAL can run the workload. */
static bool is_about(const struct results *r, const struct goal *goal, size_t w, size_t t)
{
	const struct work *work = &r->works[w];
	size_t than = goal->than ? tool_named(r, goal->than) : t;

	if (!is_in(work->name, goal->works) || !is_in(r->tools[t].name, goal->tools))
		return false;
	if (goal->kind == GOAL_RATIO && (work->kind == WORK_IDLE || work->both))
		return false;
	if (!tool_has_cpu(r, than))
		return false;
	return run_fits(r->settings, &r->tools[t], work) && run_fits(r->settings, &r->tools[than], work);
}

void check_choose(const struct results *r, const struct goal *goals, size_t count, bool *work_chosen, bool *tool_chosen)
{
	if (work_chosen)
		memset(work_chosen, false, r->work_count);
	if (tool_chosen)
		memset(tool_chosen, false, r->tool_count);
	for (size_t w = 0; work_chosen && w < r->work_count; w++) {
		for (size_t i = 0; i < count; i++) {
			for (size_t t = 0; t < r->tool_count; t++)
				work_chosen[w] = work_chosen[w] || is_about(r, &goals[i], w, t);
		}
		/* the memory of a single task is needed, too */
		work_chosen[w] = work_chosen[w] || !strcmp(r->works[w].name, "calls");
	}
	for (size_t t = 0; tool_chosen && t < r->tool_count; t++) {
		for (size_t i = 0; i < count; i++)
			tool_chosen[t] = tool_chosen[t] || is_in(r->tools[t].name, goals[i].tools) ||
					 (goals[i].than && !strcmp(r->tools[t].name, goals[i].than));
	}
}

/* Prints one goal. Returns whether it is kept. */
static bool check(const struct results *r, const struct goal *goal, size_t w, size_t t, FILE *file)
{
	const char *than = goal->than ? goal->than : "", *verdict;
	char title[120], value_text[40], limit_text[40], spread[100] = "";
	double value, least, most;
	bool kept;

	if (goal->than)
		value = value_ratio_to(r, w, t, tool_named(r, than), &least, &most);
	else
		value = kinds[goal->kind].value(r, w, t);
	kept = value >= 0 && value <= goal->limit;
	verdict = value < 0 ? "not measured" : kept ? "kept" : "MISSED";
	if (goal->kind == GOAL_TIME)
		verdict = "only shown (the time depends on the machine)";
	else if (goal->than && value >= 0)
		snprintf(spread, sizeof(spread), " (%.2f to %.2f)", least, most);
	snprintf(title, sizeof(title), "%s: %s%s%s%s", r->works[w].name, r->tools[t].name, goal->than ? " / " : "",
		 than, kinds[goal->kind].what);
	strcpy(value_text, "-");
	if (value >= 0)
		kinds[goal->kind].format(value_text, sizeof(value_text), value);
	kinds[goal->kind].format(limit_text, sizeof(limit_text), goal->limit);
	fprintf(file, "%-*s%10s  at most %9s  %s%s\n", WIDTH, title, value_text, limit_text, verdict, spread);
	return kept || goal->kind == GOAL_TIME;
}

bool check_goals(const struct results *r, const struct goal *goals, size_t count, FILE *file)
{
	size_t checked = 0, missed = 0;

	fprintf(file,
		"\ngoals (for ratios: the median, and in parentheses the smallest and the largest, each within one round)\n");
	for (size_t i = 0; i < count; i++) {
		for (size_t w = 0; w < r->work_count; w++) {
			for (size_t t = 0; r->work_chosen[w] && t < r->tool_count; t++) {
				bool than = !goals[i].than || r->tool_chosen[tool_named(r, goals[i].than)];

				if (!r->tool_chosen[t] || !than || !is_about(r, &goals[i], w, t))
					continue;
				missed += !check(r, &goals[i], w, t, file);
				checked++;
			}
		}
	}
	fprintf(file, "%zu of %zu goals missed\n", missed, checked);
	return checked && !missed;
}
