/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of --explain: a request, several side by side, the table of flags. */
#include "page/request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/rules.h"
#include "render/detail.h"
#include "render/fold.h"
#include "render/options.h"
#include "render/words.h"
#include "teach/effect.h"
#include "teach/explain.h"
#include "teach/meaning.h"
#include "teach/parse.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define PAGE_WIDTH 100 /* where lines are folded when the output has no width of its own */
#define PAGE_INDENT 4

#define COLOR_THREAD "\033[1;36m"
#define COLOR_PROCESS "\033[1;32m"
#define COLOR_REFUSED "\033[1;31m"

enum { SIGNO_LAST = 64, SIGNO_CHLD = 17 };

struct page {
	struct text *text;
	struct text line;
	const struct sink_options *options;
	unsigned indent;
	unsigned reported;
};

/* ---- lines ---- */

static unsigned page_width(const struct sink_options *options)
{
	return options->width ? options->width : PAGE_WIDTH;
}

static void finish(struct page *page, enum fold_at at)
{
	const char *line = text_get(&page->line);
	const size_t capitals = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	struct fold fold = { .at = at, .width = page_width(page->options), .column = page->indent };

	if (page->options->color && capitals > 2 && (line[capitals] == ' ' || line[capitals] == ':')) {
		fold.color = !strncmp(line, "THREAD", capitals)	   ? COLOR_THREAD
			     : !strncmp(line, "PROCESS", capitals) ? COLOR_PROCESS
								   : COLOR_REFUSED;
		fold.color_to = capitals;
	}
	if (page->line.length) {
		text_addf(page->text, "%*s", (int)page->indent, "");
		fold_add(page->text, line, &fold);
	}
	text_clear(&page->line);
}

static void page_line(void *data, const char *line)
{
	struct page *page = data;

	text_add(&page->line, line);
	finish(page, FOLD_WORDS);
}

/* ---- a request ---- */

/* The request with no more of it than was given. */
static struct request shown_request(const struct parsed *parsed)
{
	struct request request = parsed->request;

	if (!parsed->pointers_given && request.call != CALL_SETNS)
		request.have &= REQUEST_FLAGS | REQUEST_ARGS;
	return request;
}

static void add_call(struct page *page, const struct parsed *parsed)
{
	const struct request shown = shown_request(parsed);

	if (parsed->as != PARSED_LINE && shown.call == CALL_SETNS) { /* its descriptor was not given */
		text_add(&page->line, "setns(");
		flags_format(&page->line, shown.flags, shown.call);
		text_add(&page->line, ")");
	} else {
		request_format(&page->line, &shown);
	}
	if (parsed->as == PARSED_LINE && parsed->child)
		text_addf(&page->line, " = %d", (int)parsed->child);
	if (parsed->error) {
		text_add(&page->line, " = -1 ");
		words_add_errno(&page->line, parsed->error);
	}
	finish(page, FOLD_ARGUMENTS);
}

/* The mask, as the kernel gets it. */
static void add_mask(struct page *page, const struct parsed *parsed)
{
	const struct request *request = &parsed->request;
	const bool in_flags = request->call == CALL_CLONE;

	text_addf(&page->line, "flags 0x%" PRIx64, request->flags | (in_flags ? request->exit_signal : 0));
	if (request->call == CALL_FORK || request->call == CALL_VFORK)
		text_add(&page->line, " and SIGCHLD, by the kernel's own doing");
	else if (in_flags && request->exit_signal)
		text_addf(&page->line, ", the lowest byte of which is the exit signal");
	if (parsed->cut)
		text_addf(&page->line, "; clone does not look at 0x%" PRIx64, parsed->cut);
	finish(page, FOLD_WORDS);
}

/* Of two versions such as "2.6.19" and "5.3" the later one; NULL is the earliest. */
static const char *later(const char *a, const char *b)
{
	if (!a || !b)
		return a ? a : b;
	for (const char *x = a, *y = b;;) {
		char *end_x, *end_y;
		const unsigned long of_x = strtoul(x, &end_x, 10), of_y = strtoul(y, &end_y, 10);

		if (of_x != of_y || !*end_x || !*end_y)
			return of_x > of_y || (of_x == of_y && *end_x) ? a : b;
		x = end_x + 1;
		y = end_y + 1;
	}
}

/* clone3(2), unshare(2), setns(2): VERSIONS */
static const char *call_since(enum call call)
{
	return call == CALL_CLONE3 ? "5.3" : call == CALL_SETNS ? "3.0" : call == CALL_UNSHARE ? "2.6.16" : NULL;
}

/* The version from which the kernel knows REQUEST, and the flag or call that is the newest in it; NULL: the kernel of
 * the first stable headers did. */
static const char *request_since(const struct request *request, const char **ret_what)
{
	const char *since = call_since(request->call);

	*ret_what = call_name(request->call);
	for (unsigned bit = 0; bit < 64; bit++) {
		const uint64_t value = UINT64_C(1) << bit;
		const struct flag *flag = request->flags & value ? flag_find(value, request->call) : NULL;

		if (flag && flag->since && later(since, flag->since) != since) {
			since = flag->since;
			*ret_what = flag->name;
		}
	}
	return since;
}

/* "known since Linux 5.5, which brought CLONE_CLEAR_SIGHAND" */
static void add_since(struct text *line, const struct request *request)
{
	const char *what, *since = request_since(request, &what);

	if (since)
		text_addf(line, "known since Linux %s, which brought %s", since, what);
	else
		text_add(line, "known since before Linux 2.6.16");
}

/* Whether ROW makes the request, as far as it was given. */
static bool row_fits(const struct fingerprint *row, const struct parsed *parsed)
{
	const struct request *request = &parsed->request;

	return row->flags == request->flags && request->exit_signal >= row->signal_low &&
	       request->exit_signal <= row->signal_high && (!parsed->call_given || row->calls & 1U << request->call) &&
	       (!parsed->stack_given || row->stack == !!(request->have & REQUEST_STACK));
}

static const char *row_call(const struct fingerprint *row)
{
	return row->calls & 1U << CALL_CLONE3  ? "clone3"
	       : row->calls & 1U << CALL_CLONE ? "clone"
	       : row->calls & 1U << CALL_FORK  ? "fork"
					       : "vfork";
}

/* "pthread_create() (glibc 2.34 and newer)" */
static void add_row_name(struct text *line, const struct fingerprint *row)
{
	const char *brackets = strstr(row->name, " (");
	const size_t length = brackets ? (size_t)(brackets - row->name) : strlen(row->name);

	text_add_bytes(line, row->name, length);
	text_addf(line, " (%s)", row->library);
}

static void add_library_calls(struct page *page, const struct parsed *parsed)
{
	const struct request *request = &parsed->request;
	size_t count;
	const struct fingerprint *table = fingerprint_table(&count);
	bool any = false;

	if (!call_is_creation(request->call))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct fingerprint *row = &table[i];

		if (!row_fits(row, parsed))
			continue;
		any = true;
		text_add(&page->line, "the request of ");
		add_row_name(&page->line, row);
		text_addf(&page->line, ", by %s%s", row_call(row), row->stack ? " with a stack" : "");
		if (row->also)
			text_addf(&page->line, "; also of %s", row->also);
		finish(page, FOLD_WORDS);
	}
	if (!any)
		text_add(&page->line, "the request of no library call that is known");
	finish(page, FOLD_WORDS);
}

/* Other libraries' requests for the same function. */
static void add_variants(struct page *page, const struct parsed *parsed)
{
	const struct fingerprint *own = parsed->row;
	size_t count;
	const struct fingerprint *table = fingerprint_table(&count);

	for (size_t i = 0; own && i < count; i++) {
		const struct fingerprint *row = &table[i];
		const size_t length = strcspn(own->name, "(");

		if (row == own || strncmp(row->name, own->name, length) || row->name[length] != '(' ||
		    row_fits(row, parsed))
			continue;
		text_add(&page->line, "elsewhere: ");
		add_row_name(&page->line, row);
		text_addf(&page->line, ", by %s ", row_call(row));
		text_addf(&page->line, "0x%" PRIx64,
			  row->flags | (row->calls & 1U << CALL_CLONE ? row->signal_low : 0));
		finish(page, FOLD_WORDS);
	}
}

static struct parties page_parties(const struct parsed *parsed)
{
	return (struct parties){ .creator = parsed->caller, .child = parsed->child };
}

/* The request as the rules are to see it: what was not given is as the caller has it right. */
static struct request judged_request(const struct parsed *parsed)
{
	enum { SOME_PLACE = 0x10000, OTHER_PLACE = 0x20000 }; /* beyond the first page, and not the same */
	struct request request = parsed->request;

	if (!parsed->pointers_given) {
		request.pidfd = SOME_PLACE;
		request.parent_tid = OTHER_PLACE;
		request.tls = 0;
	}
	if (!(request.have & REQUEST_SIZE))
		request.size = CLONE_ARGS_SIZE_VER2;
	if (request.have & REQUEST_SET_TID_LIST && !request.set_tid)
		request.set_tid = SOME_PLACE; /* strace prints the list in its place */
	return request;
}

enum { FINDINGS_MAX = 128 }; /* more than there are rules */

/* The rule that refuses the request; NULL also where it was made. */
static const struct rule *refusal(const struct parsed *parsed)
{
	const struct request request = judged_request(parsed);
	struct rule_finding findings[FINDINGS_MAX];
	const size_t count = rules_check(&request, NULL, findings, FINDINGS_MAX);

	for (size_t i = 0; i < count; i++)
		if (findings[i].answer == RULE_VIOLATED && findings[i].rule->about != RULE_MACHINE &&
		    (parsed->as != PARSED_LINE || findings[i].rule->error == parsed->error))
			return findings[i].rule;
	return NULL;
}

static void add_errno_name(struct text *line, int error)
{
	const char *name = errno_name(error);

	if (name)
		text_add(line, name);
	else
		text_addf(line, "errno %d", error);
}

/* "REFUSED with EINVAL: CLONE_THREAD needs CLONE_SIGHAND, which is not set" */
static void add_refusal(struct page *page, const struct parsed *parsed, const struct rule *rule)
{
	const struct request request = judged_request(parsed);

	text_add(&page->line, "REFUSED");
	if (rule) {
		text_add(&page->line, " with ");
		add_errno_name(&page->line, rule->error);
		text_add(&page->line, ": ");
		rule_explain(&page->line, rule, &request, NULL);
	} else {
		text_add(&page->line, call_is_creation(request.call) ? ": no task was made" : ": nothing was changed");
		rules_explain_refusal(&page->line, &request, parsed->error, NULL);
	}
	finish(page, FOLD_WORDS);
}

/* What kind of task, or what changes for the caller. */
static void add_verdict(struct page *page, const struct parsed *parsed, const struct parties *parties)
{
	const struct rule *rule = refusal(parsed);
	struct request request = parsed->request;

	if (rule || parsed->error) {
		add_refusal(page, parsed, rule);
		return;
	}
	if (!parsed->stack_given) /* what it looks like is said with the library calls */
		request.have &= ~(unsigned)REQUEST_STACK;
	if (call_is_creation(request.call))
		explain_verdict(&page->line, &request, parties);
	else
		effect_explain(&page->line, &request, 0, 0);
	finish(page, FOLD_WORDS);
}

/* Whether a finding is worth a word of a request that is not known to have been made: not what the machine may lack,
 * nor what a caller must not have done on old kernels, nor what a descriptor must be where none was given. */
static bool is_condition(const struct rule_finding *finding, const struct parsed *parsed)
{
	const struct rule *rule = finding->rule;

	return finding->answer == RULE_UNDECIDED && (rule->about != RULE_MACHINE || rule->with & FLAG_INTO_CGROUP) &&
	       !(rule->until && rule->about == RULE_CALLER) && (parsed->as == PARSED_LINE || !strstr(rule->open, "$d"));
}

/* "refused with EPERM if the caller lacks CAP_SYS_ADMIN ...", or one more such condition. */
static void add_condition(struct page *page, const struct rule *rule, const struct request *request)
{
	if (page->line.length) {
		text_add(&page->line, "; or if ");
	} else {
		text_add(&page->line, "refused with ");
		add_errno_name(&page->line, rule->error);
		text_add(&page->line, " if ");
	}
	rule_explain_open(&page->line, rule, request, NULL);
}

/* On what it depends whether the kernel takes it: a line for each errno. */
static void add_acceptance(struct page *page, const struct parsed *parsed)
{
	const struct request request = judged_request(parsed);
	struct rule_finding findings[FINDINGS_MAX];
	const size_t count = rules_check(&request, NULL, findings, FINDINGS_MAX);
	bool any = false;

	if (refusal(parsed) || parsed->as == PARSED_LINE)
		return;
	for (size_t i = 0; i < count; i++) {
		const int error = findings[i].rule->error;

		for (size_t j = i; j < count; j++) {
			if (findings[j].rule->error != error || !is_condition(&findings[j], parsed))
				continue;
			add_condition(page, findings[j].rule, &request);
			findings[j].answer = RULE_SATISFIED; /* told */
			any = true;
		}
		finish(page, FOLD_WORDS);
	}
	if (!any)
		page_line(page, "taken from anyone, within the limits on tasks");
}

/* What it comes to, or would have come to. */
static void add_details(struct page *page, const struct parsed *parsed, const struct parties *parties)
{
	const struct request *request = &parsed->request;
	const struct detail detail = {
		.line = page_line,
		.data = page,
		.room = page_width(page->options) - PAGE_INDENT,
		.reported = &page->reported,
		.no_arguments = !parsed->stack_given,
	};

	if (parsed->error || refusal(parsed)) {
		detail_refused(&detail, request, parties);
		return;
	}
	detail_matrix(&detail, request, parties);
	detail_flags(&detail, request, parties);
	if (page->options->verbose)
		detail_missing(&detail, request, parties);
	else if (call_is_creation(request->call))
		explain_exit_signal(&page->line, request, parties);
	finish(page, FOLD_WORDS);
	while (page->options->verbose && explain_correction(&page->line, request, parties, &page->reported))
		finish(page, FOLD_WORDS);
}

void page_request(struct text *text, const struct parsed *parsed, const struct sink_options *options)
{
	struct page page = { .text = text, .line = TEXT_INIT, .options = options };
	const struct parties parties = page_parties(parsed);

	add_call(&page, parsed);
	page.indent = PAGE_INDENT;
	add_mask(&page, parsed);
	add_verdict(&page, parsed, &parties);
	add_details(&page, parsed, &parties);
	add_acceptance(&page, parsed);
	add_since(&page.line, &parsed->request);
	finish(&page, FOLD_WORDS);
	add_library_calls(&page, parsed);
	add_variants(&page, parsed);
	text_done(&page.line);
}

/* ---- tables ---- */

static struct libscols_table *new_table(const struct sink_options *options)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, page_width(options));
	return table;
}

/* Adds TABLE's lines without the blanks that fill up its last column, and frees it. RESULT: what filling it came to. */
static void add_table(struct text *text, struct libscols_table *table, int result)
{
	char *lines = NULL;

	if (!result)
		result = scols_print_table_to_string(table, &lines);
	if (result)
		text_add(text, "(the table could not be drawn)\n");
	for (const char *line = lines; !result && *line;) {
		const size_t length = strcspn(line, "\n");
		size_t shown = length;

		while (shown && line[shown - 1] == ' ')
			shown--;
		text_add_bytes(text, line, shown);
		text_add(text, "\n");
		line += length + (line[length] == '\n');
	}
	free(lines);
	scols_unref_table(table);
}

/* Breaks the words of TEXT into rows of WIDTH columns. */
static void wrap_words(struct text *text, size_t width)
{
	size_t row = 0, blank = 0;

	for (size_t i = 0; i <= text->length; i++) {
		if (i < text->length && text->data[i] != ' ')
			continue;
		if (blank > row && i - row > width) {
			text->data[blank] = '\n';
			row = blank + 1;
		}
		blank = i;
	}
}

/* A column whose cells have rows. */
static int new_column(struct libscols_table *table, const char *head)
{
	struct libscols_column *column = scols_table_new_column(table, head, 0, SCOLS_FL_WRAP);

	if (!column)
		return -ENOMEM;
	scols_column_set_safechars(column, "\n");
	return scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
}

/* ---- differences ---- */

/* One row of the comparison: what it is called, and what it is for each request. */
struct aspect {
	const char *name; /* NULL: none */
	void (*add)(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which);
	unsigned which;
};

static void add_call_name(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	(void)outcomes, (void)which;
	text_add(cell, call_name(parsed->request.call));
}

static void add_kind(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	(void)outcomes, (void)which;
	text_add(cell, call_is_creation(parsed->request.call) ? kind_name(kind_of(&parsed->request)) : "no task");
}

static void add_exit_signal(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes,
			    unsigned which)
{
	const struct request *request = &parsed->request;

	(void)outcomes, (void)which;
	if (!call_is_creation(request->call) || !request->exit_signal || request->flags & FLAG_THREAD)
		text_add(cell, "none");
	else if (request->exit_signal <= SIGNO_LAST)
		signal_add_name(cell, (int)request->exit_signal);
	else
		text_addf(cell, "%" PRIu64, request->exit_signal);
}

static void add_outcome(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	if (which == RESOURCE_STACK && !parsed->stack_given && call_is_creation(parsed->request.call))
		explain_open_stack(cell, &parsed->request);
	else
		text_add(cell, outcome_name(outcomes[which]));
}

static void add_flag(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	(void)outcomes;
	text_add(cell, parsed->request.flags & UINT64_C(1) << which ? "set" : "-");
}

static void add_taken(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	const struct rule *rule = refusal(parsed);

	(void)outcomes, (void)which;
	if (rule)
		add_errno_name(cell, rule->error);
	else
		text_add(cell, "yes");
}

static void add_aspect_since(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes,
			     unsigned which)
{
	const char *what, *since = request_since(&parsed->request, &what);

	(void)outcomes, (void)which;
	text_addf(cell, "%sLinux %s", since ? "" : "before ", since ? since : "2.6.16");
}

static const char *bit_name(unsigned bit, const struct parsed *parsed, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct flag *flag = flag_find(UINT64_C(1) << bit, parsed[i].request.call);

		if (flag && parsed[i].request.flags & UINT64_C(1) << bit)
			return flag->name;
	}
	return NULL;
}

enum { ASPECTS_MAX = 5 + RESOURCE_COUNT + 64 };

static size_t list_aspects(struct aspect aspects[ASPECTS_MAX], const struct parsed *parsed, size_t count)
{
	size_t n = 0;

	aspects[n++] = (struct aspect){ "kind", add_kind, 0 };
	aspects[n++] = (struct aspect){ "call", add_call_name, 0 };
	for (unsigned bit = 0; bit < 64; bit++) {
		const char *name = bit_name(bit, parsed, count);

		if (name)
			aspects[n++] = (struct aspect){ name, add_flag, bit };
	}
	aspects[n++] = (struct aspect){ "exit signal", add_exit_signal, 0 };
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		aspects[n++] = (struct aspect){ resource_name((enum resource)i), add_outcome, i };
	aspects[n++] = (struct aspect){ "taken", add_taken, 0 };
	aspects[n++] = (struct aspect){ "since", add_aspect_since, 0 };
	return n;
}

/* Adds to SAME that ASPECT is VALUE for all; what is the caller's anyway needs no word. */
static void add_same(struct text *same, const struct aspect *aspect, const char *value, const enum outcome *outcomes)
{
	if (aspect->add == add_outcome && outcomes[aspect->which] == OUTCOME_KEPT)
		return;
	text_addf(same, "%s%s", same->length ? ", " : "", aspect->name);
	if (aspect->add != add_flag)
		text_addf(same, " %s", value);
}

/* Adds ASPECT as a line of TABLE where the requests differ, else to SAME. CELLS and FATES have COUNT members. */
static int add_aspect(struct libscols_table *table, struct text *same, const struct aspect *aspect,
		      const struct parsed *parsed, struct text *cells, enum outcome (*outcomes)[RESOURCE_COUNT],
		      size_t count, size_t room)
{
	struct libscols_line *line;
	bool differ = false;
	int result;

	for (size_t i = 0; i < count; i++) {
		text_clear(&cells[i]);
		aspect->add(&cells[i], &parsed[i], outcomes[i], aspect->which);
		differ |= strcmp(text_get(&cells[i]), text_get(&cells[0])) != 0;
	}
	if (!differ) {
		add_same(same, aspect, text_get(&cells[0]), outcomes[0]);
		return 0;
	}
	line = scols_table_new_line(table, NULL);
	if (!line)
		return -ENOMEM;
	result = scols_line_set_data(line, 0, aspect->name);
	for (size_t i = 0; i < count; i++) {
		wrap_words(&cells[i], room);
		result |= scols_line_set_data(line, i + 1, text_get(&cells[i]));
	}
	return result;
}

static void cut_head(struct text *head, size_t room)
{
	if (head->length <= room || room < 4)
		return;
	head->length = room - 3;
	while (head->length && ((unsigned char)head->data[head->length] & 0xc0) == 0x80) /* within a character */
		head->length--;
	head->data[head->length] = '\0';
	text_add(head, "...");
}

static int set_up_differences(struct libscols_table *table, const char *const *heads, size_t count, size_t room)
{
	if (!scols_table_new_column(table, "", 0, 0))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct text head = TEXT_INIT;
		int result;

		text_add_escaped(&head, heads[i]);
		cut_head(&head, room);
		result = new_column(table, text_get(&head));
		text_done(&head);
		if (result)
			return result;
	}
	return 0;
}

/* Adds ROW as a line of TABLE where its cells differ, else to SAME. */
static int add_row(struct libscols_table *table, struct text *same, const struct page_row *row, size_t room)
{
	struct libscols_line *line;
	int result;

	if (strcmp(row->cells[0], row->cells[1]) == 0) {
		if (*row->cells[0])
			text_addf(same, "%s%s %s", same->length ? ", " : "", row->name, row->cells[0]);
		return 0;
	}
	line = scols_table_new_line(table, NULL);
	if (!line)
		return -ENOMEM;
	result = scols_line_set_data(line, 0, row->name);
	for (size_t i = 0; i < 2; i++) {
		struct text cell = TEXT_INIT;

		text_add(&cell, row->cells[i]);
		wrap_words(&cell, room);
		result |= scols_line_set_data(line, i + 1, text_get(&cell));
		text_done(&cell);
	}
	return result;
}

static void draw_differences(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
			     const struct page_row *rows, size_t row_count, const struct sink_options *options)
{
	struct page page = { .text = text, .line = TEXT_INIT, .options = options };
	enum { NAMES = 22, ROOM_MIN = 8 }; /* columns of the names and a gap */
	const size_t width = page_width(options);
	const size_t share = width > NAMES ? (width - NAMES) / count - 1 : 0,
		     room = share > ROOM_MIN ? share : ROOM_MIN;
	struct libscols_table *table = new_table(options);
	struct text *cells = calloc(count, sizeof(*cells));
	enum outcome(*outcomes)[RESOURCE_COUNT] = calloc(count, sizeof(*outcomes));
	struct aspect aspects[ASPECTS_MAX];
	const size_t aspect_count = list_aspects(aspects, parsed, count);
	int result = table && cells && outcomes ? set_up_differences(table, heads, count, room) : -ENOMEM;
	size_t lines;

	for (size_t i = 0; !result && i < count; i++)
		resource_outcomes(&parsed[i].request, outcomes[i]);
	for (size_t i = 0; !result && i < aspect_count; i++)
		result = add_aspect(table, &page.line, &aspects[i], parsed, cells, outcomes, count, room);
	for (size_t i = 0; !result && i < row_count; i++)
		result = add_row(table, &page.line, &rows[i], room);
	lines = table ? scols_table_get_nlines(table) : 0;
	if (result || lines)
		add_table(text, table, result);
	else
		scols_unref_table(table);
	for (size_t i = 0; cells && i < count; i++)
		text_done(&cells[i]);
	free(cells);
	free(outcomes);
	if (page.line.length && !result) {
		struct text same = page.line;

		page.line = (struct text)TEXT_INIT;
		text_addf(&page.line, "%s in %s: %s", lines ? "the same" : "all the same", count == 2 ? "both" : "all",
			  text_get(&same));
		finish(&page, FOLD_WORDS);
		text_done(&same);
	}
	text_done(&page.line);
}

void page_differences(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
		      const struct sink_options *options)
{
	draw_differences(text, parsed, heads, count, NULL, 0, options);
}

void page_pair(struct text *text, const struct parsed *parsed, const char *const heads[2], const struct page_row *rows,
	       size_t count, const struct sink_options *options)
{
	draw_differences(text, parsed, heads, 2, rows, count, options);
}

/* ---- the flags ---- */

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

static int add_flag_line(struct libscols_table *table, const struct flag *flag, size_t room)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	struct text cell = TEXT_INIT;
	int result;

	if (!line)
		return -ENOMEM;
	text_addf(&cell, "0x%" PRIx64, flag->value);
	result = scols_line_set_data(line, 0, flag->name);
	result |= scols_line_set_data(line, 1, text_get(&cell));
	text_clear(&cell);
	add_letters(&cell, flag->calls);
	result |= scols_line_set_data(line, 2, text_get(&cell));
	result |= scols_line_set_data(line, 3, flag->since ? flag->since : "");
	text_clear(&cell);
	text_add(&cell, flag->means);
	wrap_words(&cell, room);
	result |= scols_line_set_data(line, 4, text_get(&cell));
	text_done(&cell);
	return result;
}

/* The rules about FLAG, of either side. */
static void add_flag_rules(struct page *page, const struct flag *flag)
{
	size_t count;
	const struct rule *table = rules_table(&count);

	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = &table[i];
		const uint64_t any = rule->any & flag->value ? flag->value : rule->any;
		/* a request that breaks it */
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
			rule_explain(&page->line, rule, &request, NULL);
		else
			add_condition(page, rule, &request);
		text_addf(&page->line, " [%s]", rule->source);
		finish(page, FOLD_WORDS);
	}
}

/* All that the tables know of one flag. */
static void add_flag_entry(struct page *page, const struct flag *flag)
{
	size_t count;
	const struct meaning *table = meaning_table(&count);
	const struct parties nobody = { 0 };

	page->indent = 0;
	text_addf(&page->line, "%s  0x%" PRIx64 "  ", flag->name, flag->value);
	add_calls(&page->line, flag->calls);
	if (flag->since)
		text_addf(&page->line, "  since Linux %s", flag->since);
	finish(page, FOLD_WORDS);
	page->indent = PAGE_INDENT;
	for (size_t i = 0; i < count; i++) {
		if (table[i].flag != flag->value || !(table[i].calls & flag->calls))
			continue;
		explain_sentence(&page->line, &table[i], &nobody);
		text_addf(&page->line, " [%s]", table[i].source);
		finish(page, FOLD_WORDS);
	}
	add_flag_rules(page, flag);
}

void page_flags(struct text *text, const struct sink_options *options)
{
	static const char *const heads[] = { "FLAG", "VALUE", "CALLS", "SINCE", "WHAT IT DOES" };
	struct page page = { .text = text, .line = TEXT_INIT, .options = options };
	enum { OTHERS = 50, ROOM_MIN = 20 }; /* columns of the other cells */
	const size_t width = page_width(options), room = width > OTHERS + ROOM_MIN ? width - OTHERS : ROOM_MIN;
	struct libscols_table *table;
	int result = 0;
	size_t count;
	const struct flag *flags = flag_table(&count);

	if (options->verbose) {
		for (size_t i = 0; i < count; i++)
			add_flag_entry(&page, &flags[i]);
		text_done(&page.line);
		return;
	}
	table = new_table(options);
	if (!table)
		result = -ENOMEM;
	for (size_t i = 0; !result && i < ARRAY_LENGTH(heads); i++)
		result = new_column(table, heads[i]);
	for (size_t i = 0; !result && i < count; i++)
		result = add_flag_line(table, &flags[i], room);
	add_table(text, table, result);
	text_add(&page.line,
		 "Of the new task, or of who calls unshare or setns. Calls: c clone, 3 clone3, u unshare, s setns. "
		 "Since: the Linux version, where later than 2.6.16. With -v, each in full");
	finish(&page, FOLD_WORDS);
	text_done(&page.line);
}
