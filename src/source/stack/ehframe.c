/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads .eh_frame (LSB Core, 10.6.1) as far as necessary to find which entry is for which address. */
#include "source/stack/ehframe.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/stack/elffile.h"

/* Pointer encodings, DW_EH_PE_... */
enum { ABSPTR = 0x00, UDATA4 = 0x03, UDATA8 = 0x04, SDATA4 = 0x0b, SDATA8 = 0x0c, PCREL = 0x10, FORMAT = 0x0f };
enum { APPLICATION = 0x70, NOT_READ = -1 };

struct reader {
	const uint8_t *at, *end;
	bool failed; /* something to be read was not there */
};

static uint64_t take(struct reader *reader, size_t size)
{
	uint64_t value = 0;

	if ((size_t)(reader->end - reader->at) < size) {
		reader->failed = true;
		reader->at = reader->end;
		return 0;
	}
	memcpy(&value, reader->at, size);
	reader->at += size;
	return value;
}

static uint64_t take_leb(struct reader *reader)
{
	uint64_t value = 0, byte;
	unsigned shift = 0;

	do {
		byte = take(reader, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return value;
}

static size_t encoded_size(int encoding)
{
	switch (encoding & FORMAT) {
	case UDATA4:
	case SDATA4:
		return 4;
	case ABSPTR:
	case UDATA8:
	case SDATA8:
		return 8;
	default:
		return 0;
	}
}

/* The encoding of the addresses of functions in the CIE at READER, which is behind the id; NOT_READ: it is not known.
 */
static int cie_encoding(struct reader *reader)
{
	unsigned version = (unsigned)take(reader, 1);
	const char *augmentation = (const char *)reader->at;
	int encoding = ABSPTR;

	while (take(reader, 1))
		;
	if (reader->failed || (version != 1 && version != 3))
		return NOT_READ;
	take_leb(reader); /* code alignment */
	take_leb(reader); /* data alignment */
	if (version == 1)
		take(reader, 1); /* return register */
	else
		take_leb(reader);
	if (!*augmentation)
		return encoding;
	if (*augmentation++ != 'z')
		return NOT_READ;
	take_leb(reader);
	for (; *augmentation; augmentation++) {
		switch (*augmentation) {
		case 'R':
			encoding = (int)take(reader, 1);
			break;
		case 'L':
			take(reader, 1);
			break;
		case 'P':
			take(reader, encoded_size((int)take(reader, 1)));
			break;
		case 'S':
		case 'B':
			break;
		default:
			return NOT_READ;
		}
	}
	return reader->failed ? NOT_READ : encoding;
}

/* The address at READER, whose byte belongs to ADDRESS. */
static bool take_address(struct reader *reader, int encoding, uint64_t address, uint64_t *ret)
{
	size_t size = encoding == NOT_READ ? 0 : encoded_size(encoding);
	uint64_t value;

	if (!size || ((encoding & APPLICATION) && (encoding & APPLICATION) != PCREL))
		return false;
	value = take(reader, size);
	if ((encoding & FORMAT) == SDATA4)
		value = (uint64_t)(int64_t)(int32_t)value;
	*ret = (encoding & APPLICATION) == PCREL ? value + address : value;
	return !reader->failed;
}

static bool is_near(uint64_t address, uint64_t base)
{
	int64_t distance = (int64_t)(address - base);

	return distance >= INT32_MIN && distance <= INT32_MAX;
}

static int compare(const void *a, const void *b)
{
	int32_t x = ((const struct ehframe_entry *)a)->start, y = ((const struct ehframe_entry *)b)->start;

	return x < y ? -1 : x > y;
}

/* One length-prefixed record of the section. */
struct record {
	uint64_t offset;      /* of its length */
	uint64_t id_offset;   /* of what follows that */
	struct reader reader; /* behind the id */
	uint32_t id;	      /* 0: a CIE; else how far before id_offset the FDE's CIE is */
};

/* The record at OFFSET; false: there is none, or it is not whole. *RET_NEXT is where the next one is. */
static bool record_at(const uint8_t *bytes, size_t size, uint64_t offset, struct record *ret, uint64_t *ret_next)
{
	struct reader reader = { bytes + offset, bytes + size, false };
	uint64_t length = take(&reader, 4);

	if (length == UINT32_MAX)
		length = take(&reader, 8);
	if (reader.failed || length < 4 || length > (uint64_t)(reader.end - reader.at))
		return false;
	ret->offset = offset;
	ret->id_offset = (uint64_t)(reader.at - bytes);
	reader.end = reader.at + length;
	*ret_next = ret->id_offset + length;
	ret->id = (uint32_t)take(&reader, 4);
	ret->reader = reader;
	return true;
}

size_t ehframe_index(const uint8_t *bytes, size_t size, uint64_t address, uint64_t base, struct ehframe_entry **ret)
{
	uint64_t offset = 0, cie_offset = UINT64_MAX, next, ignored, start;
	struct ehframe_entry *entries = NULL;
	size_t count = 0, room = 0;
	struct record record, cie;
	int encoding = NOT_READ;

	for (; offset < size && record_at(bytes, size, offset, &record, &next); offset = next) {
		if (!record.id || record.id > record.id_offset)
			continue;
		if (record.id_offset - record.id != cie_offset) {
			cie_offset = record.id_offset - record.id;
			encoding = record_at(bytes, size, cie_offset, &cie, &ignored) && !cie.id
					   ? cie_encoding(&cie.reader)
					   : NOT_READ;
		}
		if (!take_address(&record.reader, encoding, address + (uint64_t)(record.reader.at - bytes), &start) ||
		    !is_near(start, base) || !is_near(address + offset, base))
			continue;
		if (count == room) {
			room = room ? room * 2 : 256;
			entries = mem_resize(entries, room, sizeof(*entries));
		}
		entries[count++] =
			(struct ehframe_entry){ (int32_t)(start - base), (int32_t)(address + offset - base) };
	}
	if (count)
		qsort(entries, count, sizeof(*entries), compare);
	*ret = entries;
	return count;
}

size_t ehframe_read(int fd, uint64_t base, struct ehframe_entry **ret)
{
	Elf64_Shdr section;
	size_t count = 0;
	uint8_t *bytes;

	*ret = NULL;
	bytes = elffile_section(fd, ".eh_frame", &section) ? elffile_read(fd, &section) : NULL;
	if (bytes)
		count = ehframe_index(bytes, section.sh_size, section.sh_addr, base, ret);
	free(bytes);
	return count;
}
