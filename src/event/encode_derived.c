/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a line that are derived from the others: names, and the meaning of a call or a status. */
#include <sys/wait.h>

#include "base/array.h"
#include "base/json.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/rules/rules.h"
#include "event/codec_common.h"
#include "event/signal.h"

/* Adds FLAGS as a list of names, and the bits without a name last, as one hexadecimal number. */
static void add_flags(struct json *json, uint64_t flags, enum call call)
{
	json_open_array(json, JSON_DENSE);
	for (uint64_t left = flags; left; left &= left - 1) {
		uint64_t bit = left & -left;
		const struct flag *flag = flag_find(bit, call);

		if (!flag)
			continue;
		json_add_plain(json, flag->name);
		flags &= ~bit;
	}
	if (flags) {
		text_add_hex(json_open_plain(json), flags);
		json_close_plain(json);
	}
	json_close(json);
}

/* Adds the keys of the bits in the mask VALUE; nothing for an empty mask and for bits of a newer version. */
static bool derive_check_names(struct json *json, const void *value)
{
	const uint64_t mask = *(const uint64_t *)value;

	if (!(mask & ((UINT64_C(1) << CHECK_COUNT) - 1)))
		return false;
	json_open_array(json, JSON_DENSE);
	for (unsigned i = 0; i < CHECK_COUNT; i++)
		if (mask >> i & 1)
			json_add_plain(json, check_key((enum check)i));
	json_close(json);
	return true;
}

/* Without the flags only the pids show the kind. */
static const char *spawn_verdict(const struct event *event)
{
	const struct request *request = event_request(event);

	if (request && request->have & REQUEST_FLAGS)
		return kind_name(kind_of(request));
	if (event->spawn.child_tgid <= 0)
		return kind_name(KIND_UNKNOWN);
	return kind_name(event->spawn.child_tgid == event->spawn.child ? KIND_PROCESS : KIND_THREAD);
}

static bool derive_reasons(struct json *json, const struct event *event)
{
	const struct request *request = &event->attempt.request;
	uint64_t set, clear;

	if (kind_of(request) == KIND_UNKNOWN)
		return false;
	kind_reasons(request, &set, &clear);
	json_open_object(json, JSON_DENSE);
	json_key(json, "set");
	add_flags(json, set, request->call);
	json_key(json, "clear");
	add_flags(json, clear, request->call);
	json_close(json);
	return true;
}

static bool add_name(struct json *json, const char *name)
{
	if (name)
		json_add_plain(json, name);
	return name;
}

static bool add_signal(struct json *json, uint64_t signo)
{
	if (!signo || signo > INT32_MAX || !signal_has_name((int)signo))
		return false;
	signal_add_name(json_open_plain(json), (int)signo);
	json_close_plain(json);
	return true;
}

static bool add_number(struct json *json, bool there, int number)
{
	if (there)
		json_add_signed(json, number);
	return there;
}

static bool add_true(struct json *json, bool there)
{
	if (there)
		json_add_bool(json, true);
	return there;
}

/* The errno that a call has returned as RESULT; 0: it has not failed. */
static int result_error(int64_t result)
{
	return result < 0 && result >= -INT32_MAX ? (int)-result : 0;
}

/* The rule because of which the call of EVENT, a REFUSED or CALL, surely failed; NULL: not known, or it did not fail.
 */
static const struct rule *event_rule(const struct event *event)
{
	const int error = event->kind == EVENT_REFUSED ? event->refused.error : result_error(event->call.result);

	return error ? rules_violated(&event->attempt.request, error, event_facts(event)) : NULL;
}

static bool derive_rule(struct json *json, const struct event *event)
{
	const struct rule *rule = event_rule(event);

	return add_name(json, rule ? rule->name : NULL);
}

static bool derive_why(struct json *json, const struct event *event)
{
	const struct rule *rule = event_rule(event);
	struct text why = TEXT_INIT;

	if (!rule)
		return false;
	rule_explain(&why, rule, &event->attempt.request, event_facts(event));
	json_add_string(json, text_get(&why));
	text_done(&why);
	return true;
}

static bool derive_origin(struct json *json, const struct event *event)
{
	const struct stack *stack = &event->attempt.stack;
	const struct frame *origin = stack_origin(stack);

	if (origin)
		json_add_unsigned(json, (uint64_t)(origin - stack->frames));
	return origin;
}

static bool derive_clock(struct json *json, const struct event *event)
{
	(void)event;
	return add_name(json, "CLOCK_MONOTONIC");
}

static bool derive_arch(struct json *json, const struct event *event)
{
	const struct abi *abi = abi_find(event->begin.audit_arch, 0);

	return add_name(json, abi ? abi->name : NULL);
}

static bool derive_verdict(struct json *json, const struct event *event)
{
	return add_name(json, spawn_verdict(event));
}

static bool derive_looks_like(struct json *json, const struct event *event)
{
	return add_name(json, fingerprint_find(&event->attempt.request));
}

static bool derive_by(struct json *json, const struct event *event)
{
	return add_name(json, stack_library_call(&event->attempt.stack));
}

static bool derive_error_name(struct json *json, const void *value)
{
	return add_name(json, errno_name(*(const int *)value));
}

static bool derive_result_name(struct json *json, const void *value)
{
	return add_name(json, errno_name(result_error(*(const int64_t *)value)));
}

static bool derive_note_error_name(struct json *json, const struct event *event)
{
	const bool is_error = event->note.code == NOTE_NO_FILTER || event->note.code == NOTE_CLONE3_HIDDEN;

	return is_error && event->note.number >= 0 && event->note.number <= INT32_MAX &&
	       add_name(json, errno_name((int)event->note.number));
}

static bool derive_signal_name(struct json *json, const void *value)
{
	const int signo = *(const int *)value;

	return signo > 0 && add_signal(json, (uint64_t)signo);
}

static bool derive_note_signal_name(struct json *json, const struct event *event)
{
	return event->note.code == NOTE_SIGNAL_REPEATS && add_signal(json, (uint64_t)event->note.number);
}

static bool derive_code_name(struct json *json, const struct event *event)
{
	return add_name(json, signal_code_name(event->signal.signo, event->signal.code));
}

static bool derive_cause_name(struct json *json, const struct event *event)
{
	return add_name(json, check_cause_name((enum check_cause)event->verify.cause));
}

static bool derive_inferred_names(struct json *json, const struct event *event)
{
	add_flags(json, event->attach.inferred, CALL_CLONE3);
	return true;
}

/* ---- what a wait status says ---- */

static int event_status(const struct event *event)
{
	return event->kind == EVENT_END ? event->end.status : event->exit.status;
}

/* The status of a task that an exec has ended means nothing. */
static bool is_replaced(const struct event *event)
{
	return event->kind == EVENT_EXIT && event->have & EVENT_HAVE_REPLACED && event->exit.replaced;
}

static bool derive_exit_code(struct json *json, const struct event *event)
{
	const int status = event_status(event);

	return add_number(json, WIFEXITED(status) && !is_replaced(event), WEXITSTATUS(status));
}

static bool derive_death_signal(struct json *json, const struct event *event)
{
	const int status = event_status(event);

	return add_number(json, WIFSIGNALED(status), WTERMSIG(status));
}

static bool derive_death_signal_name(struct json *json, const struct event *event)
{
	const int status = event_status(event);

	return WIFSIGNALED(status) && add_signal(json, (uint64_t)WTERMSIG(status));
}

static bool derive_core(struct json *json, const struct event *event)
{
	const int status = event_status(event);

	return add_true(json, WIFSIGNALED(status) && WCOREDUMP(status));
}

/* ---- of a request ---- */

static bool derive_flag_names(struct json *json, const struct request *request)
{
	add_flags(json, request->flags, request->call);
	return true;
}

static bool derive_exit_signal_name(struct json *json, const struct request *request)
{
	return add_signal(json, request->exit_signal);
}

/* ---- the table ---- */

/* The functions that add the value of a field of that type, from the event or the request that has the field, or from
 * the member at the field's offset: one of the three. False: there is no value. */
static const struct {
	bool (*event)(struct json *json, const struct event *event);
	bool (*request)(struct json *json, const struct request *request);
	bool (*value)(struct json *json, const void *value);
} types[] = {
	[FIELD_CLOCK] = { .event = derive_clock },
	[FIELD_ARCH] = { .event = derive_arch },
	[FIELD_VERDICT] = { .event = derive_verdict },
	[FIELD_REASONS] = { .event = derive_reasons },
	[FIELD_LOOKS_LIKE] = { .event = derive_looks_like },
	[FIELD_BY] = { .event = derive_by },
	[FIELD_ORIGIN] = { .event = derive_origin },
	[FIELD_ERROR_NAME] = { .value = derive_error_name },
	[FIELD_RESULT_NAME] = { .value = derive_result_name },
	[FIELD_NOTE_ERROR_NAME] = { .event = derive_note_error_name },
	[FIELD_RULE] = { .event = derive_rule },
	[FIELD_WHY] = { .event = derive_why },
	[FIELD_SIGNAL_NAME] = { .value = derive_signal_name },
	[FIELD_NOTE_SIGNAL_NAME] = { .event = derive_note_signal_name },
	[FIELD_CODE_NAME] = { .event = derive_code_name },
	[FIELD_EXIT_CODE] = { .event = derive_exit_code },
	[FIELD_DEATH_SIGNAL] = { .event = derive_death_signal },
	[FIELD_DEATH_SIGNAL_NAME] = { .event = derive_death_signal_name },
	[FIELD_CORE] = { .event = derive_core },
	[FIELD_FLAG_NAMES] = { .request = derive_flag_names },
	[FIELD_EXIT_SIGNAL_NAME] = { .request = derive_exit_signal_name },
	[FIELD_CHECK_NAMES] = { .value = derive_check_names },
	[FIELD_INFERRED_NAMES] = { .event = derive_inferred_names },
	[FIELD_CAUSE_NAME] = { .event = derive_cause_name },
};

_Static_assert(ARRAY_LENGTH(types) == FIELD_TYPE_COUNT, "each type of derived fields has a row");

bool encode_derived(struct json *json, const struct field *field, const void *owner)
{
	if (types[field->type].event)
		return types[field->type].event(json, owner);
	if (types[field->type].request)
		return types[field->type].request(json, owner);
	return types[field->type].value(json, (const char *)owner + field->offset);
}
