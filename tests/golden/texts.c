/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists every sentence that -v and --explain can say, each with where it stands that it is so: `make texts`. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "teach/effect.h"
#include "teach/explain.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "teach/meaning.h"
#include "clone/request.h"
#include "clone/resource.h"
#include "clone/rules/rules.h"

/* Process 4470, its thread 4472 where `by_thread`, makes 4480. */
static const struct parties plain = { 4470, 4470, 4480, 0, 4480, 4470, 1, false };
static const struct parties thread = { 4470, 4470, 4480, 0, 4470, 4400, 2, false };
static const struct parties sibling = { 4470, 4470, 4480, 0, 4480, 4400, 1, false };
static const struct parties by_thread = { 4472, 4470, 4480, 0, 4480, 4470, 1, false };
static const struct parties adopted = { 4470, 4470, 4480, 0, 4480, 1, 1, false };
static const struct parties unknown = { 0 };

static void print(const char *head, struct text *text, const char *source)
{
	printf("%s%s%s\n    [%s]\n", head, *head ? ": " : "", text_get(text), source);
	text_clear(text);
}

static struct request request_of(enum call call, uint64_t flags, uint64_t signo)
{
	return (struct request){
		.call = call,
		.have = REQUEST_FLAGS | REQUEST_ARGS,
		.flags = flags,
		.exit_signal = signo,
		.args = { 3, flags },
	};
}

static void print_flags(void)
{
	struct text text = TEXT_INIT;
	size_t count;
	const struct flag *table = flag_table(&count);

	puts("\n== Flags, in brief ==\n");
	for (size_t i = 0; i < count; i++) {
		text_addf(&text, "%s", table[i].means);
		print(table[i].name, &text, "in full below");
	}
	text_done(&text);
}

static void print_meanings(void)
{
	const struct parties *parties;
	struct text text = TEXT_INIT;
	size_t count;
	const struct meaning *table = meaning_table(&count);

	puts("\n== Flags, set and not set ==\n");
	for (size_t i = 0; i < count; i++) {
		const enum call call = table[i].calls & 1U << CALL_UNSHARE  ? CALL_UNSHARE
				       : table[i].calls & 1U << CALL_SETNS  ? CALL_SETNS
				       : table[i].calls & 1U << CALL_CLONE3 ? CALL_CLONE3
									    : CALL_CLONE;
		const struct flag *flag = flag_find(table[i].flag, call);

		parties = table[i].flag == FLAG_PARENT && table[i].set ? &sibling : &plain;
		explain_sentence(&text, &table[i], parties);
		print(flag ? flag->name : "?", &text, table[i].source);
	}
	text_done(&text);
}

/* With the letters for numbers and flags as they stand in the table. */
static void print_rules(void)
{
	struct text text = TEXT_INIT;
	size_t count;
	const struct rule *rules = rules_table(&count);

	puts("\n== Rules by which the kernel refuses ==\n");
	for (size_t i = 0; i < count; i++) {
		text_addf(&text, "%s: %s", errno_name(rules[i].error), rules[i].text);
		if (rules[i].condition && strcmp(rules[i].condition, rules[i].text) != 0)
			text_addf(&text, "; or, not for certain: %s", rules[i].condition);
		print(rules[i].name, &text, rules[i].source);
	}
	text_done(&text);
}

static void print_corrections(void)
{
	struct text text = TEXT_INIT;
	size_t count;
	const struct correction *table = correction_table(&count);

	puts("\n== Half-truths ==\n");
	for (size_t i = 0; i < count; i++) {
		text_addf(&text, "\"%s\": %s", table[i].half, table[i].text);
		print("", &text, table[i].source);
	}
	text_done(&text);
}

static void print_ends(void)
{
	struct text text = TEXT_INIT;
	size_t count;
	const struct explain_end *table = explain_end_table(&count);

	puts("\n== Ends ==\n");
	for (size_t i = 0; i < count; i++) {
		text_addf(&text, "%s / %s", table[i].brief, table[i].text);
		print("", &text, table[i].source);
	}
	text_done(&text);
}

static void print_resources(void)
{
	struct text text = TEXT_INIT;

	puts("\n== Resources: with their flag, without it, by unshare, by setns ==\n");
	for (unsigned i = 0; i < RESOURCE_COUNT; i++) {
		const struct request requests[] = {
			request_of(CALL_CLONE3, resource_flag(i), 17),
			request_of(CALL_CLONE3, 0, 17),
			request_of(CALL_UNSHARE, resource_flag(i), 0),
			request_of(CALL_SETNS, resource_flag(i), 0),
		};

		for (size_t r = 0; r < ARRAY_LENGTH(requests); r++) {
			enum outcome outcomes[RESOURCE_COUNT];

			resource_outcomes(&requests[r], outcomes);
			text_addf(&text, "%s%s", r ? ", " : "", outcome_name(outcomes[i]));
		}
		print(resource_name(i), &text, resource_source(i));
	}
	text_done(&text);
}

static void print_verdicts(void)
{
	const struct {
		struct request request;
		const struct parties *parties;
	} rows[] = {
		{ request_of(CALL_CLONE, 0x1200000, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_FS, 17), &by_thread },
		{ request_of(CALL_CLONE, FLAG_FS, 17), &adopted },
		{ request_of(CALL_CLONE, FLAG_PARENT, 17), &sibling },
		{ request_of(CALL_CLONE, FLAG_VFORK, 17), &plain },
		{ request_of(CALL_VFORK, FLAG_VM | FLAG_VFORK, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_VM, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_NEWPID, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_NEWPID | FLAG_NEWNET, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_NEWPID | FLAG_NEWNET | FLAG_NEWUSER, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_NEWNET | FLAG_VM, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_NEWNET | FLAG_VM | FLAG_VFORK, 17), &plain },
		{ request_of(CALL_CLONE, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, 0), &thread },
		{ request_of(CALL_CLONE, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD | FLAG_NEWNET, 0), &thread },
		{ request_of(CALL_CLONE, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD | FLAG_VFORK, 0), &thread },
		{ request_of(CALL_CLONE, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, 0), &unknown },
		{ { .call = CALL_CLONE3 }, &plain },
		{ { .call = CALL_CLONE3 }, &thread },
		{ { .call = CALL_CLONE3 }, &unknown },
	};
	struct text text = TEXT_INIT;

	puts("\n== Verdicts ==\n");
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		explain_verdict(&text, &rows[i].request, rows[i].parties);
		print(kind_name(kind_of(&rows[i].request)), &text, kind_source(kind_of(&rows[i].request)));
	}
	text_done(&text);
}

static void print_effects(void)
{
	static const uint64_t flags[] = { 0,	       FLAG_VM,	       FLAG_FS,
					  FLAG_FILES,  FLAG_SYSVSEM,   FLAG_UNSHARE_EMPTY_MNTNS,
					  FLAG_NEWNS,  FLAG_NEWCGROUP, FLAG_NEWUTS,
					  FLAG_NEWIPC, FLAG_NEWUSER,   FLAG_NEWPID,
					  FLAG_NEWNET, FLAG_NEWTIME };
	static const struct {
		enum call call;
		uint64_t first, second;
	} others[] = { { CALL_SETSID, 0, 0 },
		       { CALL_SETPGID, 0, 0 },
		       { CALL_SETPGID, 4480, 4470 },
		       { CALL_PRCTL, 36, 1 },
		       { CALL_PRCTL, 36, 0 } };
	struct text text = TEXT_INIT;

	puts("\n== Calls that make no task ==\n");
	for (int call = CALL_UNSHARE; call <= CALL_SETNS; call++)
		for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
			const struct request request = request_of((enum call)call, flags[i], 0);

			if (flags[i] && !(flag_find(flags[i], (enum call)call)))
				continue;
			effect_explain(&text, &request, 4470, 0);
			print(call_name((enum call)call), &text, effect_source((enum call)call));
		}
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
		const struct request request = {
			.call = others[i].call,
			.have = REQUEST_ARGS,
			.args = { others[i].first, others[i].second },
		};

		effect_explain(&text, &request, 4470, 0);
		print(call_name(others[i].call), &text, effect_source(others[i].call));
	}
	text_done(&text);
}

static void print_fingerprints(void)
{
	struct text text = TEXT_INIT;
	size_t count;
	const struct fingerprint *table = fingerprint_table(&count);

	puts("\n== Library calls ==\n");
	for (size_t i = 0; i < count; i++) {
		const enum call call = table[i].calls & 1U << CALL_CLONE3 ? CALL_CLONE3 : CALL_CLONE;

		text_addf(&text, "%s: 0x%" PRIx64 ", exit signal %u%s", table[i].library, table[i].flags,
			  table[i].signal_low, table[i].stack ? ", a stack" : "");
		if (table[i].calls & 1U << call)
			text_addf(&text, ", %s", call_name(call));
		if (table[i].also)
			text_addf(&text, "; also %s", table[i].also);
		print(table[i].name, &text, table[i].source);
	}
	text_done(&text);
}

int main(void)
{
	puts("Every sentence that -v and --explain can say, and in brackets where it stands that it is so.\n"
	     "$c: the new task, $m: who made it, $t: the process of that, $p or $r: the parent, $s: the exit signal.");
	print_flags();
	print_meanings();
	print_rules();
	print_corrections();
	print_ends();
	print_resources();
	print_verdicts();
	print_effects();
	print_fingerprints();
	return fflush(stdout) ? 1 : 0;
}
