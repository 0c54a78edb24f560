/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cells of a snapshot's table: facts about a task, and what it shares with the task above it. */
#include "render/look_cells.h"

#include <inttypes.h>
#include <stdbool.h>

#include "base/text.h"
#include "render/column.h"
#include "snapshot/snapshot.h"

void look_add_lwp(struct text *cell, const struct column_row *row)
{
	text_addf(cell, "%d", (int)row->seen->tid);
	if (row->seen->nspid != row->seen->tid)
		text_addf(cell, " (%d inside)", (int)row->seen->nspid);
}

void look_add_pid(struct text *cell, const struct column_row *row)
{
	text_addf(cell, "%d", (int)row->seen->tgid);
}

void look_add_ppid(struct text *cell, const struct column_row *row)
{
	text_addf(cell, "%d", (int)row->seen->ppid);
}

void look_add_uid(struct text *cell, const struct column_row *row)
{
	if (row->seen->uid != (uid_t)-1)
		text_addf(cell, "%u", (unsigned)row->seen->uid);
}

void look_add_nlwp(struct text *cell, const struct column_row *row)
{
	const struct snap_task *head = snapshot_head(row->snapshot, row->seen);

	if (head->nlwp)
		text_addf(cell, "%u", head->nlwp);
}

void look_add_kind(struct text *cell, const struct column_row *row)
{
	text_add(cell, snapshot_kind_name(row->seen));
}

void look_add_state(struct text *cell, const struct column_row *row)
{
	const char state[] = { row->seen->state, '\0' };

	text_add_escaped(cell, state);
}

/* A task that shares all of these shares "all", because threads often do not share the others. */
#define USUAL(NAME, KEY, WORDS, FLAG, KCMP, OPTIONAL) | ((OPTIONAL) ? 0 : 1U << OBJECT_##NAME)
static const unsigned usual = 0 TASK_OBJECTS(USUAL);

static void add_objects(struct text *cell, const char *intro, unsigned mask)
{
	const char *before = intro;

	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		if (!(mask >> i & 1))
			continue;
		text_addf(cell, "%s%s", before, object_name(i));
		before = ", ";
	}
}

/* Why it is not known what ROW has: cltrace may not ask about one of the tasks, or got a different answer each time, or
 * has not asked, as in a trace of attached tasks. */
static const char *why_unknown(const struct column_row *row)
{
	return row->seen->refused || (row->above && row->above->refused) ? "not permitted" : "not known";
}

/* What it shares with the task above, only if that is certain. */
void look_add_shares(struct text *cell, const struct column_row *row)
{
	unsigned shared = 0, unknown = 0;

	if (!row->above || row->seen->state == 'Z')
		return;
	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		const enum relation relation = snapshot_relation(row->above, row->seen, i);

		shared |= relation == RELATION_SHARED ? 1U << i : 0;
		unknown |= relation == RELATION_UNKNOWN ? 1U << i : 0;
	}
	if (unknown == (1U << OBJECT_COUNT) - 1) {
		text_add(cell, why_unknown(row));
		return;
	}
	if ((shared & usual) == usual)
		text_add(cell, "all");
	else
		add_objects(cell, "", shared);
	if (!shared && !(unknown & usual))
		text_add(cell, "nothing");
	if (!(unknown & usual))
		return;
	text_addf(cell, "%s%s", cell->length ? "; " : "", why_unknown(row));
	add_objects(cell, ": ", unknown & usual);
}

/* The namespaces that differ from those of the task above; nothing for a root. */
void look_add_namespaces(struct text *cell, const struct column_row *row)
{
	bool any = false;

	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		any |= row->seen->ns[i] != 0;
		if (!row->above || !row->seen->ns[i] || !row->above->ns[i] || row->seen->ns[i] == row->above->ns[i])
			continue;
		text_addf(cell, "%s%s:%" PRIu64, cell->length ? " " : "", namespace_key(i), row->seen->ns[i]);
	}
	if (!any && row->seen->state != 'Z')
		text_add(cell, row->seen->refused ? "not permitted" : "not known");
}

void look_add_command(struct text *cell, const struct column_row *row)
{
	if (row->seen->command)
		text_add_escaped(cell, row->seen->command);
	else
		text_add_escaped(cell, row->seen->name);
}
