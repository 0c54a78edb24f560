/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What aspace.c and the files aspace_*.c share. Nobody else includes it. */
#ifndef SOURCE_STACK_ASPACE_STATE_H
#define SOURCE_STACK_ASPACE_STATE_H

#include "base/text.h"
#include "source/stack/aspace.h"

#define PAGE_SIZE ((uint64_t)4096) /* the unit of reading, not the machine's: its pages are a multiple */
#define FRESH_MAX 64		   /* pages of unstable memory, within one look */

/* Tables that cltrace made are at addresses that no machine uses (not canonical): common bits, then the object's
 * number. */
#define TABLE_BASE ((uint64_t)0xf << 60)

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
	bool servers;	  /* servers are asked for symbols */
	struct text text; /* scratch */
	/* The present look. */
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

/* aspace.c */

/* The mapping that ADDRESS is in, as LAYOUT (NULL: none) has it; NULL: none. */
struct mapping *layout_mapping(const struct layout *layout, uint64_t address);

/* Whether what is known of MAPPING still holds; looks at it first if nothing is known. */
bool code_verify(struct code *code, struct mapping *mapping);

/* aspace_maps.c */

/* One line of /proc/PID/maps, cut at its newline: "START-END PERMS OFFSET DEVICE INODE     PATH" (proc(5)). */
struct maps_line {
	uint64_t start, end, offset;
	char permissions[5];
	const char *path; /* "": none */
};

/* Reads the maps of the task at hand: the first line, for code_maps_next(), or NULL: they cannot be read. */
char *code_maps(struct code *code);

/* Cuts the next line that has the form of one from *AT. RET's path lives as long as the maps. False: there is none. */
bool code_maps_next(char **at, struct maps_line *ret);

/* Reads the layout of the task at hand; NULL: it cannot be read. */
struct layout *code_maps_layout(struct code *code);
bool layout_is_same(const struct layout *a, const struct layout *b);

/* aspace_memory.c */

/* Reads bytes of the task at hand, up to the first one that cannot be read; returns how many. */
size_t code_read(struct code *code, uint64_t address, void *to, size_t length);

/* The LENGTH bytes at ADDRESS, if code_expect() has read them; else NULL. */
const uint8_t *code_expected(const struct code *code, uint64_t address, size_t length);
void layout_forget_pages(struct layout *layout);

/* aspace_object.c */

/* The file PATH, which begins with HEAD. NULL: cltrace cannot read it. */
struct object *code_object(struct code *code, const uint8_t *head, const char *path);
void code_objects_free(struct code *code);

/* Sets the search table of MAPPING, which has an object. */
void code_find_table(struct code *code, struct mapping *mapping);

/* Reads from the tables that cltrace made. */
bool code_table_bytes(const struct code *code, uint64_t address, void *to, size_t length);

/* aspace_log.c */
void code_log_bytes(struct code_log *log, uint64_t address, const uint8_t *bytes, size_t length);
void code_log_mapping(struct code_log *log, const struct mapping *mapping);

#endif
