/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of all flags, and with -v everything that is known of each flag. */
#include "page/flags.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/rules/rules.h"
#include "page/judged.h"
#include "page/page.h"
#include "render/sink_options.h"
#include "render/table.h"
#include "teach/explain.h"
#include "teach/meaning.h"

enum { SIGNO_CHLD = 17 };

static const struct {
	enum call call;
	char letter;
} call_letters[] = { { CALL_CLONE, 'c' }, { CALL_CLONE3, '3' }, { CALL_UNSHARE, 'u' }, { CALL_SETNS, 's' } };

static void add_letters(struct text *cell, unsigned calls)
{
	for (size_t i = 0; i < ARRAY_LENGTH(call_letters); i++)
		text_addf(cell, "%c", calls & 1U << call_letters[i].call ? call_letters[i].letter : '-');
}

static void add_calls(struct text *line, unsigned calls)
{
	const char *before = "";

	for (size_t i = 0; i < ARRAY_LENGTH(call_letters); i++) {
		if (!(calls & 1U << call_letters[i].call))
			continue;
		text_addf(line, "%s%s", before, call_name(call_letters[i].call));
		before = ", ";
	}
}

static void add_flag_line(struct table *table, const struct flag *flag, size_t room)
{
	struct text cell = TEXT_INIT;

	table_add_line(table, NULL);
	table_set(table, 0, flag->name);
	text_addf(&cell, "0x%" PRIx64, flag->value);
	table_set(table, 1, text_get(&cell));
	text_clear(&cell);
	add_letters(&cell, flag->calls);
	table_set(table, 2, text_get(&cell));
	table_set(table, 3, flag->since ? flag->since : "");
	table_set_words(table, 4, flag->means, room);
	text_done(&cell);
}

/* The rules about FLAG, whether they require or forbid it. */
static void add_flag_rules(struct page *page, const struct flag *flag)
{
	size_t count;
	const struct rule *table = rules_table(&count);

	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = &table[i];
		const uint64_t any = rule->any & flag->value ? flag->value : rule->any;
		/* a request that violates it */
		const struct request request = {
			.call = rule->calls & flag->calls & 1U << CALL_CLONE3 ? CALL_CLONE3
				: rule->calls & 1U << CALL_CLONE	      ? CALL_CLONE
									      : CALL_UNSHARE,
			.have = REQUEST_FLAGS,
			.flags = rule->with | any,
			.exit_signal = SIGNO_CHLD,
		};

		if (!((rule->with | rule->any | rule->without) & flag->value) || !(rule->calls & flag->calls) ||
		    rule->about == RULE_MACHINE)
			continue;
		if (rule->about == RULE_REQUEST)
			rule_explain(&page->printer.line, rule, &request, NULL);
		else
			judged_add_condition(&page->printer.line, rule, &request);
		text_addf(&page->printer.line, " [%s]", rule->source);
		printer_finish(&page->printer, FOLD_WORDS);
	}
}

/* Everything that the tables know of one flag. */
static void add_flag_entry(struct page *page, const struct flag *flag)
{
	size_t count;
	const struct meaning *table = meaning_table(&count);
	const struct parties nobody = { 0 };

	printer_indent(&page->printer, 0);
	text_addf(&page->printer.line, "%s  0x%" PRIx64 "  ", flag->name, flag->value);
	add_calls(&page->printer.line, flag->calls);
	if (flag->since)
		text_addf(&page->printer.line, "  since Linux %s", flag->since);
	printer_finish(&page->printer, FOLD_WORDS);
	printer_indent(&page->printer, PAGE_INDENT);
	for (size_t i = 0; i < count; i++) {
		if (table[i].flag != flag->value || !(table[i].calls & flag->calls))
			continue;
		explain_sentence(&page->printer.line, &table[i], &nobody);
		text_addf(&page->printer.line, " [%s]", table[i].source);
		printer_finish(&page->printer, FOLD_WORDS);
	}
	add_flag_rules(page, flag);
}

static void add_entries(struct page *page)
{
	size_t count;
	const struct flag *flags = flag_table(&count);

	for (size_t i = 0; i < count; i++)
		add_flag_entry(page, &flags[i]);
}

static void add_flag_table(struct page *page)
{
	static const char *const heads[] = { "FLAG", "VALUE", "CALLS", "SINCE", "WHAT IT DOES" };
	enum { OTHERS = 50, ROOM_MIN = 20 }; /* columns of the other cells */
	const size_t width = page->options.width, room = width > OTHERS + ROOM_MIN ? width - OTHERS : ROOM_MIN;
	struct table *table = table_new(&page->options, (unsigned)width);
	size_t count;
	const struct flag *flags = flag_table(&count);

	for (size_t i = 0; i < ARRAY_LENGTH(heads); i++)
		table_add_column(table, heads[i], TABLE_ROWS);
	for (size_t i = 0; i < count; i++)
		add_flag_line(table, &flags[i], room);
	table_draw(table, page->printer.text);
	table_free(table);
	text_add(&page->printer.line,
		 "Of the new task, or of who calls unshare or setns. Calls: c clone, 3 clone3, u unshare, s setns. "
		 "Since: the Linux version, where later than 2.6.16. With -v, each in full");
	printer_finish(&page->printer, FOLD_WORDS);
}

void page_flags(struct text *text, const struct sink_options *options)
{
	struct page page;

	page_init(&page, text, options);
	if (options->verbose)
		add_entries(&page);
	else
		add_flag_table(&page);
	page_done(&page);
}
