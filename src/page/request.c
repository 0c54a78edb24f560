/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of one request, and the choice of the page for none or several. */
#include "page/request.h"

#include <inttypes.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/rules/rules.h"
#include "page/difference.h"
#include "page/flags.h"
#include "page/judged.h"
#include "page/page.h"
#include "render/detail.h"
#include "render/sink_options.h"
#include "render/words.h"
#include "teach/effect.h"
#include "teach/explain.h"
#include "teach/parse/parse.h"

/* The request with only what was given. */
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
		text_add(&page->printer.line, "setns(");
		flags_format(&page->printer.line, shown.flags, shown.call);
		text_add(&page->printer.line, ")");
	} else {
		request_format(&page->printer.line, &shown);
	}
	if (parsed->as == PARSED_LINE && parsed->child)
		text_addf(&page->printer.line, " = %d", (int)parsed->child);
	if (parsed->error) {
		text_add(&page->printer.line, " = -1 ");
		words_add_errno(&page->printer.line, parsed->error);
	}
	printer_finish(&page->printer, FOLD_ARGUMENTS);
}

/* The mask, as the kernel gets it. */
static void add_mask(struct page *page, const struct parsed *parsed)
{
	const struct request *request = &parsed->request;
	const bool in_flags = request->call == CALL_CLONE;

	text_addf(&page->printer.line, "flags 0x%" PRIx64, request->flags | (in_flags ? request->exit_signal : 0));
	if (request->call == CALL_FORK || request->call == CALL_VFORK)
		text_add(&page->printer.line, " and SIGCHLD, by the kernel's own doing");
	else if (in_flags && request->exit_signal)
		text_addf(&page->printer.line, ", the lowest byte of which is the exit signal");
	if (parsed->cut)
		text_addf(&page->printer.line, "; clone does not look at 0x%" PRIx64, parsed->cut);
	printer_finish(&page->printer, FOLD_WORDS);
}

/* "known since Linux 5.5, which brought CLONE_CLEAR_SIGHAND" */
static void add_since(struct text *line, const struct request *request)
{
	const char *what, *since = judged_since(request, &what);

	if (since)
		text_addf(line, "known since Linux %s, which brought %s", since, what);
	else
		text_add(line, "known since before Linux 2.6.16");
}

/* Whether ROW makes the request, as far as the request was given. */
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
		text_add(&page->printer.line, "the request of ");
		add_row_name(&page->printer.line, row);
		text_addf(&page->printer.line, ", by %s%s", row_call(row), row->stack ? " with a stack" : "");
		if (row->also)
			text_addf(&page->printer.line, "; also of %s", row->also);
		printer_finish(&page->printer, FOLD_WORDS);
	}
	if (!any)
		text_add(&page->printer.line, "the request of no library call that is known");
	printer_finish(&page->printer, FOLD_WORDS);
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
		text_add(&page->printer.line, "elsewhere: ");
		add_row_name(&page->printer.line, row);
		text_addf(&page->printer.line, ", by %s ", row_call(row));
		text_addf(&page->printer.line, "0x%" PRIx64,
			  row->flags | (row->calls & 1U << CALL_CLONE ? row->signal_low : 0));
		printer_finish(&page->printer, FOLD_WORDS);
	}
}

static struct parties page_parties(const struct parsed *parsed)
{
	return (struct parties){ .creator = parsed->caller, .child = parsed->child };
}

/* "REFUSED with EINVAL: CLONE_THREAD needs CLONE_SIGHAND, which is not set" */
static void add_refusal(struct page *page, const struct parsed *parsed, const struct rule *rule)
{
	const struct request request = judged_request(parsed);

	text_add(&page->printer.line, "REFUSED");
	if (rule) {
		text_add(&page->printer.line, " with ");
		errno_add_name(&page->printer.line, rule->error);
		text_add(&page->printer.line, ": ");
		rule_explain(&page->printer.line, rule, &request, NULL);
	} else {
		text_add(&page->printer.line,
			 call_is_creation(request.call) ? ": no task was made" : ": nothing was changed");
		rules_explain_refusal(&page->printer.line, &request, parsed->error, NULL);
	}
	printer_finish_verdict(&page->printer);
}

/* What kind of task, or what changes for the caller. */
static void add_verdict(struct page *page, const struct parsed *parsed, const struct parties *parties)
{
	const struct rule *rule = judged_refusal(parsed);
	struct request request = parsed->request;

	if (rule || parsed->error) {
		add_refusal(page, parsed, rule);
		return;
	}
	if (!parsed->stack_given) /* the library calls say what it looks like */
		request.have &= ~(unsigned)REQUEST_STACK;
	if (call_is_creation(request.call))
		explain_verdict(&page->printer.line, &request, parties);
	else
		effect_explain(&page->printer.line, &request, 0, 0);
	printer_finish_verdict(&page->printer);
}

/* Whether to report a finding about a request that is not known to have been made. Not worth reporting: what the
 * machine may lack, what a caller must not have done on old kernels, and what a descriptor must be if none was given.
 */
static bool is_condition(const struct rule_finding *finding, const struct parsed *parsed)
{
	const struct rule *rule = finding->rule;

	return finding->answer == RULE_UNDECIDED && (rule->about != RULE_MACHINE || rule->with & FLAG_INTO_CGROUP) &&
	       !(rule->until && rule->about == RULE_CALLER) &&
	       (parsed->as == PARSED_LINE || !strstr(rule->condition, "$d"));
}

/* The conditions on which the kernel accepts the request: a line for each errno. */
static void add_acceptance(struct page *page, const struct parsed *parsed)
{
	const struct request request = judged_request(parsed);
	struct rule_finding findings[RULES_MAX];
	const size_t count = rules_check(&request, NULL, findings);
	bool any = false;

	if (judged_refusal(parsed) || parsed->as == PARSED_LINE)
		return;
	for (size_t i = 0; i < count; i++) {
		const int error = findings[i].rule->error;

		for (size_t j = i; j < count; j++) {
			if (findings[j].rule->error != error || !is_condition(&findings[j], parsed))
				continue;
			judged_add_condition(&page->printer.line, findings[j].rule, &request);
			findings[j].answer = RULE_SATISFIED; /* reported */
			any = true;
		}
		printer_finish(&page->printer, FOLD_WORDS);
	}
	if (!any)
		printer_add_line(&page->printer, "taken from anyone, within the limits on tasks");
}

/* The result of the request, or what the result would have been. */
static void add_details(struct page *page, const struct parsed *parsed, const struct parties *parties)
{
	const struct request *request = &parsed->request;
	const struct detail detail = {
		.printer = &page->printer,
		.reported = &page->reported,
		.no_arguments = !parsed->stack_given,
	};

	if (parsed->error || judged_refusal(parsed)) {
		detail_refused(&detail, request, parties);
		return;
	}
	detail_matrix(&detail, request, parties);
	detail_flags(&detail, request, parties);
	if (page->options.verbose)
		detail_missing(&detail, request, parties);
	else if (call_is_creation(request->call))
		explain_exit_signal(&page->printer.line, request, parties);
	printer_finish(&page->printer, FOLD_WORDS);
	while (page->options.verbose && explain_correction(&page->printer.line, request, parties, &page->reported))
		printer_finish(&page->printer, FOLD_WORDS);
}

void page_request(struct text *text, const struct parsed *parsed, const struct sink_options *options)
{
	struct page page;
	const struct parties parties = page_parties(parsed);

	page_init(&page, text, options);
	add_call(&page, parsed);
	printer_indent(&page.printer, PAGE_INDENT);
	add_mask(&page, parsed);
	add_verdict(&page, parsed, &parties);
	add_details(&page, parsed, &parties);
	add_acceptance(&page, parsed);
	add_since(&page.printer.line, &parsed->request);
	printer_finish(&page.printer, FOLD_WORDS);
	add_library_calls(&page, parsed);
	add_variants(&page, parsed);
	page_done(&page);
}

void page_requests(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
		   const struct sink_options *options)
{
	if (!count)
		page_flags(text, options);
	for (size_t i = 0; i < count && (count == 1 || options->verbose); i++) {
		page_request(text, &parsed[i], options);
		text_add(text, count > 1 ? "\n" : "");
	}
	if (count > 1)
		difference_draw(text, parsed, heads, count, NULL, 0, options);
}
