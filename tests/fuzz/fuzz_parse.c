/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what --explain reads and the pages that come of it. Input: the call that flags are meant for, the width, -v
 * and colours in one byte, then what the user gave; a NUL byte begins a second request to compare with. */
#include <errno.h>

#include "base/text.h"
#include "clone/kind.h"
#include "teach/parse/parse.h"
#include "fuzz.h"
#include "page/difference.h"
#include "page/request.h"
#include "sink/sink.h"
#include "trace.h"

static const enum call calls[] = { CALL_NONE, CALL_CLONE, CALL_CLONE3, CALL_UNSHARE, CALL_SETNS };

static void check_request(const struct parsed *parsed)
{
	const struct request *request = &parsed->request;

	FUZZ_CHECK(call_is_creation(request->call) || request->call == CALL_UNSHARE || request->call == CALL_SETNS);
	FUZZ_CHECK(request->have & REQUEST_FLAGS || parsed->as == PARSED_LINE);
	FUZZ_CHECK(parsed->caller >= 0 && parsed->child >= 0 && parsed->error >= 0);
	FUZZ_CHECK(parsed->as != PARSED_NAME || parsed->row);
}

/* Every line is one, and none begins or ends with what could disturb a terminal. */
static void check_page(const struct text *page)
{
	struct text line = TEXT_INIT;

	FUZZ_CHECK(page->length && page->data[page->length - 1] == '\n');
	for (const char *at = text_get(page); *at; at += strcspn(at, "\n") + 1) {
		text_clear(&line);
		text_add_bytes(&line, at, strcspn(at, "\n"));
		trace_check_line(&line);
	}
	text_done(&line);
}

static bool read_what(const char *what, enum call call, struct parsed *ret)
{
	struct text message = TEXT_INIT;
	int r = parse_what(what, call, ret, &message);

	FUZZ_CHECK(r == 0 || r == -EINVAL);
	FUZZ_CHECK((r == 0) == !message.length);
	/* it quotes WHAT as it is: diag() escapes */
	FUZZ_CHECK(strlen(text_get(&message)) == message.length);
	text_done(&message);
	if (r == 0)
		check_request(ret);
	return r == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	const enum call call = calls[input_u8(&input) % (sizeof(calls) / sizeof(calls[0]))];
	struct sink_options options = { .width = input_u8(&input) };
	const uint8_t bits = input_u8(&input);
	char *what = calloc(input.size + 2, 1);
	const char *heads[2] = { what, what };
	struct parsed parsed[2];
	struct text page = TEXT_INIT;

	if (!what)
		abort();
	memcpy(what, input.data ? input.data : (const uint8_t *)"", input.size);
	heads[1] = what + strlen(what) + 1;
	options.verbose = bits & 1;
	if (read_what(heads[0], call, &parsed[0])) {
		page_request(&page, &parsed[0], &options);
		check_page(&page);
		if (strlen(what) < input.size && read_what(heads[1], call, &parsed[1])) {
			text_clear(&page);
			difference_draw(&page, parsed, heads, 2, NULL, 0, &options);
			check_page(&page);
		}
	}
	text_done(&page);
	free(what);
	return 0;
}
