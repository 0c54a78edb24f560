/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layouts that are kept, and whether they are still valid. */
#include "source/stack/aspace_state.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/stack/gotable.h"
#include "source/stack/symbol.h"

#define LAYOUTS_MAX 32
#define OBJECTS_MAX 1024 /* files; then all are removed */

struct code *code_new(const struct code_ops *ops, void *data, void (*forget)(struct layout *layout))
{
	struct code *code = mem_zalloc(1, sizeof(*code));

	code->ops = *ops;
	code->data = data;
	code->forget = forget;
	return code;
}

void code_ask_servers(struct code *code)
{
	code->servers = true;
}

static void layout_free(struct code *code, struct layout *layout)
{
	if (!layout)
		return;
	code->forget(layout);
	layout_forget_pages(layout);
	for (size_t i = 0; i < layout->count; i++) {
		gotable_close(layout->mappings[i].go);
		free(layout->mappings[i].path);
	}
	free(layout->mappings);
	free(layout);
}

static struct layout *layout_find(struct code *code, uint64_t id)
{
	struct layout *layout = code->layouts;

	while (layout && layout->id != id)
		layout = layout->next;
	return layout;
}

/* Makes room for one more. */
static void drop_oldest(struct code *code)
{
	struct layout **oldest = &code->layouts, *layout;

	if (code->layout_count < LAYOUTS_MAX)
		return;
	for (struct layout **at = &code->layouts; *at; at = &(*at)->next) {
		if ((*at)->used < (*oldest)->used)
			oldest = at;
	}
	layout = *oldest;
	*oldest = layout->next;
	code->layout_count--;
	layout_free(code, layout);
}

static void layouts_free(struct code *code)
{
	while (code->layouts) {
		struct layout *layout = code->layouts;

		code->layouts = layout->next;
		layout_free(code, layout);
	}
	code->layout_count = 0;
}

void code_free(struct code *code)
{
	if (!code)
		return;
	layouts_free(code);
	code_objects_free(code);
	text_done(&code->text);
	free(code);
}

static void take_layout(struct code *code, struct layout *layout)
{
	drop_oldest(code);
	layout->id = ++code->last_id;
	layout->used = ++code->clock;
	layout->next = code->layouts;
	code->layouts = layout;
	code->layout_count++;
	code->layout = layout;
	code->last = NULL;
	*code->id = layout->id;
}

/* Reads the maps, once in a look. CHANGED: what is known of them is wrong. True: another layout is at hand now. */
static bool reread(struct code *code, bool changed)
{
	struct layout *layout;

	if (code->log)
		code->log->incomplete = true;
	if (code->reread)
		return false;
	code->reread = true;
	layout = code_maps_layout(code);
	if (!layout)
		return false;
	if (!changed && code->layout && layout_is_same(layout, code->layout)) {
		layout_free(code, layout);
		return false;
	}
	take_layout(code, layout);
	return true;
}

void code_begin(struct code *code, pid_t tid, uint64_t *id)
{
	if (code->object_count >= OBJECTS_MAX) {
		layouts_free(code);
		code_objects_free(code);
	}
	for (struct object *object = code->objects; object; object = object->next)
		code->age += symbols_trim(object->symbols);
	code->tid = tid;
	code->id = id;
	code->look++;
	code->reread = false;
	code->reads = code->words = 0;
	code->fresh_count = code->piece_count = 0;
	code->last = NULL;
	code->log = NULL;
	code->layout = layout_find(code, *id);
	if (!code->layout) {
		reread(code, true);
		return;
	}
	code->layout->used = ++code->clock;
	for (size_t i = 0; i < code->layout->count; i++)
		code->age += gotable_trim(code->layout->mappings[i].go);
}

struct layout *code_layout(struct code *code)
{
	return code->layout;
}

unsigned code_age(const struct code *code)
{
	return code->age;
}

struct mapping *layout_mapping(const struct layout *layout, uint64_t address)
{
	size_t low = 0, high = layout ? layout->count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct mapping *mapping = &layout->mappings[middle];

		if (address < mapping->start)
			high = middle;
		else if (address >= mapping->end)
			low = middle + 1;
		else
			return mapping;
	}
	return NULL;
}

bool code_verify(struct code *code, struct mapping *mapping)
{
	struct object *object = mapping->object;
	_Alignas(Elf64_Ehdr) uint8_t head[sizeof(object->head)];
	const uint8_t *expected;
	bool readable;

	if (!mapping->base || mapping->verified == code->look)
		return true;
	mapping->verified = code->look;
	if (mapping->looked && !object)
		return true; /* nothing was known of it */
	expected = code_expected(code, mapping->base, sizeof(head));
	if (expected && object)
		return memcmp(expected, object->head, sizeof(head)) == 0;
	readable = code_read(code, mapping->base, head, sizeof(head)) == sizeof(head);
	if (object)
		return readable && memcmp(head, object->head, sizeof(head)) == 0;
	mapping->looked = true;
	mapping->object = readable ? code_object(code, head, mapping->path) : NULL;
	if (mapping->object)
		code_find_table(code, mapping);
	return true;
}

static const struct mapping *find_code(struct code *code, uint64_t address)
{
	struct mapping *mapping = layout_mapping(code->layout, address);

	if ((!mapping || !mapping->executable) && reread(code, false))
		mapping = layout_mapping(code->layout, address);
	if (!mapping || !mapping->executable)
		return NULL;
	if (!code_verify(code, mapping)) {
		if (!reread(code, true))
			return NULL;
		mapping = layout_mapping(code->layout, address);
		if (!mapping || !mapping->executable || !code_verify(code, mapping))
			return NULL;
	}
	return mapping;
}

const struct mapping *code_find(struct code *code, uint64_t address)
{
	const struct mapping *mapping = find_code(code, address);

	if (mapping && code->log)
		code_log_mapping(code->log, mapping);
	return mapping;
}
