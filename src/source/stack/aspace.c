/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps, heads of files and pages of memory, kept for as long as they hold. */
#include "source/stack/aspace.h"

#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unescape.h"
#include "event/stack.h"
#include "source/stack/ehframe.h"
#include "source/stack/elffile.h"
#include "source/stack/gotable.h"
#include "source/stack/symbol.h"

#define PAGE_SIZE ((uint64_t)4096) /* of reading: not the machine's, whose pages are a multiple */
#define LAYOUTS_MAX 32
#define PAGES_MAX 512	 /* stable ones of each layout */
#define OBJECTS_MAX 1024 /* files; then all are forgotten */
#define FRESH_MAX 64	 /* other pages, within one look */
#define READS_MAX 1024	 /* pages that one look reads at most */
#define WORDS_MAX 200000 /* words that one look asks for at most: an expression in a file may loop for ever */
#define ENTRIES_MAX 0x1000000
#define PAGEMAP_MAX ((uint64_t)1 << 18) /* pages that one search for guards looks at, 1 GiB of small ones */

/* Tables that we made are at addresses that no machine uses (not canonical): bits of all, then the object's number. */
#define TABLE_BASE ((uint64_t)0xf << 60)
#define TABLE_OFFSET(address) ((address)&0xffffffff)

struct page {
	uint64_t address;
	UT_hash_handle hh;
	uint8_t data[4096];
};

/* A page that is read anew in each look: the stack. */
struct fresh {
	uint64_t address;
	size_t length; /* bytes from the front that could be read */
	uint8_t data[4096];
};

struct code {
	struct code_ops ops;
	void *data;
	void (*forget)(struct layout *layout);
	struct layout *layouts;
	size_t layout_count;
	uint64_t last_id, clock;
	struct object *objects;
	size_t object_count;
	uint64_t last_table;
	bool servers;	  /* are asked for symbols */
	struct text text; /* scratch */
	/* The look at hand. */
	pid_t tid;
	uint64_t *id;
	struct layout *layout;
	bool reread; /* the maps have been read in this look */
	unsigned look, reads, words;
	struct fresh fresh[FRESH_MAX];
	size_t fresh_count;
	const uint8_t *last; /* the data of the page that was read last, at last_address; NULL: none */
	uint64_t last_address;
	bool last_changes; /* it is not a page of a stable mapping */
	/* What was read at once, in `expected`. */
	struct code_piece pieces[CODE_PIECES];
	size_t piece_count;
	uint8_t expected[CODE_EXPECTED];
	struct code_log *log; /* NULL: none */
	unsigned age;
};

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

/* Layouts ---------------------------------------------------------------------------------------------------------- */

static void pages_free(struct layout *layout)
{
	struct page *page, *next;

	HASH_ITER (hh, layout->pages, page, next) {
		HASH_DEL(layout->pages, page);
		free(page);
	}
}

static void layout_free(struct code *code, struct layout *layout)
{
	if (!layout)
		return;
	code->forget(layout);
	pages_free(layout);
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

static void objects_free(struct code *code)
{
	while (code->objects) {
		struct object *object = code->objects;

		code->objects = object->next;
		symbols_close(object->symbols);
		free(object->path);
		free(object->entries);
		free(object);
	}
	code->object_count = 0;
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
	objects_free(code);
	text_done(&code->text);
	free(code);
}

/* Maps ------------------------------------------------------------------------------------------------------------- */

/* One line of /proc/PID/maps, cut at its newline: "START-END PERMS OFFSET DEVICE INODE     PATH" (proc(5)). */
struct line {
	uint64_t start, end, offset;
	char permissions[5];
	const char *path; /* "": none */
};

static bool parse_line(char *line, struct line *ret)
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

/* What is no file's: the heap, stacks, shared memory without a name. The vdso is like a file. */
static bool is_file(const char *path)
{
	return *path == '/' || strcmp(path, "[vdso]") == 0;
}

/* Adds the line to LAYOUT where code or what belongs to it may be in it. FIRST: where the file's first byte is. */
static void add_mapping(struct layout *layout, size_t *size, const struct line *line, uint64_t first)
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

/* Reads the layout of the task at hand; NULL: it cannot be read. */
static struct layout *layout_read(struct code *code)
{
	const char *path = NULL; /* the file of the line before */
	uint64_t first = 0;	 /* where its first byte is */
	struct layout *layout;
	char *at, *line;
	size_t size = 0;

	text_clear(&code->text);
	if (code->ops.maps(code->data, code->tid, &code->text) < 0 || !code->text.length)
		return NULL;
	layout = mem_zalloc(1, sizeof(*layout));
	at = code->text.data;
	while ((line = strsep(&at, "\n"))) {
		struct line parsed;

		if (!parse_line(line, &parsed))
			continue;
		if (!path || strcmp(path, parsed.path) != 0 || !parsed.offset)
			first = parsed.offset ? 0 : parsed.start;
		path = parsed.path;
		add_mapping(layout, &size, &parsed, first);
	}
	return layout;
}

/* Guards that the maps do not show: madvise(MADV_GUARD_INSTALL), since Linux 6.13, puts markers into the page tables
 * and leaves the mapping as it is. glibc guards thread stacks so since 2.42 (nptl/allocatestack.c), within the memory
 * that it names in clone3. /proc/PID/pagemap has a bit for them since Linux 6.15
 * (Documentation/admin-guide/mm/pagemap.rst). Before, a marker looks there like a page that is swapped out
 * (fs/proc/task_mmu.c: pte_to_pagemap_entry()). To try to read the page would fault it in, and with a userfaultfd wait
 * for ever for its handler, which may be stopped by us. */
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
						  sizeof(pages->entries) / sizeof(pages->entries[0]));

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

/* As code_guard(), where the maps show no guard at BASE. */
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

/* Cuts the memory from *START up to *END, which ADDRESS lies in, at the guards in it that are next to ADDRESS. *GUARD
 * is set if there is one below. */
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
			return at == first; /* a kernel without pagemap; else it ends amid the memory */
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

bool code_guard(struct code *code, uint64_t base, uint64_t size, uint64_t *ret)
{
	uint64_t guard = 0;
	char *at, *line;

	text_clear(&code->text);
	if (base + size < base || code->ops.maps(code->data, code->tid, &code->text) < 0 || !code->text.length)
		return false;
	at = code->text.data;
	while ((line = strsep(&at, "\n"))) {
		struct line parsed;

		if (!parse_line(line, &parsed) || parsed.end <= base + guard)
			continue;
		if (parsed.start > base + guard)
			return false; /* a hole: that is no stack */
		if (strncmp(parsed.permissions, "---", 3) != 0) {
			if (!guard)
				return hidden_guard(code, base, size, ret);
			*ret = guard;
			return true;
		}
		guard = parsed.end - base;
		if (guard >= size)
			return false;
	}
	return false;
}

bool code_memory(struct code *code, uint64_t address, uint64_t *ret_start, uint64_t *ret_size, uint64_t *ret_guard)
{
	uint64_t below = 0, guard = 0; /* the line before: where it ends, and its bytes if it is a guard */
	char *at, *line;

	text_clear(&code->text);
	if (code->ops.maps(code->data, code->tid, &code->text) < 0 || !code->text.length)
		return false;
	at = code->text.data;
	while ((line = strsep(&at, "\n"))) {
		struct line parsed;

		if (!parse_line(line, &parsed))
			continue;
		if (parsed.start > address)
			return false;
		if (parsed.end > address) {
			guard = below == parsed.start ? guard : 0;
			if (parsed.permissions[1] != 'w' ||
			    !cut_at_hidden_guards(code, address, &parsed.start, &parsed.end, &guard))
				return false;
			*ret_start = parsed.start;
			*ret_size = parsed.end - parsed.start;
			*ret_guard = guard;
			return true;
		}
		guard = strncmp(parsed.permissions, "---", 3) == 0 ? parsed.end - parsed.start : 0;
		below = parsed.end;
	}
	return false;
}

static bool layout_is_same(const struct layout *a, const struct layout *b)
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

/* Reads the maps, once in a look. CHANGED: what is known of them is wrong, whatever they say. True: there is another
 * layout at hand now. */
static bool reread(struct code *code, bool changed)
{
	struct layout *layout;

	if (code->log)
		code->log->incomplete = true;
	if (code->reread)
		return false;
	code->reread = true;
	layout = layout_read(code);
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
		objects_free(code);
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

static struct mapping *mapping_at(const struct layout *layout, uint64_t address)
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

/* Memory ----------------------------------------------------------------------------------------------------------- */

static size_t read_piece(struct code *code, uint64_t address, void *to, size_t length)
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

/* The LENGTH bytes at ADDRESS, if code_expect() has read them; else NULL. */
static const uint8_t *expected_bytes(const struct code *code, uint64_t address, size_t length)
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
		pages_free(code->layout);
	page = mem_alloc(sizeof(*page));
	page->address = address;
	if (read_piece(code, address, page->data, sizeof(page->data)) < sizeof(page->data)) {
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
	fresh->length = read_piece(code, address, fresh->data, sizeof(fresh->data));
	return fresh->length == sizeof(fresh->data) ? fresh->data : NULL;
}

static const uint8_t *page_at(struct code *code, uint64_t address)
{
	const struct mapping *mapping;

	if (code->last && code->last_address == address)
		return code->last;
	mapping = mapping_at(code->layout, address);
	code->last_changes = !mapping || !mapping->stable;
	code->last = code->last_changes ? fresh_page(code, address) : keep_page(code, address);
	code->last_address = address;
	return code->last;
}

/* Reads from the tables that we made. */
static bool table_bytes(const struct code *code, uint64_t address, void *to, size_t length)
{
	const struct object *object = code->objects;
	uint64_t offset = TABLE_OFFSET(address);

	while (object && object->table != address - offset)
		object = object->next;
	if (!object || offset + length > object->entry_count * sizeof(*object->entries))
		return false;
	memcpy(to, (const uint8_t *)object->entries + offset, length);
	return true;
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

static void log_answer(struct code_log *log, const struct code_answer *answer)
{
	if (log->count == CODE_LOG_MAX) {
		log->incomplete = true;
		return;
	}
	if (log->count == log->size) {
		log->size = log->size ? log->size * 2 : 32;
		log->answers = mem_resize(log->answers, log->size, sizeof(*log->answers));
	}
	log->answers[log->count++] = *answer;
}

static void log_bytes(struct code_log *log, uint64_t address, const uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length && !log->incomplete; at += sizeof(uint64_t)) {
		struct code_answer answer = { .address = address + at, .length = sizeof(answer.value) };

		if (length - at < answer.length)
			answer.length = length - at;
		memcpy(&answer.value, bytes + at, answer.length);
		log_answer(log, &answer);
	}
}

/* As code_bytes(), without a log. */
static bool read_bytes(struct code *code, uint64_t address, void *to, size_t length, bool *changes)
{
	const uint8_t *expected;

	if (++code->words > WORDS_MAX || address + length < address)
		return false;
	if (address >= TABLE_BASE)
		return table_bytes(code, address, to, length);
	expected = expected_bytes(code, address, length);
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
		log_bytes(code->log, address, to, length);
	return readable;
}

bool code_word(struct code *code, uint64_t address, uint64_t *ret)
{
	return code_bytes(code, address, ret, sizeof(*ret));
}

/* Objects ---------------------------------------------------------------------------------------------------------- */

/* A file without .eh_frame_hdr (a static program, as gcc links it): makes the table from .eh_frame itself. */
static void make_table(struct code *code, struct object *object)
{
	int fd = code_open(code, object);

	if (fd < 0)
		return;
	object->entry_count = ehframe_read(fd, object->first, &object->entries);
	if (object->entry_count && object->entry_count <= ENTRIES_MAX)
		object->table = TABLE_BASE | ++code->last_table << 32;
	close(fd);
}

/* Takes from HEAD where the file's parts are. The program headers stand behind the first one and within it, as every
 * linker puts them. */
static bool head_parse(const uint8_t *head, size_t size, struct object *ret)
{
	const Elf64_Ehdr *file = (const Elf64_Ehdr *)head;
	bool loaded = false;
	uint64_t end;

	if (memcmp(head, ELFMAG, SELFMAG) != 0 || head[EI_CLASS] != ELFCLASS64 ||
	    file->e_phentsize != sizeof(Elf64_Phdr) || file->e_phoff % sizeof(uint64_t))
		return false;
	end = file->e_phoff + (uint64_t)file->e_phnum * sizeof(Elf64_Phdr);
	if (file->e_phoff >= size || end > size)
		return false;
	for (const Elf64_Phdr *part = (const Elf64_Phdr *)(head + file->e_phoff); (const uint8_t *)part < head + end;
	     part++) {
		if (part->p_type == PT_LOAD && part->p_offset < PAGE_SIZE && !loaded) {
			ret->first = part->p_vaddr - part->p_offset;
			loaded = true;
		} else if (part->p_type == PT_GNU_EH_FRAME) {
			ret->frame_header = part->p_vaddr;
			ret->frame_header_size = part->p_memsz;
		}
	}
	return loaded;
}

/* The file that begins with HEAD and is called PATH. NULL: it is none that we can read. */
static struct object *object_find(struct code *code, const uint8_t *head, const char *path)
{
	struct object *object = code->objects, look = { 0 };

	while (object && (memcmp(object->head, head, sizeof(object->head)) != 0 || strcmp(object->path, path) != 0))
		object = object->next;
	if (object)
		return object;
	if (!head_parse(head, sizeof(look.head), &look))
		return NULL;
	object = mem_alloc(sizeof(*object));
	*object = look;
	memcpy(object->head, head, sizeof(object->head));
	object->path = mem_strdup(path);
	object->next = code->objects;
	code->objects = object;
	code->object_count++;
	if (!object->frame_header)
		make_table(code, object);
	return object;
}

/* .eh_frame_hdr (LSB Core): version, the encodings of the three that follow, a pointer that is of no use here, the
 * number of entries, the table. Linkers write one form alone: 4 bytes each, relative to the header. */
static void find_table(struct code *code, struct mapping *mapping)
{
	enum { FORM1 = 1, UDATA4 = 0x03, DATAREL_SDATA4 = 0x3b, FORMAT = 0x0f };
	const struct object *object = mapping->object;
	uint64_t header = mapping->base - object->first + object->frame_header;
	uint8_t bytes[4 + 8 + 4];
	uint32_t entries;
	size_t pointer;

	if (object->table) {
		mapping->segment = mapping->base;
		mapping->table = object->table;
		mapping->entries = object->entry_count;
	}
	if (!object->frame_header || !code_bytes(code, header, bytes, sizeof(bytes)))
		return;
	pointer = (bytes[1] & FORMAT) == 0x03 || (bytes[1] & FORMAT) == 0x0b ? 4 : 8;
	if (bytes[0] != FORM1 || bytes[2] != UDATA4 || bytes[3] != DATAREL_SDATA4)
		return;
	memcpy(&entries, bytes + 4 + pointer, sizeof(entries));
	if (entries > ENTRIES_MAX || entries * (uint64_t)8 > object->frame_header_size)
		return;
	mapping->segment = header;
	mapping->table = header + 4 + pointer + sizeof(entries);
	mapping->entries = entries;
}

/* Whether what is known of MAPPING still holds; looks at it first where nothing is known. */
static bool mapping_verify(struct code *code, struct mapping *mapping)
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
	expected = expected_bytes(code, mapping->base, sizeof(head));
	if (expected && object)
		return memcmp(expected, object->head, sizeof(head)) == 0;
	readable = read_piece(code, mapping->base, head, sizeof(head)) == sizeof(head);
	if (object)
		return readable && memcmp(head, object->head, sizeof(head)) == 0;
	mapping->looked = true;
	mapping->object = readable ? object_find(code, head, mapping->path) : NULL;
	if (mapping->object)
		find_table(code, mapping);
	return true;
}

static void log_mapping(struct code_log *log, const struct mapping *mapping)
{
	for (size_t i = 0; i < log->mapping_count; i++) {
		if (log->mappings[i] == mapping->start)
			return;
	}
	if (log->mapping_count == CODE_LOG_MAPPINGS) {
		log->incomplete = true;
		return;
	}
	log->bases[log->mapping_count] = mapping->object ? mapping->base : 0;
	log->mappings[log->mapping_count++] = mapping->start;
}

static const struct mapping *find_code(struct code *code, uint64_t address)
{
	struct mapping *mapping = mapping_at(code->layout, address);

	if ((!mapping || !mapping->executable) && reread(code, false))
		mapping = mapping_at(code->layout, address);
	if (!mapping || !mapping->executable)
		return NULL;
	if (!mapping_verify(code, mapping)) {
		if (!reread(code, true))
			return NULL;
		mapping = mapping_at(code->layout, address);
		if (!mapping || !mapping->executable || !mapping_verify(code, mapping))
			return NULL;
	}
	return mapping;
}

const struct mapping *code_find(struct code *code, uint64_t address)
{
	const struct mapping *mapping = find_code(code, address);

	if (mapping && code->log)
		log_mapping(code->log, mapping);
	return mapping;
}

void code_record(struct code *code, struct code_log *log)
{
	if (log) {
		log->incomplete = false;
		log->count = log->mapping_count = 0;
	}
	code->log = log;
}

bool code_repeats(struct code *code, const struct code_log *log)
{
	const struct layout *layout = code->layout;

	for (size_t i = 0; i < log->count; i++) {
		const struct code_answer *answer = &log->answers[i];
		uint64_t value = 0;

		if (!code_bytes(code, answer->address, &value, answer->length) || value != answer->value)
			return false;
	}
	for (size_t i = 0; i < log->mapping_count; i++) {
		if (!code_find(code, log->mappings[i]) || code->layout != layout)
			return false;
	}
	return true;
}

/* The file itself, if it is the one that is mapped: another one may have its name by now. */
static int open_same(struct code *code, const struct object *object, enum code_name name)
{
	uint8_t head[sizeof(object->head)];
	struct stat st;
	int fd = code->ops.open(code->data, code->tid, name, object->path);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head, object->head, sizeof(head)) == 0)
		return fd;
	close(fd);
	return -1;
}

int code_open(struct code *code, const struct object *object)
{
	/* The program's own file can be had where it is deleted, too. */
	static const enum code_name names[] = { CODE_NAME_TASKS, CODE_NAME_OURS, CODE_NAME_PROGRAM };
	int fd = -1;

	if (*object->path != '/')
		return fd;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && fd < 0; i++)
		fd = open_same(code, object, names[i]);
	return fd;
}

/* The table has no section of its own if it was linked by the linker for C, for a program that is loaded anywhere (PIE)
 * or a library, before Go 1.26. 0: it is not there. */
static uint64_t search_gotable(int fd)
{
	Elf64_Shdr section;
	uint64_t found = 0;
	uint8_t *bytes;

	if (!elffile_section(fd, ".note.go.buildid", &section) && !elffile_section(fd, ".go.buildinfo", &section))
		return 0;
	bytes = elffile_section(fd, ".data.rel.ro", &section) ? elffile_read(fd, &section) : NULL;
	for (uint64_t at = 0; bytes && !found && at + GOTABLE_HEAD <= section.sh_size; at += GOTABLE_HEAD) {
		if (gotable_is_head(bytes + at))
			found = section.sh_addr + at;
	}
	free(bytes);
	return found;
}

/* Where OBJECT's file has its table. */
static void find_gotable(struct code *code, struct object *object)
{
	static const char *const names[] = { ".gopclntab", ".data.rel.ro.gopclntab" };
	int fd = code_open(code, object);
	Elf64_Shdr section;

	object->go_looked = true;
	if (fd < 0)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !object->go_table; i++) {
		if (elffile_section(fd, names[i], &section))
			object->go_table = section.sh_addr;
	}
	if (!object->go_table)
		object->go_table = search_gotable(fd);
	if (object->go_table && elffile_section(fd, ".go.module", &section))
		object->go_module = section.sh_addr;
	close(fd);
}

static bool read_memory(void *data, uint64_t address, void *to, size_t length)
{
	struct code *code = data;

	return code_bytes(code, address, to, length);
}

struct gotable *code_gotable(struct code *code, const struct mapping *mapping)
{
	struct mapping *own = mapping_at(code->layout, mapping->start);
	struct object *object = mapping->object;
	uint64_t bias;

	if (!object || !own || own->go_looked)
		return own ? own->go : NULL;
	own->go_looked = true;
	if (!object->go_looked)
		find_gotable(code, object);
	bias = own->base - object->first;
	if (object->go_table)
		own->go = gotable_open(read_memory, code, bias + object->go_table,
				       object->go_module ? bias + object->go_module : 0);
	return own->go;
}

struct symbols *code_symbols(struct code *code, const struct mapping *mapping)
{
	struct object *object = mapping->object;
	int fd;

	if (!object || object->opened)
		return object ? object->symbols : NULL;
	object->opened = true;
	fd = code_open(code, object);
	if (fd >= 0)
		object->symbols = symbols_open(fd, object->path, code->servers);
	return object->symbols;
}

static bool is_c_library(const char *path)
{
	const char *name = stack_base_name(path);

	return strncmp(name, "libc.so", 7) == 0 || strncmp(name, "libc-", 5) == 0 ||
	       strncmp(name, "libpthread", 10) == 0;
}

static bool object_symbol(struct code *code, const struct object *object, const char *name, uint64_t *ret)
{
	int fd = code_open(code, object);
	bool found = fd >= 0 && elffile_symbol(fd, name, ret);

	if (fd >= 0)
		close(fd);
	return found;
}

bool code_library_symbol(struct code *code, const char *name, uint64_t *ret)
{
	bool shared = false;

	for (size_t i = 0; code->layout && i < code->layout->count; i++)
		shared |= code->layout->mappings[i].path && is_c_library(code->layout->mappings[i].path);
	for (size_t i = 0; code->layout && i < code->layout->count; i++) {
		struct mapping *mapping = &code->layout->mappings[i];

		if (!mapping->executable || !mapping->base || (shared && !is_c_library(mapping->path)) ||
		    !mapping_verify(code, mapping) || !mapping->object)
			continue;
		if (object_symbol(code, mapping->object, name, ret)) {
			*ret += mapping->base - mapping->object->first;
			return true;
		}
	}
	return false;
}
