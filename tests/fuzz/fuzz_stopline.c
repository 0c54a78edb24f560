/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the lines of --debug-stops. Input: such lines; those that can be parsed are played to follow.
 *
 * Their tids and answers are any numbers, so that nothing is asked of follow but to live through them. */
#include <errno.h>

#include "base/text.h"
#include "follow/follow.h"
#include "follow/stopline.h"
#include "fuzz.h"

struct play {
	struct follow *follow;
	struct stopline answer; /* the last gather line */
	char *line;		/* the one that ANSWER points into */
	bool answered;
};

static void on_event(void *data, const struct event *event)
{
	(void)data, (void)event;
}

static void on_order(void *data, const struct order *order)
{
	(void)data, (void)order;
}

static void on_gather(void *data, struct stop *stop, unsigned parts)
{
	struct play *play = data;

	if (play->answered && play->answer.parts & parts)
		stopline_answer(&play->answer, stop);
}

/* Formatted and parsed again, a line is the same. Both functions are each other's opposite but for blanks, keys that
 * nobody knows and the like. */
static void check_again(const struct stopline *line)
{
	struct text text = TEXT_INIT, again = TEXT_INIT;
	struct stopline copy;
	char *string;

	stopline_format(&text, line);
	FUZZ_CHECK(text.length && strchr(text_get(&text), '\n') == text.data + text.length - 1);
	string = strdup(text_get(&text));
	FUZZ_CHECK(string && stopline_parse(string, &copy) == 0);
	stopline_format(&again, &copy);
	FUZZ_CHECK(!strcmp(text_get(&text), text_get(&again)));
	free(string);
	text_done(&text);
	text_done(&again);
}

static void play_line(struct play *play, struct stopline *line)
{
	static const struct follow_ops ops = { on_event, on_order, on_gather };

	if (line->kind == STOPLINE_BEGIN && !play->follow)
		play->follow = follow_new(&line->begin.config, &ops, play);
	if (play->follow)
		stopline_feed(line, play->follow);
}

/* TEXT is on the heap and taken over. */
static void try_line(struct play *play, char *text)
{
	struct stopline line;
	int r = stopline_parse(text, &line);

	FUZZ_CHECK(r == 0 || r == -EINVAL);
	if (r == 0)
		check_again(&line);
	if (r == 0 && line.kind == STOPLINE_GATHER) {
		free(play->line);
		play->line = text;
		play->answer = line;
		play->answered = true;
		return;
	}
	if (r == 0)
		play_line(play, &line);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play play = { 0 };

	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) + 1 : size;
		char *text = malloc(length + 1);

		FUZZ_CHECK(text);
		memcpy(text, data, length);
		text[length] = '\0';
		try_line(&play, text);
		data += length;
		size -= length;
	}
	follow_free(play.follow);
	free(play.line);
	return 0;
}
