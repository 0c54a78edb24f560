/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and lines by libdw: one session for each file, and a table of earlier answers. */
#include "source/stack/symbol.h"

#ifdef HAVE_LIBDW

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/stack/debugfile.h"
#include "source/stack/demangle.h"

/* the address of the file's first byte in the session, page-aligned: 0 would mean nowhere */
#define BASE 0x100000
#define RANGES_MAX 1048576
#define INLINED_MAX 16	 /* functions that are inlined into each other */
#define FOUND_MAX 65536	 /* addresses remembered for each file */
#define NAME_LENGTH 1024 /* of a demangled name: templates can make them longer than anybody reads */

/* debuginfod_find_debuginfo(3): its client knows nothing but the environment. */
#define SERVERS "DEBUGINFOD_URLS"
#define SILENT ((uint64_t)3 * 1000000000) /* a server that did not answer for so long is not asked again */

struct found {
	uint64_t key;	      /* twice the address, plus 1 with lines */
	struct symbol symbol; /* what is behind its `outer` is on the heap */
	UT_hash_handle hh;
};

/* Code of one unit of the debug information. */
struct range {
	Dwarf_Addr low, high; /* not the end itself */
	Dwarf_Die *unit;      /* the session's */
};

/* A file that the session has mapped. Reading it may cause SIGBUS if it was rewritten since and is shorter now. */
struct watched {
	int fd; /* -1: none */
	off_t size;
	struct timespec modified;
};

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module;
	GElf_Addr bias; /* of the session's addresses */
	char *debuginfo_path;
	Dwfl_Callbacks callbacks;
	struct range *ranges; /* by `low`; made at need */
	size_t range_count;
	bool ranges_made;
	struct watched files[2]; /* the file itself, and a separate debug file */
	struct found *found;
};

/* libdw ends the process if it gets no memory (dwarf_new_oom_handler()), and with it the traced program. */
static bool is_limited(int resource, rlim_t least)
{
	struct rlimit limit;

	return !getrlimit(resource, &limit) && limit.rlim_cur < least;
}

const char *symbols_lack(void)
{
	if (is_limited(RLIMIT_DATA, SYMBOLS_DATA) || is_limited(RLIMIT_AS, SYMBOLS_SPACE))
		return "too little memory is allowed (ulimit -d, -v)";
	return NULL;
}

/* Looking up ------------------------------------------------------------------------------------------------------- */

/* Only the file's main symbols. A symbol without a size, or one that ends before the address, belongs to another
 * function, because a stripped file names only some of its functions. */
static void find_function(const struct symbols *symbols, GElf_Addr address, struct symbol *ret)
{
	GElf_Off offset;
	GElf_Sym sym;
	const char *name = dwfl_module_addrinfo(symbols->module, address, &offset, &sym, NULL, NULL, NULL);

	if (!name || !*name || offset >= sym.st_size)
		return;
	ret->function = demangle(name);
	ret->start = address - offset - symbols->bias;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct range *left = a, *right = b;

	return (left->low > right->low) - (left->low < right->low);
}

/* The ranges of all units, as they state them themselves. */
static void make_ranges(struct symbols *symbols)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;
	size_t size = 0;

	symbols->ranges_made = true;
	while ((unit = dwfl_module_nextcu(symbols->module, unit, &bias))) {
		struct range range = { .unit = unit };
		Dwarf_Addr base;
		ptrdiff_t next = 0;

		while (symbols->range_count < RANGES_MAX &&
		       (next = dwarf_ranges(unit, next, &base, &range.low, &range.high)) > 0) {
			if (symbols->range_count == size) {
				size = size ? size * 2 : 64;
				symbols->ranges = mem_resize(symbols->ranges, size, sizeof(*symbols->ranges));
			}
			symbols->ranges[symbols->range_count++] = range;
		}
	}
	if (symbols->ranges)
		qsort(symbols->ranges, symbols->range_count, sizeof(*symbols->ranges), compare_ranges);
}

/* The unit that contains ADDRESS; NULL: none. elfutils before 0.192 only uses .debug_aranges, which clang and Go leave
 * out, and assigns addresses between two ranges to the unit of the first one. */
static Dwarf_Die *find_unit(struct symbols *symbols, GElf_Addr address, Dwarf_Addr *ret_bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(symbols->module, address, ret_bias);
	size_t low = 0, high;

	if (unit && dwarf_haspc(unit, address - *ret_bias) > 0)
		return unit;
	if (!dwfl_module_getdwarf(symbols->module, ret_bias))
		return NULL;
	if (!symbols->ranges_made)
		make_ranges(symbols);
	address -= *ret_bias;
	high = symbols->range_count;
	while (low < high) { /* the first range behind ADDRESS */
		size_t middle = low + (high - low) / 2;

		if (symbols->ranges[middle].low > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low && address < symbols->ranges[low - 1].high ? symbols->ranges[low - 1].unit : NULL;
}

static void find_line(struct symbols *symbols, GElf_Addr address, struct symbol *ret)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = find_unit(symbols, address, &bias);
	Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number = 0;

	if (!file || dwarf_lineno(line, &number) != 0 || number <= 0)
		return;
	ret->file = mem_strdup(file);
	ret->line = (unsigned)number;
}

/* The declaration of DIE's function, which may be in a class. */
static void die_declaration(Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Die next;

	*ret = *die;
	if (dwarf_attr(ret, DW_AT_abstract_origin, &attribute) && dwarf_formref_die(&attribute, &next))
		*ret = next;
	if (dwarf_attr(ret, DW_AT_specification, &attribute) && dwarf_formref_die(&attribute, &next))
		*ret = next;
}

static bool has_members(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
	       tag == DW_TAG_union_type;
}

/* DIE's name behind the names of the scopes that contain it. */
static char *qualified_name(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die), *outer;
	Dwarf_Die declaration, *scopes = NULL;
	struct text text = TEXT_INIT;
	char *result;
	int count;

	if (!name)
		return NULL;
	die_declaration(die, &declaration);
	count = dwarf_getscopes_die(&declaration, &scopes);
	for (int i = count - 1; i > 0; i--) {
		outer = has_members(dwarf_tag(&scopes[i])) ? dwarf_diename(&scopes[i]) : NULL;
		if (outer) {
			text_add(&text, outer);
			text_add(&text, "::");
		}
	}
	free(scopes);
	text_add(&text, name);
	text_cut(&text, text.length < NAME_LENGTH ? text.length : NAME_LENGTH);
	result = mem_strdup(text_get(&text));
	text_done(&text);
	return result;
}

/* The name of DIE's function with its classes and namespaces, if it has such a name. */
static char *die_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *name = NULL;

	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute))
		name = dwarf_formstring(&attribute);
	return name ? demangle(name) : qualified_name(die);
}

/* The line at which DIE, an inlined function, is called. */
static void die_called_at(Dwarf_Die *die, Dwarf_Die *unit, struct symbol *ret)
{
	Dwarf_Word file = 0, line = 0;
	Dwarf_Attribute attribute;
	Dwarf_Files *files;
	const char *name;
	size_t count;

	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file) < 0 ||
	    dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), &line) < 0 ||
	    dwarf_getsrcfiles(unit, &files, &count) < 0 || file >= count || !line || line > INT_MAX)
		return;
	name = dwarf_filesrc(files, file, NULL, NULL);
	ret->file = name ? mem_strdup(name) : NULL;
	ret->line = name ? (unsigned)line : 0;
}

/* The scopes around ADDRESS, innermost first; free(*RET). */
static int find_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **ret)
{
	Dwarf_Die *scopes = NULL, innermost;
	int count = unit ? dwarf_getscopes(unit, address, &scopes) : 0;

	*ret = NULL;
	if (count <= 0)
		return 0;
	innermost = scopes[0]; /* those around it may be the ones where an inlined function was written */
	free(scopes);
	return dwarf_getscopes_die(&innermost, ret);
}

/* RET has the line of ADDRESS and the function from the symbol table. If other functions are inlined there, RET becomes
 * the innermost of them, and the others become its outer ones. */
static void find_inlined(struct symbols *symbols, GElf_Addr address, struct symbol *ret)
{
	struct symbol outermost = { .function = ret->function, .start = ret->start }, *at = ret;
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = find_unit(symbols, address, &bias), *scopes;
	int count = find_scopes(unit, address - bias, &scopes), inlined = 0;

	for (int i = 0; i < count && inlined < INLINED_MAX && dwarf_tag(&scopes[i]) != DW_TAG_subprogram; i++) {
		struct symbol *outer;

		if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine)
			continue;
		outer = mem_alloc(sizeof(*outer));
		*outer = outermost;
		die_called_at(&scopes[i], unit, outer);
		at->function = die_name(&scopes[i]);
		at->start = 0;
		at->outer = outer;
		at = outer;
		inlined++;
	}
	free(scopes);
}

/* RET is the beginning of a function: the line is that of its declaration, and not of a function that was inlined
 * there. */
static void find_declaration(struct symbols *symbols, GElf_Addr address, struct symbol *ret)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = find_unit(symbols, address, &bias), *scopes;
	int count = find_scopes(unit, address - bias, &scopes), line = 0;

	for (int i = 0; i < count; i++) {
		const char *file;

		if (dwarf_tag(&scopes[i]) != DW_TAG_subprogram)
			continue;
		file = dwarf_decl_file(&scopes[i]);
		if (file && dwarf_decl_line(&scopes[i], &line) == 0 && line > 0) {
			free((char *)ret->file);
			ret->file = mem_strdup(file);
			ret->line = (unsigned)line;
		}
		break;
	}
	free(scopes);
}

static void watch(struct watched *file, int fd)
{
	struct stat st;

	file->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (file->fd < 0 || fstat(fd, &st) < 0)
		return;
	file->size = st.st_size;
	file->modified = st.st_mtim;
}

static bool is_unchanged(const struct symbols *symbols)
{
	struct stat st;

	for (size_t i = 0; i < 2; i++) {
		const struct watched *file = &symbols->files[i];

		if (file->fd >= 0 &&
		    (fstat(file->fd, &st) < 0 || st.st_size != file->size ||
		     st.st_mtim.tv_sec != file->modified.tv_sec || st.st_mtim.tv_nsec != file->modified.tv_nsec))
			return false;
	}
	return true;
}

static void symbol_done(const struct symbol *symbol)
{
	const struct symbol *outer = symbol->outer;

	free((char *)symbol->function);
	free((char *)symbol->file);
	if (outer) {
		symbol_done(outer);
		free((struct symbol *)outer);
	}
}

static void forget(struct symbols *symbols)
{
	struct found *found, *next;

	HASH_ITER (hh, symbols->found, found, next) {
		HASH_DEL(symbols->found, found);
		symbol_done(&found->symbol);
		free(found);
	}
}

static void look_up(struct symbols *symbols, GElf_Addr address, bool lines, struct symbol *ret)
{
	find_function(symbols, address, ret);
	if (lines)
		find_line(symbols, address, ret);
	if (ret->file && ret->function && ret->start == address - symbols->bias)
		find_declaration(symbols, address, ret);
	else if (ret->file)
		find_inlined(symbols, address, ret);
}

const struct symbol *symbols_find(struct symbols *symbols, uint64_t address, bool lines)
{
	const uint64_t key = address * 2 + lines;
	struct found *found;

	HASH_FIND(hh, symbols->found, &key, sizeof(key), found);
	if (found)
		return &found->symbol;
	found = mem_zalloc(1, sizeof(*found));
	found->key = key;
	if (is_unchanged(symbols))
		look_up(symbols, address + symbols->bias, lines, &found->symbol);
	HASH_ADD(hh, symbols->found, key, sizeof(found->key), found);
	return &found->symbol;
}

bool symbols_trim(struct symbols *symbols)
{
	if (!symbols || HASH_COUNT(symbols->found) < FOUND_MAX)
		return false;
	forget(symbols);
	return true;
}

/* Tasks are stopped meanwhile. debuginfod's own limits are three times 90 seconds without an answer, and none for a
 * file that is being sent. */
static void limit_servers(bool servers)
{
	if (!servers)
		unsetenv(SERVERS);
	setenv("DEBUGINFOD_TIMEOUT", "5", 0);
	setenv("DEBUGINFOD_RETRY_LIMIT", "0", 0);
	setenv("DEBUGINFOD_MAXTIME", "60", 0);
}

/* As dwfl_standard_find_debuginfo(), without its last resort: it loads libdebuginfod, with a dozen libraries that this
 * needs, even if no server is named. */
static int find_here(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, const char *file,
		     const char *link, GElf_Word sum, char **ret_name)
{
	int fd = dwfl_build_id_find_debuginfo(module, data, name, base, file, link, sum, ret_name);

	return fd < 0 && file && link ? debugfile_open(file, link, sum, ret_name) : fd;
}

static int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, const char *file,
			  const char *link, GElf_Word sum, char **ret_name)
{
	const char *servers = getenv(SERVERS);
	__typeof__(find_here) *find = servers && *servers ? dwfl_standard_find_debuginfo : find_here;
	uint64_t begun = clock_monotonic();
	int fd = find(module, data, name, base, file, link, sum, ret_name);

	if (fd < 0 && clock_monotonic() - begun > SILENT)
		unsetenv(SERVERS);
	if (fd >= 0 && *data && ((struct symbols *)*data)->files[1].fd < 0)
		watch(&((struct symbols *)*data)->files[1], fd);
	return fd;
}

struct symbols *symbols_open(int fd, const char *name, bool servers)
{
	struct symbols *symbols = mem_zalloc(1, sizeof(*symbols));
	bool reported = false;
	void **data = NULL;

	if (symbols_lack()) {
		close(fd);
		free(symbols);
		return NULL;
	}
	limit_servers(servers);
	symbols->files[0].fd = symbols->files[1].fd = -1;
	watch(&symbols->files[0], fd);
	symbols->callbacks = (Dwfl_Callbacks){
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = find_debuginfo,
		.debuginfo_path = &symbols->debuginfo_path,
	};
	symbols->dwfl = dwfl_begin(&symbols->callbacks);
	if (symbols->dwfl) {
		dwfl_report_begin(symbols->dwfl);
		symbols->module = dwfl_report_elf(symbols->dwfl, name, name, fd, BASE, false);
		reported = symbols->module && dwfl_report_end(symbols->dwfl, NULL, NULL) == 0 &&
			   dwfl_module_getelf(symbols->module, &symbols->bias);
	}
	if (reported) {
		dwfl_module_info(symbols->module, &data, NULL, NULL, NULL, NULL, NULL, NULL);
		*data = symbols;
		return symbols;
	}
	if (!symbols->module)
		close(fd); /* the session has its own after the file was reported */
	symbols_close(symbols);
	return NULL;
}

void symbols_close(struct symbols *symbols)
{
	if (!symbols)
		return;
	forget(symbols);
	free(symbols->ranges);
	for (size_t i = 0; i < 2; i++) {
		if (symbols->files[i].fd >= 0)
			close(symbols->files[i].fd);
	}
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols);
}

#endif
