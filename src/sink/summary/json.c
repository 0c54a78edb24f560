/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the counts as one JSON object. */
#include "base/histogram.h"
#include "base/json.h"
#include "base/names.h"
#include "sink/summary/summary.h"

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

void summary_write(struct text *text, const struct sink *sink, const struct model *model)
{
	struct json json;

	json_init(&json, text, 0);
	json_open_object(&json, JSON_DENSE);
	put_tally(&json, sink, model_tally(model));
	for (size_t i = 0; i < COUNTS; i++) {
		json_key(&json, summary_tables[i].word);
		json_open_array(&json, JSON_DENSE);
		for (const struct count_row *row = sink->counts[i].rows; row; row = row->hh.next)
			add_row_json(&json, i, row);
		json_close(&json);
	}
	put_rate(&json, &sink->rate);
	json_close(&json);
	text_add(text, "\n");
}
