/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which code lies where in a task's address space, and its memory, read by pages.
 *
 * What was found is a layout: it is kept, and shared by a process and those that it forks, until one of them turns out
 * to have something else at a place that it asks about. The head of each file's mapping shows that. It is compared each
 * time, and a new mapping (exec, dlopen) has another head. */
#ifndef SOURCE_STACK_ASPACE_H
#define SOURCE_STACK_ASPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ehframe_entry;
struct gotable;
struct symbols;
struct text;

/* Which process has this name for a file. In maps the kernel writes the names that cltrace would use, if there is such
 * a name: a task in a root of its own (chroot) has another name for the file. If that root is in another mount
 * namespace, the kernel writes the task's name. */
enum code_name { CODE_NAME_OURS, CODE_NAME_TASKS, CODE_NAME_PROGRAM /* none: the file that the task runs */ };

/* A piece of a task's memory, and the place for a copy of it. */
struct code_piece {
	uint64_t address;
	void *to;
	size_t length;
};

#define CODE_PIECES 24	    /* that are read at once, at most, */
#define CODE_EXPECTED 32768 /* and their bytes */
#define CODE_HEAD 1024	    /* bytes at a mapping's base, by which a file is recognized */
#define CODE_LOG_MAPPINGS 16
#define CODE_LOG_MAX 512

/* The source of the answers: the kernel, or a test. */
struct code_ops {
	/* Reads PIECES of TID's memory, one behind the other, up to the first byte that cannot be read; returns how
	 * many bytes. */
	size_t (*read)(void *data, pid_t tid, const struct code_piece *pieces, size_t count);
	/* Adds /proc/TID/maps. 0 or -errno. */
	int (*maps)(void *data, pid_t tid, struct text *text);
	/* Opens the file PATH of TID, to be read. A descriptor, or -errno. */
	int (*open)(void *data, pid_t tid, enum code_name name, const char *path);
	/* Reads the entries of /proc/TID/pagemap for COUNT pages, of which PAGE is the first. How many, or -errno. */
	ssize_t (*pages)(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count);
};

/* A file that code is mapped from. */
struct object {
	char *path;
	uint8_t head[CODE_HEAD];		  /* of the file and of its first mapping */
	uint64_t first;				  /* the address that its program headers give to its first byte */
	uint64_t frame_header, frame_header_size; /* PT_GNU_EH_FRAME, the same way; 0: none */
	/* Without a frame_header, the table that cltrace made, and its address, which no memory of a task can have. */
	struct ehframe_entry *entries;
	size_t entry_count;
	uint64_t table;
	struct symbols *symbols;
	bool opened; /* symbols have been looked for */
	/* Go's table of functions and the runtime's record of it; 0: none. Valid after they have been looked for. */
	uint64_t go_table, go_module;
	bool go_looked;
	struct object *next;
};

struct mapping {
	uint64_t start, end; /* not the end itself */
	uint64_t base;	     /* where the file's first byte is mapped; 0: nowhere */
	char *path;	     /* of the file; NULL: memory without one */
	bool executable;
	bool stable; /* private and not writable: its pages are worth keeping */
	/* Valid after a look at it: */
	struct object *object; /* NULL: nothing that cltrace can read */
	uint64_t table;	       /* .eh_frame_hdr's search table, its entries and what they are relative to; 0: none */
	uint64_t entries, segment;
	bool looked;
	unsigned verified;  /* the look that found it unchanged */
	struct gotable *go; /* NULL: none, or not looked for */
	bool go_looked;
};

struct page;

struct layout {
	uint64_t id;
	struct mapping *mappings; /* by address */
	size_t count;
	struct page *pages;	 /* of stable mappings */
	void *unwinder;		 /* the unwinding library's data */
	struct memos *memos;	 /* what walks have found here; NULL: none yet */
	struct threads *threads; /* the thread library's data; NULL: not looked for, or none */
	bool threads_asked;
	/* Whether there is unwind information for the instructions that make calls: these are few, and are asked for
	 * each time. */
	struct {
		uint64_t ip;
		bool found;
	} asked[4];
	unsigned asked_next;
	uint64_t used;
	struct layout *next;
};

struct code;

/* FORGET frees a layout's `unwinder`, `memos` and `threads`. */
struct code *code_new(const struct code_ops *ops, void *data, void (*forget)(struct layout *layout));
void code_free(struct code *code);

/* From now on servers are also asked for symbols, if the user's environment names some. */
void code_ask_servers(struct code *code);

/* Begins a look at TID, which is stopped, under the layout *ID (0: none yet; it is set when it changes). Results of
 * earlier looks must no longer be used. */
void code_begin(struct code *code, pid_t tid, uint64_t *id);

/* The layout at hand; NULL: it could not be read. */
struct layout *code_layout(struct code *code);

/* Changes when strings that symbols and Go's tables gave in earlier looks have been freed. */
unsigned code_age(const struct code *code);

/* Reads at once the memory that this look will probably ask for: at most CODE_PIECES ranges, and CODE_EXPECTED bytes.
 */
struct code_range {
	uint64_t address;
	size_t length;
};

void code_expect(struct code *code, const struct code_range *ranges, size_t count);

/* The mapping that ADDRESS is in, with its object, as it is now; NULL: none. May change the layout at hand, at most
 * once in a look. */
const struct mapping *code_find(struct code *code, uint64_t address);

/* How many bytes from BASE on, fewer than SIZE, may be neither read nor written: from the present maps or, if they show
 * no guard, from the page tables. False: something else is there, or nothing, or it is not known. */
bool code_guard(struct code *code, uint64_t base, uint64_t size, uint64_t *ret);

/* The writable memory that contains ADDRESS, and how many bytes directly below it may be neither read nor written, from
 * the present maps and page tables. False: there is none, or too much to search. */
bool code_memory(struct code *code, uint64_t address, uint64_t *ret_start, uint64_t *ret_size, uint64_t *ret_guard);

/* Reads the 8 bytes at ADDRESS, aligned or not. False: they cannot be read, or this look has read too much. */
bool code_word(struct code *code, uint64_t address, uint64_t *ret);
bool code_bytes(struct code *code, uint64_t address, void *to, size_t length);

/* What a part of a look asked, and the answers, as far as another look could get other answers under the same layout:
 * the mappings that code was looked for in, and what was read from memory that may change. (The layout, files and the
 * pages that never change give the same answers as long as code_find() finds the same layout.) */
struct code_log {
	bool incomplete; /* the log has no room for more, something could not be read, or the maps were read */
	size_t count, size;
	struct code_answer {
		uint64_t address, value;
		uint64_t length; /* 1 to 8 bytes */
	} * answers;
	size_t mapping_count;
	uint64_t mappings[CODE_LOG_MAPPINGS], bases[CODE_LOG_MAPPINGS]; /* where they start, and their files; 0: none */
};

/* Keeps the questions of this look in LOG from now on. LOG is emptied first. NULL: keeps no questions from now on. */
void code_record(struct code *code, struct code_log *log);

/* Whether the questions in LOG, which are of the layout at hand, get the same answers in this look. May change the
 * layout at hand, as code_find() does; then it returns false. */
bool code_repeats(struct code *code, const struct code_log *log);

/* The address of the C library's symbol NAME: in a file with the name of a C library or, if there is no such file, in
 * any file. */
bool code_library_symbol(struct code *code, const char *name, uint64_t *ret);

/* Opens the file of OBJECT. A descriptor, or a negative number: it cannot be had. */
int code_open(struct code *code, const struct object *object);

/* Go's table of the functions in MAPPING, which is opened at need; NULL: none. */
struct gotable *code_gotable(struct code *code, const struct mapping *mapping);

/* The symbols of MAPPING's object, which are opened at need; NULL: none. */
struct symbols *code_symbols(struct code *code, const struct mapping *mapping);

#endif
