/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout that the maps show. */
#include "source/stack/aspace_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unescape.h"

static bool parse_line(char *line, struct maps_line *ret)
{
	int path = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*x:%*x %*u %n", &ret->start, &ret->end,
		   ret->permissions, &ret->offset, &path) != 4 ||
	    !path || strlen(ret->permissions) != 4 || ret->start >= ret->end)
		return false;
	unescape_path(line + path, UNESCAPE_MAPS);
	ret->path = line + path;
	return true;
}

char *code_maps(struct code *code)
{
	text_clear(&code->text);
	if (code->ops.maps(code->data, code->tid, &code->text) < 0 || !code->text.length)
		return NULL;
	return code->text.data;
}

bool code_maps_next(char **at, struct maps_line *ret)
{
	char *line;

	while ((line = strsep(at, "\n"))) {
		if (parse_line(line, ret))
			return true;
	}
	return false;
}

/* Whether the memory is of no file: the heap, stacks, shared memory without a name. The vdso is like a file. */
static bool is_file(const char *path)
{
	return *path == '/' || strcmp(path, "[vdso]") == 0;
}

/* Adds the line to LAYOUT if it can contain code or what belongs to code. FIRST: where the file's first byte is. */
static void add_mapping(struct layout *layout, size_t *size, const struct maps_line *line, uint64_t first)
{
	bool executable = line->permissions[2] == 'x', writable = line->permissions[1] == 'w';
	bool file = is_file(line->path);

	if (!executable && (!file || writable))
		return;
	if (layout->count == *size) {
		*size = *size ? *size * 2 : 32;
		layout->mappings = mem_resize(layout->mappings, *size, sizeof(*layout->mappings));
	}
	layout->mappings[layout->count++] = (struct mapping){
		.start = line->start,
		.end = line->end,
		.base = file ? first : 0,
		.path = file ? mem_strdup(line->path) : NULL,
		.executable = executable,
		.stable = file && !writable && line->permissions[3] == 'p',
	};
}

struct layout *code_maps_layout(struct code *code)
{
	const char *path = NULL; /* the file of the line before */
	uint64_t first = 0;	 /* where its first byte is */
	char *at = code_maps(code);
	struct layout *layout;
	struct maps_line line;
	size_t size = 0;

	if (!at)
		return NULL;
	layout = mem_zalloc(1, sizeof(*layout));
	while (code_maps_next(&at, &line)) {
		if (!path || strcmp(path, line.path) != 0 || !line.offset)
			first = line.offset ? 0 : line.start;
		path = line.path;
		add_mapping(layout, &size, &line, first);
	}
	return layout;
}

bool layout_is_same(const struct layout *a, const struct layout *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct mapping *m = &a->mappings[i], *n = &b->mappings[i];

		if (m->start != n->start || m->end != n->end || m->base != n->base || m->executable != n->executable ||
		    !m->path != !n->path || (m->path && strcmp(m->path, n->path) != 0))
			return false;
	}
	return true;
}
