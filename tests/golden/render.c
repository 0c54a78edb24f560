/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Renders a recording, JSON Lines on stdin, with one sink, and holds the sink to its contract while it does. */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "event/codec.h"
#include "model/filter.h"
#include "model/model.h"
#include "sink/formats.h"
#include "sink/sink.h"

static const char usage[] =
	"usage: render [-qvtrTcuJPb] [-o] [-l LIMIT] [-k FRAMES] [-f FORMAT] [-w COLUMNS] [-e EXPR] [-O COLUMNS] "
	"[-F FOLD] < RECORDING\n";

/* How often the sink wrote for the event at hand. */
struct page {
	unsigned writes;
	bool color;
	const char *fault;
};

/* The length of a color, which sinks write themselves, or 0. */
static size_t color_length(const char *bytes)
{
	const size_t length = strncmp(bytes, "\033[", 2) ? 0 : 2 + strspn(bytes + 2, "0123456789;");

	return length && bytes[length] == 'm' ? length + 1 : 0;
}

/* Whether BYTES hold nothing that a terminal obeys, but line ends, the tabs of DOT, and colors where they are wanted.
 */
static bool is_harmless(const char *bytes, size_t length, bool color)
{
	for (size_t at = 0, step; at < length; at += step) {
		step = utf8_shown((const unsigned char *)bytes + at, length - at);
		if (!step)
			step = strchr("\n\t", bytes[at]) ? 1 : color ? color_length(bytes + at) : 0;
		if (!step)
			return false;
	}
	return true;
}

static int page_write(void *data, const char *bytes, size_t length)
{
	struct page *page = data;

	if (++page->writes > 1)
		page->fault = "more than one write for one event";
	if (!length || bytes[length - 1] != '\n')
		page->fault = "a write that does not end with a line";
	if (!is_harmless(bytes, length, page->color))
		page->fault = "a byte that a terminal obeys";
	fwrite(bytes, 1, length, stdout);
	return 0;
}

/* RET_BREAK_OFF: nothing is written at the end, as if the trace broke off. */
static int parse_options(int argc, char *argv[], struct sink_options *ret, const struct sink_ops **ret_ops,
			 struct filter *filter, bool *ret_break_off)
{
	const char *wrong;
	size_t length;
	int option, times = 0;

	while ((option = getopt(argc, argv, "qvtrTcuJPboNyk:l:f:w:e:O:F:")) != -1) {
		switch (option) {
		case 'q':
			ret->quiet = true;
			break;
		case 'v':
			ret->verbose++;
			break;
		case 't':
			times++;
			break;
		case 'r':
			ret->clock = SINK_CLOCK_RELATIVE;
			break;
		case 'T':
			ret->duration = true;
			break;
		case 'c':
			ret->color = true;
			break;
		case 'u':
			ret->utf8 = true;
			break;
		case 'J':
			ret->json = true;
			break;
		case 'P':
			ret->by_parent = true;
			break;
		case 'b':
			*ret_break_off = true;
			break;
		case 'k':
			ret->frames = (unsigned)strtoul(optarg, NULL, 10);
			ret->origin = SINK_ORIGIN_ALWAYS;
			break;
		case 'o':
			ret->origin = SINK_ORIGIN_ALWAYS;
			break;
		case 'N':
			ret->origin = SINK_ORIGIN_NEVER;
			break;
		case 'y':
			ret->descriptors = true;
			break;
		case 'f':
			*ret_ops = sink_find(optarg, strlen(optarg));
			break;
		case 'e':
			if (filter_add(filter, optarg, &(struct filter_error){ 0 }) < 0)
				return -1;
			ret->filter = filter;
			break;
		case 'O':
			if (column_set_parse(optarg, &ret->columns, &wrong, &length) < 0)
				return -1;
			break;
		case 'F':
			ret->tree_fold = strtoul(optarg, NULL, 10);
			break;
		case 'l':
			ret->tree_limit = strtoul(optarg, NULL, 10);
			break;
		case 'w':
			ret->width = (unsigned)strtoul(optarg, NULL, 10);
			break;
		default:
			return -1;
		}
	}
	if (times)
		ret->clock = times == 1 ? SINK_CLOCK_SECONDS : times == 2 ? SINK_CLOCK_MICRO : SINK_CLOCK_EPOCH;
	return optind == argc && *ret_ops ? 0 : -1;
}

/* Renders one LINE; NULL or what is wrong. */
static const char *render_line(const char *line, size_t length, struct model *model, struct sink *sink,
			       struct page *page)
{
	struct event *event;
	struct step step;
	int result;

	if (codec_decode(line, length, &event) < 0)
		return "not an event";
	page->writes = 0;
	model_apply(model, event, &step);
	result = sink_step(sink, &step);
	event_free(event);
	return result < 0 ? "the sink failed" : page->fault;
}

int main(int argc, char *argv[])
{
	struct sink_options options = { .signals = true, .clock = SINK_CLOCK_NONE, .tree_limit = SIZE_MAX, .at = -1 };
	const struct sink_ops *ops = &text_sink;
	struct page page = { .writes = 0 };
	struct sink_output output = { .write = page_write, .data = &page };
	const char *fault = NULL;
	struct filter *filter = filter_new();
	struct model *model;
	struct sink *sink;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	unsigned number = 0;
	bool break_off = false;

	setlocale(LC_ALL, "");
	if (parse_options(argc, argv, &options, &ops, filter, &break_off) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (options.utf8 && strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		fputs("render: -u needs a UTF-8 locale\n", stderr);
		return 77;
	}
	page.color = options.color;
	model = model_new(ops->keeps ? ops->keeps(&options) : 0);
	filter_watch(options.filter, model);
	sink = sink_open(ops, &options, &output);
	while (!fault && (length = getline(&line, &size, stdin)) > 0) {
		number++;
		fault = render_line(line, (size_t)length, model, sink, &page);
	}
	page.writes = 0;
	if (!fault && !break_off)
		fault = sink_finish(sink, model) < 0 ? "the sink failed at the end" : page.fault;
	sink_close(sink);
	model_free(model);
	filter_free(filter);
	free(line);
	if (fflush(stdout) || ferror(stdout))
		fault = "cannot write";
	if (fault)
		fprintf(stderr, "render: line %u: %s\n", number, fault);
	return fault ? 1 : 0;
}
