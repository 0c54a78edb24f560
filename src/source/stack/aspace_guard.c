/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory around an address and the guard below it, as the maps and the page tables show them. */
#include "source/stack/aspace_state.h"

#include <string.h>
#include <unistd.h>

#include "base/array.h"

#define PAGEMAP_MAX ((uint64_t)1 << 18) /* pages that one search for guards looks at, 1 GiB of small ones */

/* Guards that the maps do not show: madvise(MADV_GUARD_INSTALL), since Linux 6.13, puts markers into the page tables
 * and leaves the mapping as it is. glibc guards thread stacks in this way since 2.42 (nptl/allocatestack.c), within the
 * memory that it names in clone3. /proc/PID/pagemap has a bit for them since Linux 6.15
 * (Documentation/admin-guide/mm/pagemap.rst). Before, a marker looks there like a page that is swapped out
 * (fs/proc/task_mmu.c: pte_to_pagemap_entry()). Trying to read the page would fault it in and, with a userfaultfd, wait
 * for ever for its handler, which cltrace may have stopped. */
#define ENTRY_GUARD ((uint64_t)1 << 58)
#define ENTRY_SWAPPED ((uint64_t)1 << 62)

/* A walk from page to page over what /proc/PID/pagemap says. */
struct pages {
	struct code *code;
	uint64_t next; /* page */
	uint64_t entries[512];
	size_t at, count;
};

/* False: it cannot be read. */
static bool pages_next(struct pages *pages, uint64_t *ret_entry)
{
	struct code *code = pages->code;

	if (pages->at == pages->count) {
		const ssize_t n = code->ops.pages(code->data, code->tid, pages->next, pages->entries,
						  ARRAY_LENGTH(pages->entries));

		if (n <= 0)
			return false;
		pages->at = 0;
		pages->count = (size_t)n;
	}
	*ret_entry = pages->entries[pages->at++];
	pages->next++;
	return true;
}

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/* As code_guard(), if the maps show no guard at BASE. */
static bool hidden_guard(struct code *code, uint64_t base, uint64_t size, uint64_t *ret)
{
	const uint64_t page = page_size(), first = base / page;
	struct pages pages = { .code = code, .next = first };
	uint64_t entry;

	do {
		if (pages.next * page >= base + size || pages.next - first >= PAGEMAP_MAX ||
		    !pages_next(&pages, &entry))
			return false;
	} while (entry & ENTRY_GUARD);
	if (entry & ENTRY_SWAPPED)
		return false; /* or it is a guard, and Linux is 6.13 or 6.14 */
	*ret = pages.next - 1 > first ? (pages.next - 1) * page - base : 0;
	return true;
}

/* Cuts the memory from *START to *END, which contains ADDRESS, at the guards in it that are next to ADDRESS. *GUARD is
 * set if there is one below. */
static bool cut_at_hidden_guards(struct code *code, uint64_t address, uint64_t *start, uint64_t *end, uint64_t *guard)
{
	const uint64_t page = page_size();
	const uint64_t first = *start;
	struct pages pages = { .code = code, .next = first / page };
	uint64_t entry, at, low = first - *guard;

	if (*end - *start > PAGEMAP_MAX * page)
		return false;
	while ((at = pages.next * page) < *end) {
		if (!pages_next(&pages, &entry))
			return at == first; /* a kernel without pagemap; else pagemap ends within the memory */
		if (!(entry & ENTRY_GUARD))
			continue;
		if (at > address) {
			*end = at;
			break;
		}
		if (at + page > address)
			return false;
		low = *start == at ? low : at;
		*start = at + page;
		*guard = *start - low;
	}
	return true;
}

static bool is_guard(const struct maps_line *line)
{
	return strncmp(line->permissions, "---", 3) == 0;
}

bool code_guard(struct code *code, uint64_t base, uint64_t size, uint64_t *ret)
{
	uint64_t guard = 0;
	struct maps_line line;
	char *at;

	if (base + size < base || !(at = code_maps(code)))
		return false;
	while (code_maps_next(&at, &line)) {
		if (line.end <= base + guard)
			continue;
		if (line.start > base + guard)
			return false; /* a hole: that is not a stack */
		if (!is_guard(&line)) {
			if (!guard)
				return hidden_guard(code, base, size, ret);
			*ret = guard;
			return true;
		}
		guard = line.end - base;
		if (guard >= size)
			return false;
	}
	return false;
}

bool code_memory(struct code *code, uint64_t address, uint64_t *ret_start, uint64_t *ret_size, uint64_t *ret_guard)
{
	uint64_t below = 0, guard = 0; /* the line before: where it ends, and its bytes if it is a guard */
	struct maps_line line;
	char *at = code_maps(code);

	if (!at)
		return false;
	while (code_maps_next(&at, &line)) {
		if (line.start > address)
			return false;
		if (line.end > address) {
			guard = below == line.start ? guard : 0;
			if (line.permissions[1] != 'w' ||
			    !cut_at_hidden_guards(code, address, &line.start, &line.end, &guard))
				return false;
			*ret_start = line.start;
			*ret_size = line.end - line.start;
			*ret_guard = guard;
			return true;
		}
		guard = is_guard(&line) ? line.end - line.start : 0;
		below = line.end;
	}
	return false;
}
