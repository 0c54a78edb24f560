/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes all that is known about one call: decoding, printing, kind, resources, words, fingerprint, the codec.
 *
 * Input: the ABI's row, the call (from 0x80 on: any number, 8 bytes), six bytes of pids and their like, six arguments
 * of 8 bytes, what was read of clone3's struct (1 byte count, bytes), set_tid (1 byte count, 4 bytes each), what was
 * looked at when it was refused (1 byte whether there is a cgroup, 1 byte count, 4 bytes each, 1 byte errno). */
#include "teach/effect.h"
#include "teach/explain.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/request.h"
#include "clone/resource.h"
#include "clone/rules/rules.h"
#include "event/event.h"
#include "fuzz.h"
#include "trace.h"

static const struct abi *input_abi(struct input *input)
{
	unsigned count = 0;

	while (abi_at(count))
		count++;
	return abi_at(input_u8(input) % count);
}

static uint64_t input_nr(struct input *input, const struct abi *abi)
{
	uint8_t call = input_u8(input);
	int nr = abi->nr[call % CALL_COUNT];

	if (call >= 0x80)
		return input_u64(input);
	return nr < 0 ? UINT64_MAX : (uint64_t)nr | abi->nr_mark;
}

static void input_read(struct input *input, struct clone_args_read *ret)
{
	*ret = (struct clone_args_read){ .length = input_u8(input) };
	if (ret->length == 255)
		ret->length = CLONE_ARGS_KEEP;
	input_bytes(input, ret->bytes, ret->length);
	ret->set_tid_count = input_u8(input) % (CLONE_SET_TID_MAX + 1);
	input_bytes(input, ret->set_tid, ret->set_tid_count * sizeof(ret->set_tid[0]));
}

static void check_kind(const struct request *request)
{
	enum kind kind = kind_of(request);

	FUZZ_CHECK((unsigned)kind < KIND_COUNT && *kind_name(kind));
	FUZZ_CHECK((kind == KIND_UNKNOWN) == !(request->have & REQUEST_FLAGS));
	FUZZ_CHECK((kind == KIND_THREAD) == !!(request->flags & FLAG_THREAD));
}

/* Whatever was looked at: every rule has its words, and the prediction is one of the rules'. */
static void check_rules(struct text *text, const struct request *request, struct input *input)
{
	struct rule_finding findings[RULES_MAX];
	struct facts facts = { .cgroup = input_u8(input) % 2 ? "/a" : NULL };
	size_t count;
	int predicted;

	for (unsigned i = input_u8(input) % FACTS_MAX; i; i--) {
		const struct fact fact = { (enum fact_what)(input_u8(input) % FACT_COUNT), input_u8(input),
					   input_u8(input), input_u8(input) };

		facts_add(&facts, &fact);
	}
	predicted = rules_predict(request, &facts);
	count = rules_check(request, &facts, findings);
	FUZZ_CHECK(count < RULES_MAX && (predicted <= 0 || count));
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = findings[i].rule;

		text_clear(text);
		if (findings[i].answer == RULE_UNDECIDED)
			rule_explain_condition(text, rule, request, &facts);
		else
			rule_explain(text, rule, request, &facts);
		FUZZ_CHECK(text->length && !strchr(text_get(text), '$'));
		text_clear(text);
		rules_explain_refusal(text, request, rule->error, &facts);
		FUZZ_CHECK(text->length && !strchr(text_get(text), '\n'));
		FUZZ_CHECK(rules_facts(request, rule->error) < 1U << FACT_COUNT);
	}
	rules_explain_refusal(text, request, input_u8(input), &facts);
	text_clear(text);
}

static void check_outcomes(const struct request *request)
{
	enum outcome outcomes[RESOURCE_COUNT];

	if (!(request->have & REQUEST_FLAGS))
		return;
	resource_outcomes(request, outcomes);
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		FUZZ_CHECK((unsigned)outcomes[i] <= OUTCOME_CALLERS && *resource_name((enum resource)i));
}

static void check_words(struct text *text, const struct request *request, const struct parties *parties)
{
	explain_verdict(text, request, parties);
	trace_check_line(text);
	text_clear(text);
	explain_sharing(text, request, parties);
	explain_exit_signal(text, request, parties);
	for (unsigned bit = 0; bit < 64; bit++) {
		uint64_t value = UINT64_C(1) << bit;
		const struct flag *flag = request->flags & value ? flag_find(value, request->call) : NULL;

		if (flag)
			explain_flag(text, flag, request, parties);
	}
	trace_check_line(text);
}

static void check_creation(struct text *text, const struct request *request, const struct parties *parties)
{
	const char *like = fingerprint_find(request);

	FUZZ_CHECK(!like || *like);
	check_kind(request);
	check_outcomes(request);
	check_words(text, request, parties);
}

/* The events that REQUEST can be part of. */
static void check_events(const struct request *request, const struct parties *parties, uint64_t bits)
{
	struct event event = { .seq = 1, .tid = parties->creator, .kind = EVENT_CALL, .attempt.request = *request };
	struct trace trace;

	trace_open(&trace, bits);
	if (!call_is_creation(request->call)) {
		event.call.result = (int64_t)(bits % 4096) - 4095;
		trace_event(&trace, &event);
	} else {
		event.kind = EVENT_REFUSED;
		event.refused.error = (int)(bits % 4095) + 1;
		trace_event(&trace, &event);
		event = (struct event){ .seq = 2, .kind = EVENT_SPAWN, .tid = parties->creator };
		event.have = EVENT_HAVE_REQUEST | EVENT_HAVE_CREATOR;
		event.attempt.request = *request;
		event.spawn.child = parties->child;
		event.spawn.child_tgid = parties->child_tgid;
		event.spawn.creator_tgid = parties->creator_tgid;
		trace_event(&trace, &event);
		event = (struct event){ .seq = 3, .kind = EVENT_EXIT, .tid = parties->child };
		trace_event(&trace, &event);
	}
	trace_close(&trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	const struct abi *abi = input_abi(&input);
	uint64_t nr = input_nr(&input, abi), args[6];
	struct text text = TEXT_INIT;
	struct clone_args_read read;
	struct parties parties = { 0 };
	struct request request;

	parties.creator = input_u8(&input);
	parties.creator_tgid = input_u8(&input);
	parties.child = input_u8(&input);
	parties.child_tgid = input_u8(&input);
	parties.parent = input_u8(&input);
	parties.threads = input_u8(&input);
	parties.seen = parties.threads % 2;
	input_bytes(&input, args, sizeof(args));
	input_read(&input, &read);
	if (request_decode(abi, nr, args, input_u8(&input) & 1 ? NULL : &read, &request) < 0) {
		FUZZ_CHECK(abi_call(abi, nr) == CALL_NONE);
		return 0;
	}
	FUZZ_CHECK(request.call == abi_call(abi, nr) && request.abi == abi);
	request_format(&text, &request);
	trace_check_line(&text);
	text_clear(&text);
	if (call_is_creation(request.call))
		check_creation(&text, &request, &parties);
	else
		effect_explain(&text, &request, parties.creator_tgid, parties.inside);
	trace_check_line(&text);
	check_rules(&text, &request, &input);
	text_done(&text);
	check_events(&request, &parties, args[5]);
	return 0;
}
