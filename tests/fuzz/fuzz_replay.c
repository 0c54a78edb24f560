/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the way of a whole recording: from the bytes of a file through the replay source to every sink. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "event/codec.h"
#include "event/event.h"
#include "fuzz.h"
#include "model/model.h"
#include "sink/sink.h"
#include "source/replay/reader.h"

#define SINKS_MAX 16

struct show {
	struct model *model;
	struct sink *sinks[SINKS_MAX];
	struct text lines; /* the events, as they would be recorded again */
	uint64_t events;
};

static int on_write(void *data, const char *bytes, size_t length)
{
	(void)data;
	FUZZ_CHECK(length && bytes[length - 1] == '\n');
	return 0;
}

static int on_event(void *data, const struct event *event)
{
	struct show *show = data;
	struct step step;

	show->events++;
	codec_encode(&show->lines, event);
	model_apply(show->model, event, &step);
	for (size_t i = 0; sink_at(i); i++)
		FUZZ_CHECK(sink_step(show->sinks[i], &step) == 0);
	return 0;
}

static void show_open(struct show *show)
{
	const struct sink_options options = { .verbose = 1, .duration = true, .clock = SINK_CLOCK_MICRO };
	const struct sink_output output = { .write = on_write };

	*show = (struct show){ .model = model_new(true), .lines = TEXT_INIT };
	FUZZ_CHECK(!sink_at(SINKS_MAX));
	for (size_t i = 0; sink_at(i); i++)
		show->sinks[i] = sink_open(sink_at(i), &options, &output);
}

static void show_close(struct show *show)
{
	for (size_t i = 0; sink_at(i); i++) {
		FUZZ_CHECK(sink_finish(show->sinks[i], show->model) == 0);
		sink_close(show->sinks[i]);
	}
	model_free(show->model);
	text_done(&show->lines);
}

static void replay_bytes(struct show *show, const void *data, size_t size, struct replay_result *ret)
{
	struct replay_config config = { .event = on_event, .data = show };

	config.fd = memfd_create("recording", MFD_CLOEXEC);
	if (config.fd < 0 || pwrite(config.fd, data, size, 0) != (ssize_t)size)
		abort();
	FUZZ_CHECK(replay_run(&config, ret) == 0);
	close(config.fd);
	FUZZ_CHECK(show->events == ret->events);
	FUZZ_CHECK(ret->events + ret->malformed + ret->unknown + ret->cut <= ret->lines);
	FUZZ_CHECK(!ret->malformed == !ret->malformed_line && ret->malformed_line <= ret->lines);
	FUZZ_CHECK(!ret->unknown == !ret->unknown_line && ret->unknown_line <= ret->lines);
	FUZZ_CHECK(!ret->signo && !ret->stopped);
}

/* What could be had, recorded again, is a recording of which nothing is left out. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct replay_result first, again;
	struct show show, copy;

	show_open(&show);
	replay_bytes(&show, data, size, &first);
	show_open(&copy);
	replay_bytes(&copy, text_get(&show.lines), show.lines.length, &again);
	FUZZ_CHECK(again.events == first.events && again.lines == first.events);
	FUZZ_CHECK(!again.malformed && !again.unknown && !again.cut && !again.format);
	FUZZ_CHECK(again.missing == first.missing && again.begun == first.begun && again.ended == first.ended);
	FUZZ_CHECK(!strcmp(text_get(&show.lines), text_get(&copy.lines)));
	show_close(&show);
	show_close(&copy);
	return 0;
}
