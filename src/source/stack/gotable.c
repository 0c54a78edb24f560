/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads Go's table of functions: Go's own description is src/runtime/symtab.go, debug/gosym reads it, too.
 *
 * The table can contain anything, because the traced program can write its own. */
#include "source/stack/gotable.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/array.h"
#include "base/mem.h"

#define NAME_LENGTH 512 /* bytes of a name or a path that are read */
#define FOUND_MAX 16384
#define FUNCTIONS_MAX 0x1000000
#define STEPS_MAX 65536 /* entries of a list of values */
#define FRAME_MAX (1 << 30)
#define INLINED_INDEX 2 /* PCDATA_InlTreeIndex, since Go 1.14 */

enum { GO_2 = 1, GO_16, GO_18, GO_20 }; /* forms: the first Go 1.N with the form */

static const struct {
	uint32_t magic;
	unsigned form;
	unsigned entry; /* bytes of a function's address, in the list and in its row */
	unsigned lists; /* in a row, the offset of its further lists of values */
} forms[] = {
	{ 0xfffffffb, GO_2, 8, 40 },
	{ 0xfffffffa, GO_16, 8, 44 },
	{ 0xfffffff0, GO_18, 4, 40 },
	{ 0xfffffff1, GO_20, 4, 44 },
};

/* The members of a row behind the function's address, 4 bytes each. */
enum { ROW_NAME, ROW_ARGUMENTS, ROW_DEFER, ROW_FRAME, ROW_FILE, ROW_LINE, ROW_LIST_COUNT, ROW_UNIT };

struct found {
	uint64_t pc;
	bool is_go;
	struct go_code code;
	UT_hash_handle hh;
};

struct gotable {
	gotable_read_fn *read;
	void *data;
	unsigned form;
	/* the address of the table and, since 1.18, of the first function */
	uint64_t address, text;
	uint64_t count; /* of functions */
	/* the list of functions, to which the offsets of their rows are relative */
	uint64_t functions;
	uint64_t names, units, files, values; /* the bases of other offsets */
	struct found *found;
};

/* A row of the list. */
struct function {
	uint64_t start, end; /* not the end itself */
	uint64_t row;
};

bool gotable_read(const struct gotable *table, uint64_t address, void *to, size_t length)
{
	return table->read(table->data, address, to, length);
}

static bool read_u32(const struct gotable *table, uint64_t address, uint32_t *ret)
{
	return gotable_read(table, address, ret, sizeof(*ret));
}

static bool read_words(const struct gotable *table, uint64_t address, uint64_t *ret, size_t count)
{
	return gotable_read(table, address, ret, count * sizeof(*ret));
}

static unsigned entry_size(const struct gotable *table)
{
	return forms[table->form - 1].entry;
}

/* Before Go 1.16 all offsets are relative to the table, and the list of files stands behind the functions: the end of
 * the last one, then the offset of the files. */
static bool open_first(struct gotable *table)
{
	uint32_t files;

	if (!read_words(table, table->address + 8, &table->count, 1) || table->count > FUNCTIONS_MAX)
		return false;
	table->functions = table->address + 16;
	table->names = table->units = table->values = table->address;
	if (!read_u32(table, table->functions + table->count * 16 + 8, &files))
		return false;
	table->files = table->address + files;
	return true;
}

/* The runtime's record of the table (struct moduledata): the table, six lists of it with 3 words each, two more words
 * and the ends of its functions, then where their addresses begin. */
static bool text_of_module(struct gotable *table, uint64_t module)
{
	enum { TEXT = 1 + 6 * 3 + 1 + 2 };
	uint64_t words[TEXT + 1];

	if (!module || !read_words(table, module, words, TEXT + 1) || words[0] != table->address ||
	    words[1] != table->names)
		return false;
	table->text = words[TEXT];
	return true;
}

static bool open_later(struct gotable *table, uint64_t module)
{
	uint64_t words[8]; /* functions, files, since 1.18 the text's address; then the offsets of the parts */
	uint64_t *parts = words + (table->form >= GO_18 ? 3 : 2);

	if (!read_words(table, table->address + 8, words, 8) || words[0] > FUNCTIONS_MAX)
		return false;
	table->count = words[0];
	table->text = table->form >= GO_18 ? words[2] : 0;
	table->names = table->address + parts[0];
	table->units = table->address + parts[1];
	table->files = table->address + parts[2];
	table->values = table->address + parts[3];
	table->functions = table->address + parts[4];
	return table->form < GO_18 || table->text || text_of_module(table, module);
}

/* Magic, two zeros, the size of the smallest instruction, the size of a pointer. 0: it is not a known table. */
static unsigned find_form(const uint8_t *head)
{
	uint32_t magic;

	if (head[4] || head[5] || head[6] != 1 || head[7] != 8)
		return 0;
	memcpy(&magic, head, sizeof(magic));
	for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
		if (forms[i].magic == magic)
			return forms[i].form;
	}
	return 0;
}

bool gotable_is_head(const uint8_t *head)
{
	return find_form(head);
}

struct gotable *gotable_open(gotable_read_fn *read, void *data, uint64_t address, uint64_t module)
{
	struct gotable *table = mem_zalloc(1, sizeof(*table));
	uint8_t head[GOTABLE_HEAD];

	*table = (struct gotable){ .read = read, .data = data, .address = address };
	table->form = read(data, address, head, sizeof(head)) ? find_form(head) : 0;
	if (table->form && (table->form == GO_2 ? open_first(table) : open_later(table, module)))
		return table;
	free(table);
	return NULL;
}

/* The address of function INDEX, and where its row is; behind the last function there is one more address, without a
 * row. */
static bool function_at(const struct gotable *table, uint64_t index, uint64_t *ret_address, uint64_t *ret_row)
{
	uint64_t pair[2];
	uint32_t half[2];

	if (entry_size(table) == sizeof(half[0])) {
		if (!gotable_read(table, table->functions + index * sizeof(half), half, sizeof(half)))
			return false;
		*ret_address = table->text + half[0];
		*ret_row = table->functions + half[1];
		return true;
	}
	if (!read_words(table, table->functions + index * sizeof(pair), pair, 2))
		return false;
	*ret_address = pair[0];
	*ret_row = pair[1] + (table->form == GO_2 ? table->address : table->functions);
	return true;
}

static bool find_function(const struct gotable *table, uint64_t pc, struct function *ret)
{
	uint64_t low = 0, high = table->count, row;

	while (low < high) { /* the first function behind PC */
		uint64_t middle = low + (high - low) / 2, address;

		if (!function_at(table, middle, &address, &row))
			return false;
		if (address > pc)
			high = middle;
		else
			low = middle + 1;
	}
	return low && function_at(table, low, &ret->end, &row) && pc < ret->end &&
	       function_at(table, low - 1, &ret->start, &ret->row);
}

static bool row_number(const struct gotable *table, const struct function *function, unsigned field, uint32_t *ret)
{
	return read_u32(table, function->row + entry_size(table) + field * sizeof(*ret), ret);
}

/* Reads up to the NUL, by pieces: the memory may end behind it. */
static const char *read_string(const struct gotable *table, uint64_t address)
{
	enum { PIECE = 16 };
	char string[NAME_LENGTH + 1];

	for (size_t length = 0; length < NAME_LENGTH; length += PIECE) {
		if (!gotable_read(table, address + length, string + length, PIECE))
			return NULL;
		string[length + PIECE] = '\0';
		if (memchr(string + length, '\0', PIECE))
			break;
	}
	return *string ? mem_strdup(string) : NULL;
}

static const char *function_name(const struct gotable *table, const struct function *function)
{
	uint32_t name;

	return row_number(table, function, ROW_NAME, &name) ? read_string(table, table->names + name) : NULL;
}

/* A list of values is read by pieces. */
struct list {
	const struct gotable *table;
	uint64_t at;
	uint8_t bytes[32];
	size_t next, length;
	bool failed;
};

static uint32_t list_number(struct list *list)
{
	uint32_t number = 0, byte;
	unsigned shift = 0;

	do {
		if (list->next == list->length) {
			list->failed |= !gotable_read(list->table, list->at, list->bytes, sizeof(list->bytes));
			list->at += sizeof(list->bytes);
			list->length = sizeof(list->bytes);
			list->next = 0;
		}
		if (list->failed)
			return 0;
		byte = list->bytes[list->next++];
		number |= shift < 32 ? (byte & 0x7f) << shift : 0;
		shift += 7;
	} while (byte & 0x80);
	return number;
}

/* The value in the list at OFFSET for PC. The list has pairs: the change of the value, with the sign in the lowest bit,
 * and the number of bytes of code for which the new value is valid. The first value is -1. */
static bool find_value(const struct gotable *table, const struct function *function, uint32_t offset, uint64_t pc,
		       int32_t *ret)
{
	struct list list = { .table = table, .at = table->values + offset };
	uint64_t end = function->start;
	uint32_t value = UINT32_MAX;

	if (!offset) /* there is no such list */
		return false;
	for (unsigned step = 0; step < STEPS_MAX; step++) {
		uint32_t change = list_number(&list);

		if (!change && step)
			return false;
		value += change & 1 ? ~(change >> 1) : change >> 1;
		end += list_number(&list);
		if (list.failed)
			return false;
		if (pc < end) {
			*ret = (int32_t)value;
			return true;
		}
	}
	return false;
}

/* The same for the list that FIELD of FUNCTION's row names. */
static bool row_value(const struct gotable *table, const struct function *function, unsigned field, uint64_t pc,
		      int32_t *ret)
{
	uint32_t offset;

	return row_number(table, function, field, &offset) && find_value(table, function, offset, pc, ret);
}

static bool function_frame(const struct gotable *table, const struct function *function, uint64_t pc, int64_t *ret)
{
	int32_t value;

	if (!row_value(table, function, ROW_FRAME, pc, &value) || value > FRAME_MAX || value < -FRAME_MAX || value % 8)
		return false;
	*ret = value;
	return true;
}

/* Whether the code at PC has been inlined into FUNCTION. */
static bool is_inlined(const struct gotable *table, const struct function *function, uint64_t pc)
{
	const uint64_t lists = function->row + forms[table->form - 1].lists;
	uint32_t count, offset;
	int32_t index;

	return row_number(table, function, ROW_LIST_COUNT, &count) && count > INLINED_INDEX &&
	       read_u32(table, lists + INLINED_INDEX * sizeof(offset), &offset) &&
	       find_value(table, function, offset, pc, &index) && index >= 0;
}

/* Files have numbers in their unit, and before Go 1.16 in the whole table. */
static const char *file_name(const struct gotable *table, const struct function *function, uint32_t file)
{
	uint32_t unit, name;

	if (table->form == GO_2) {
		if (!read_u32(table, table->files + (uint64_t)file * sizeof(name), &name))
			return NULL;
		return read_string(table, table->address + name);
	}
	if (!row_number(table, function, ROW_UNIT, &unit) ||
	    !read_u32(table, table->units + ((uint64_t)unit + file) * sizeof(name), &name) || name == UINT32_MAX)
		return NULL;
	return read_string(table, table->files + name);
}

static void find_line(const struct gotable *table, const struct function *function, uint64_t pc, struct go_code *ret)
{
	int32_t file, line;

	if (is_inlined(table, function, pc) || !row_value(table, function, ROW_FILE, pc, &file) ||
	    !row_value(table, function, ROW_LINE, pc, &line) || file < 0 || line <= 0)
		return;
	ret->file = file_name(table, function, (uint32_t)file);
	ret->line = ret->file ? (unsigned)line : 0;
}

static bool look_up(const struct gotable *table, uint64_t pc, struct go_code *ret)
{
	struct function function;

	if (!find_function(table, pc, &function))
		return false;
	ret->start = function.start;
	ret->function = function_name(table, &function);
	ret->has_frame = function_frame(table, &function, pc, &ret->frame);
	find_line(table, &function, pc, ret);
	return true;
}

const struct go_code *gotable_find(struct gotable *table, uint64_t pc)
{
	struct found *found;

	HASH_FIND(hh, table->found, &pc, sizeof(pc), found);
	if (!found) {
		found = mem_zalloc(1, sizeof(*found));
		found->pc = pc;
		found->is_go = look_up(table, pc, &found->code);
		HASH_ADD(hh, table->found, pc, sizeof(found->pc), found);
	}
	return found->is_go ? &found->code : NULL;
}

static void forget(struct gotable *table)
{
	struct found *found, *next;

	HASH_ITER (hh, table->found, found, next) {
		HASH_DEL(table->found, found);
		free((char *)found->code.function);
		free((char *)found->code.file);
		free(found);
	}
}

bool gotable_trim(struct gotable *table)
{
	if (!table || HASH_COUNT(table->found) < FOUND_MAX)
		return false;
	forget(table);
	return true;
}

void gotable_close(struct gotable *table)
{
	if (!table)
		return;
	forget(table);
	free(table);
}
