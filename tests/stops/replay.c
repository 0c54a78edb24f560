/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays a file of `cltrace --debug-stops` to follow again and prints the events as JSON Lines, so that a bug report
 * becomes a test. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "event/codec.h"
#include "event/schema.h"
#include "follow/stopline.h"

static const char usage[] = "usage: replay [-o] < FILE\n"
			    "  -o  print the orders too, as lines of the same kind as the input's\n";

struct line {
	char *text; /* what `parsed` points into */
	unsigned number;
	bool used; /* an answer that was given */
	struct stopline parsed;
};

struct replay {
	struct line *lines;
	size_t count, at; /* at: the input being played */
	bool orders;
	struct text out;
};

static bool is_input(const struct line *line)
{
	return line->parsed.kind != STOPLINE_GATHER && line->parsed.kind != STOPLINE_ORDER &&
	       line->parsed.kind != STOPLINE_EVENT;
}

static void print(struct replay *r)
{
	fputs(text_get(&r->out), stdout);
	text_clear(&r->out);
}

/* The event of NUMBER as it was reported, if the recording has it: free with event_free(). */
static struct event *reported(const struct replay *r, uint64_t number)
{
	struct event *event;

	for (size_t i = r->at + 1; i < r->count && !is_input(&r->lines[i]); i++) {
		const struct stopline *line = &r->lines[i].parsed;

		if (line->kind != STOPLINE_EVENT || codec_decode(line->json, strlen(line->json), &event) < 0)
			continue;
		if (event->seq == number)
			return event;
		event_free(event);
	}
	return NULL;
}

/* Adds to EVENT, as follow reports it, the fields that the source had added to the same event in FROM. What they point
 * to stays FROM's. */
static void add_fields(struct event *event, const struct event *from)
{
	const struct fields *own = &event_kind_row(event->kind)->own;

	for (const struct field *field = own->rows; field < own->rows + own->count; field++) {
		if (!field->added || !(field->of & 1u << event->kind) || (from->have & field->have) != field->have)
			continue;
		memcpy((char *)event + field->offset, (const char *)from + field->offset, field->size);
		event->have |= field->have;
	}
}

static void on_event(void *data, const struct event *event)
{
	struct replay *r = data;
	struct event whole = *event, *added = reported(r, event->seq);

	if (added && added->kind == event->kind)
		add_fields(&whole, added);
	codec_encode(&r->out, &whole);
	print(r);
	event_free(added);
}

static void on_order(void *data, const struct order *order)
{
	struct replay *r = data;
	const struct stopline line = { .kind = STOPLINE_ORDER, .order = *order };

	if (!r->orders)
		return;
	stopline_format(&r->out, &line);
	print(r);
}

/* The answers that the recording has to the input being played, in their order. What was never asked then has none:
 * follow learns that nothing could be had. */
static void on_gather(void *data, struct stop *stop, unsigned parts)
{
	struct replay *r = data;

	for (size_t i = r->at + 1; i < r->count && !is_input(&r->lines[i]); i++) {
		struct line *line = &r->lines[i];

		if (line->parsed.kind != STOPLINE_GATHER || line->used || line->parsed.stop.tid != stop->tid ||
		    line->parsed.parts != parts)
			continue;
		line->used = true;
		stopline_answer(&line->parsed, stop);
		return;
	}
	fflush(stdout);
	fprintf(stderr, "replay: line %u: parts 0x%x of %d are asked for and not in the file\n", r->lines[r->at].number,
		parts, (int)stop->tid);
}

static const struct follow_ops replay_ops = { on_event, on_order, on_gather };

/* Reads all lines but empty ones and comments. */
static int replay_read(struct replay *r)
{
	char *text = NULL;
	size_t size = 0;
	unsigned number = 0;

	while (getline(&text, &size, stdin) > 0) {
		struct line line = { .number = ++number };

		if (text[0] == '\n' || text[0] == '#')
			continue;
		line.text = mem_strdup(text);
		r->lines = mem_resize(r->lines, r->count + 1, sizeof(*r->lines));
		r->lines[r->count++] = line;
		if (stopline_parse(line.text, &r->lines[r->count - 1].parsed) < 0) {
			fprintf(stderr, "replay: line %u: not a line of --debug-stops\n", number);
			free(text);
			return -EINVAL;
		}
	}
	free(text);
	return 0;
}

static int replay_play(struct replay *r)
{
	struct follow *follow;

	if (!r->count || r->lines[0].parsed.kind != STOPLINE_BEGIN) {
		fputs("replay: the file does not start with a begin line\n", stderr);
		return -EINVAL;
	}
	follow = follow_new(&r->lines[0].parsed.begin.config, &replay_ops, r);
	for (r->at = 0; r->at < r->count; r->at++)
		stopline_feed(&r->lines[r->at].parsed, follow);
	follow_free(follow);
	return 0;
}

int main(int argc, char *argv[])
{
	struct replay replay = { .out = TEXT_INIT };
	int option, result;

	while ((option = getopt(argc, argv, "o")) != -1) {
		if (option != 'o') {
			fputs(usage, stderr);
			return 2;
		}
		replay.orders = true;
	}
	if (optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	result = replay_read(&replay);
	if (result >= 0)
		result = replay_play(&replay);
	for (size_t i = 0; i < replay.count; i++)
		free(replay.lines[i].text);
	free(replay.lines);
	text_done(&replay.out);
	if (fflush(stdout) || ferror(stdout))
		result = -EIO;
	return result < 0;
}
