/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of memory: those of stable mappings are kept with the layout, the others for one look. */
#include "source/stack/aspace_state.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/mem.h"

#define PAGES_MAX 512  /* stable ones of each layout */
#define READS_MAX 1024 /* pages that one look reads at most */
/* words that one look asks for at most, because an expression in a file may loop for ever */
#define WORDS_MAX 200000

struct page {
	uint64_t address;
	UT_hash_handle hh;
	uint8_t data[4096];
};

void layout_forget_pages(struct layout *layout)
{
	struct page *page, *next;

	HASH_ITER (hh, layout->pages, page, next) {
		HASH_DEL(layout->pages, page);
		free(page);
	}
}

size_t code_read(struct code *code, uint64_t address, void *to, size_t length)
{
	return code->ops.read(code->data, code->tid, &(struct code_piece){ address, to, length }, 1);
}

void code_expect(struct code *code, const struct code_range *ranges, size_t count)
{
	struct code_piece *pieces = code->pieces;
	size_t used = 0, wanted = 0, got;

	while (wanted < count && wanted < CODE_PIECES && ranges[wanted].length <= CODE_EXPECTED - used) {
		pieces[wanted] =
			(struct code_piece){ ranges[wanted].address, code->expected + used, ranges[wanted].length };
		used += ranges[wanted++].length;
	}
	got = wanted ? code->ops.read(code->data, code->tid, pieces, wanted) : 0;
	for (code->piece_count = 0; code->piece_count < wanted && got >= pieces[code->piece_count].length;)
		got -= pieces[code->piece_count++].length;
}

const uint8_t *code_expected(const struct code *code, uint64_t address, size_t length)
{
	for (size_t i = 0; i < code->piece_count; i++) {
		const struct code_piece *piece = &code->pieces[i];

		if (address >= piece->address && address - piece->address < piece->length &&
		    length <= piece->length - (address - piece->address))
			return (const uint8_t *)piece->to + (address - piece->address);
	}
	return NULL;
}

static const uint8_t *keep_page(struct code *code, uint64_t address)
{
	struct page *page;

	HASH_FIND(hh, code->layout->pages, &address, sizeof(address), page);
	if (page)
		return page->data;
	if (++code->reads > READS_MAX)
		return NULL;
	if (HASH_COUNT(code->layout->pages) >= PAGES_MAX)
		layout_forget_pages(code->layout);
	page = mem_alloc(sizeof(*page));
	page->address = address;
	if (code_read(code, address, page->data, sizeof(page->data)) < sizeof(page->data)) {
		free(page);
		return NULL;
	}
	HASH_ADD(hh, code->layout->pages, address, sizeof(page->address), page);
	return page->data;
}

static const uint8_t *fresh_page(struct code *code, uint64_t address)
{
	struct fresh *fresh;

	for (size_t i = 0; i < code->fresh_count; i++) {
		if (code->fresh[i].address == address)
			return code->fresh[i].length == sizeof(fresh->data) ? code->fresh[i].data : NULL;
	}
	if (++code->reads > READS_MAX)
		return NULL;
	if (code->fresh_count == FRESH_MAX)
		code->fresh_count = 0;
	fresh = &code->fresh[code->fresh_count++];
	fresh->address = address;
	fresh->length = code_read(code, address, fresh->data, sizeof(fresh->data));
	return fresh->length == sizeof(fresh->data) ? fresh->data : NULL;
}

static const uint8_t *page_at(struct code *code, uint64_t address)
{
	const struct mapping *mapping;

	if (code->last && code->last_address == address)
		return code->last;
	mapping = layout_mapping(code->layout, address);
	code->last_changes = !mapping || !mapping->stable;
	code->last = code->last_changes ? fresh_page(code, address) : keep_page(code, address);
	code->last_address = address;
	return code->last;
}

/* Sets *CHANGES if a part of the bytes is in memory that may change. */
static bool page_bytes(struct code *code, uint64_t address, void *to, size_t length, bool *changes)
{
	uint8_t *out = to;

	while (length) {
		uint64_t within = address % PAGE_SIZE;
		size_t part = length < PAGE_SIZE - within ? length : (size_t)(PAGE_SIZE - within);
		const uint8_t *page = page_at(code, address - within);

		if (!page)
			return false;
		*changes |= code->last_changes;
		memcpy(out, page + within, part);
		out += part;
		address += part;
		length -= part;
	}
	return true;
}

/* As code_bytes(), without a log. */
static bool read_bytes(struct code *code, uint64_t address, void *to, size_t length, bool *changes)
{
	const uint8_t *expected;

	if (++code->words > WORDS_MAX || address + length < address)
		return false;
	if (address >= TABLE_BASE)
		return code_table_bytes(code, address, to, length);
	expected = code_expected(code, address, length);
	if (!expected)
		return page_bytes(code, address, to, length, changes);
	memcpy(to, expected, length);
	*changes = true;
	return true;
}

bool code_bytes(struct code *code, uint64_t address, void *to, size_t length)
{
	bool changes = false;
	const bool readable = read_bytes(code, address, to, length, &changes);

	if (code->log && !readable)
		code->log->incomplete = true;
	else if (code->log && changes)
		code_log_bytes(code->log, address, to, length);
	return readable;
}

bool code_word(struct code *code, uint64_t address, uint64_t *ret)
{
	return code_bytes(code, address, ret, sizeof(*ret));
}
