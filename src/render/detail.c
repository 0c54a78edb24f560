/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that -v and --explain add to a request: the resources as a matrix, flags set and not set, misconceptions.
 */
#include "render/detail.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/resource.h"
#include "render/printer.h"
#include "teach/explain.h"

enum { COLUMNS_MAX = 3, GAP = 3 };

/* ---- the matrix ---- */

struct cell {
	enum resource resource;
	struct text outcome;
};

struct matrix {
	struct cell cells[RESOURCE_COUNT];
	unsigned count, rows, columns;
	unsigned names[COLUMNS_MAX], outcomes[COLUMNS_MAX]; /* widths, of each column */
};

static bool is_namespace(enum resource resource)
{
	return resource >= RESOURCE_NS && resource <= RESOURCE_NS_LAST;
}

/* A resource that does not change has no cell; those namespaces of a new task share a line. */
static void fill(struct matrix *matrix, const struct detail *detail, const struct request *request,
		 const enum outcome outcomes[RESOURCE_COUNT], const struct parties *parties)
{
	for (unsigned i = 0; i < RESOURCE_COUNT; i++) {
		struct cell *cell = &matrix->cells[matrix->count];

		if (outcomes[i] == OUTCOME_CALLERS)
			continue;
		*cell = (struct cell){ .resource = (enum resource)i, .outcome = TEXT_INIT };
		if (i == RESOURCE_STACK && detail->no_arguments && call_is_creation(request->call))
			explain_open_stack(&cell->outcome, request);
		else
			explain_outcome(&cell->outcome, (enum resource)i, outcomes[i], parties);
		matrix->count++;
	}
}

static unsigned longer(unsigned a, size_t b)
{
	return a > b ? a : (unsigned)b;
}

/* Lays the cells out in COLUMNS, downwards first. Returns the width. */
static unsigned lay_out(struct matrix *matrix, unsigned columns)
{
	unsigned width = 0;

	matrix->columns = columns;
	matrix->rows = (matrix->count + columns - 1) / columns;
	for (unsigned c = 0; c < columns; c++) {
		matrix->names[c] = matrix->outcomes[c] = 0;
		for (unsigned i = c * matrix->rows; i < (c + 1) * matrix->rows && i < matrix->count; i++) {
			const struct cell *cell = &matrix->cells[i];

			matrix->names[c] = longer(matrix->names[c], strlen(resource_name(cell->resource)));
			matrix->outcomes[c] = longer(matrix->outcomes[c], cell->outcome.length);
		}
		width += (c ? GAP : 0) + matrix->names[c] + 2 + matrix->outcomes[c];
	}
	return width;
}

static void add_row(struct text *line, const struct matrix *matrix, unsigned row)
{
	for (unsigned c = 0; c < matrix->columns; c++) {
		const unsigned i = c * matrix->rows + row;
		const bool last = c + 1 == matrix->columns || i + matrix->rows >= matrix->count;

		if (i >= matrix->count)
			break;
		text_addf(line, "%*s%-*s  %-*s", c ? GAP : 0, "", (int)matrix->names[c],
			  resource_name(matrix->cells[i].resource), last ? 0 : (int)matrix->outcomes[c],
			  text_get(&matrix->cells[i].outcome));
	}
}

/* "the caller's namespaces: mount, cgroup, ..."; with FOR_CHILDREN those of its children: "; those for its children:
 * ..." */
static void add_namespaces(struct text *line, const struct request *request,
			   const enum outcome outcomes[RESOURCE_COUNT], bool for_children)
{
	static const char suffix[] = " namespace";
	const char *before = !for_children  ? "the caller's namespaces: "
			     : line->length ? "; those for its children: "
					    : "the caller's namespaces for its children: ";

	for (unsigned i = 0; i < RESOURCE_COUNT; i++) {
		const char *name = resource_name((enum resource)i);

		if (!is_namespace((enum resource)i) || outcomes[i] != OUTCOME_CALLERS ||
		    resource_is_for_children(request, (enum resource)i) != for_children)
			continue;
		text_add(line, before);
		text_add_bytes(line, name, strlen(name) - strlen(suffix));
		before = ", ";
	}
}

void detail_matrix(const struct detail *detail, const struct request *request, const struct parties *parties)
{
	struct matrix matrix = { .count = 0 };
	const unsigned room = printer_room(detail->printer); /* except that one column is always drawn */
	enum outcome outcomes[RESOURCE_COUNT];
	struct text *line = &detail->printer->line;

	if (!(request->have & REQUEST_FLAGS))
		return;
	resource_outcomes(request, outcomes);
	fill(&matrix, detail, request, outcomes, parties);
	for (unsigned columns = COLUMNS_MAX; columns && lay_out(&matrix, columns) > room; columns--)
		;
	if (!matrix.columns)
		return;
	for (unsigned row = 0; row < matrix.rows; row++) {
		add_row(line, &matrix, row);
		printer_finish(detail->printer, FOLD_WORDS);
	}
	if (call_is_creation(request->call)) {
		add_namespaces(line, request, outcomes, false);
		add_namespaces(line, request, outcomes, true);
	}
	printer_finish(detail->printer, FOLD_WORDS);
	for (unsigned i = 0; i < matrix.count; i++)
		text_done(&matrix.cells[i].outcome);
}

/* ---- sentences ---- */

/* explain_flag() or explain_refused_flag() */
typedef void explain_function(struct text *, const struct flag *, const struct request *, const struct parties *);

static void explain_flags(const struct detail *detail, const struct request *request, const struct parties *parties,
			  explain_function *explain)
{
	struct text *line = &detail->printer->line;
	uint64_t unknown = 0;

	for (unsigned bit = 0; bit < 64; bit++) {
		const uint64_t value = UINT64_C(1) << bit;
		const struct flag *flag = request->flags & value ? flag_find(value, request->call) : NULL;

		if (flag)
			explain(line, flag, request, parties);
		else
			unknown |= request->flags & value;
		printer_finish(detail->printer, FOLD_WORDS);
	}
	if (unknown)
		text_addf(line, "0x%" PRIx64 ": no flag of %s that this version of cltrace knows", unknown,
			  call_name(request->call));
	printer_finish(detail->printer, FOLD_WORDS);
}

void detail_flags(const struct detail *detail, const struct request *request, const struct parties *parties)
{
	explain_flags(detail, request, parties, explain_flag);
}

void detail_refused(const struct detail *detail, const struct request *request, const struct parties *parties)
{
	explain_flags(detail, request, parties, explain_refused_flag);
}

void detail_missing(const struct detail *detail, const struct request *request, const struct parties *parties)
{
	const uint64_t missing = explain_sharing_flags(request) & ~request->flags;
	struct text *line = &detail->printer->line;

	for (unsigned bit = 0; bit < 64; bit++) {
		const uint64_t value = UINT64_C(1) << bit;

		if (missing & value)
			explain_missing(line, flag_find(value, request->call), request, parties);
		printer_finish(detail->printer, FOLD_WORDS);
	}
	if (call_is_creation(request->call) && request->have & REQUEST_FLAGS)
		explain_exit_signal(line, request, parties);
	printer_finish(detail->printer, FOLD_WORDS);
}

void detail_remarks(const struct detail *detail, const struct request *request, const struct parties *parties)
{
	struct text *line = &detail->printer->line;

	if (!parties->seen)
		explain_looks_like(line, request);
	printer_finish(detail->printer, FOLD_WORDS);
	while (explain_correction(line, request, parties, detail->reported))
		printer_finish(detail->printer, FOLD_WORDS);
}
