/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what strings and lines go through on their way out: escaping, folding, the buffered output.
 *
 * Input: two bytes (width, column and how to fold), and bytes that are a string, a line, and pieces to be written. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/output.h"
#include "fuzz.h"
#include "render/fold.h"
#include "trace.h"

/* Undoes one escape or takes one byte as it is; returns how many bytes of ESCAPED that took. */
static size_t unescape(const char *escaped, char *ret)
{
	if (escaped[0] != '\\') {
		*ret = escaped[0];
		return 1;
	}
	if (escaped[1] >= '0' && escaped[1] <= '3') {
		FUZZ_CHECK(strspn(escaped + 1, "01234567") >= 3);
		*ret = (char)((escaped[1] - '0') << 6 | (escaped[2] - '0') << 3 | (escaped[3] - '0'));
		return 4;
	}
	FUZZ_CHECK(escaped[1] == 'n' || escaped[1] == 't' || escaped[1] == '\\');
	*ret = escaped[1] == 'n' ? '\n' : escaped[1] == 't' ? '\t' : '\\';
	return 2;
}

/* Nothing is lost: the string can be had back. */
static void check_escaped(const char *string, const char *escaped)
{
	char byte;

	while (*escaped) {
		escaped += unescape(escaped, &byte);
		FUZZ_CHECK(byte == *string++);
	}
	FUZZ_CHECK(!*string);
}

/* Folded at places, LINE's bytes are all there, in order, but for blanks; cut, its beginning is. */
static void check_folded(const char *line, const char *folded, enum fold_at at)
{
	size_t length = strlen(folded);

	FUZZ_CHECK(length && folded[length - 1] == '\n');
	if (at == FOLD_CUT) {
		FUZZ_CHECK(strchr(folded, '\n') == folded + length - 1);
		length--;
		if (strncmp(line, folded, length) || line[length])
			FUZZ_CHECK(length >= 3 && !strncmp(folded + length - 3, "...", 3) &&
				   !strncmp(line, folded, length - 3));
		return;
	}
	for (;;) {
		line += strspn(line, " ");
		folded += strspn(folded, " \n");
		if (!*line || !*folded)
			break;
		FUZZ_CHECK(*line++ == *folded++);
	}
	FUZZ_CHECK(!*line && !*folded);
}

static void try_text(const char *string, uint8_t width, uint8_t how)
{
	struct text escaped = TEXT_INIT, folded = TEXT_INIT;
	struct fold fold = { .at = (enum fold_at)(how % 3), .width = width, .column = how >> 2 };

	text_add_escaped(&escaped, string);
	trace_check_line(&escaped);
	check_escaped(string, text_get(&escaped));
	fold_add(&folded, text_get(&escaped), &fold);
	check_folded(text_get(&escaped), text_get(&folded), fold.at);

	/* Colours wherever they are asked for: no byte is read outside of the line. */
	fold.color = "\033[1m";
	fold.color_from = how;
	fold.color_to = (size_t)how + width;
	fold_add(&folded, text_get(&escaped), &fold);
	text_done(&escaped);
	text_done(&folded);
}

/* What was written in whatever pieces is what arrives. */
static void try_output(const uint8_t *data, size_t size, uint8_t piece)
{
	int fd = memfd_create("output", MFD_CLOEXEC);
	struct output *output;
	char name[64], *read;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (fd < 0 || output_open(name, piece & 1 ? OUTPUT_APPEND : OUTPUT_TRUNCATE, NULL, &output) < 0)
		abort();
	for (size_t at = 0, length; at < size; at += length) {
		length = size - at < piece + 1U ? size - at : piece + 1U;
		FUZZ_CHECK(output_write(output, (const char *)data + at, length) == 0);
	}
	FUZZ_CHECK(output_close(output) == 0);
	read = malloc(size + 1);
	FUZZ_CHECK(read && pread(fd, read, size + 1, 0) == (ssize_t)size);
	FUZZ_CHECK(!size || !memcmp(read, data, size));
	free(read);
	close(fd);
}

/* An error is reported, once and for all. */
static void try_full(const uint8_t *data, size_t size)
{
	struct output *output;

	if (output_open("/dev/full", OUTPUT_APPEND, NULL, &output) < 0)
		return;
	output_write(output, (const char *)data, size);
	FUZZ_CHECK(output_flush(output) == (size ? -ENOSPC : 0));
	FUZZ_CHECK(output_write(output, "x", 1) == (size ? -ENOSPC : 0));
	FUZZ_CHECK(output_close(output) == -ENOSPC);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint8_t width = input_u8(&input), how = input_u8(&input);
	char *string = malloc(input.size + 1);

	if (!string)
		abort();
	if (input.size)
		memcpy(string, input.data, input.size);
	string[input.size] = '\0';
	try_text(string, width, how);
	free(string);
	try_output(input.data, input.size, width);
	try_full(input.data, input.size);
	return 0;
}
