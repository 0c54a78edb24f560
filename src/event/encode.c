/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to lines of JSON: every fact as a number, and beside it the names that people and jq look for. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/json.h"
#include "base/names.h"
#include "base/text.h"
#include "base/utf8.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/rules/rules.h"
#include "event/codec.h"
#include "event/codec_common.h"
#include "event/signal.h"

static void encode_hex(struct json *json, const void *data, size_t length)
{
	struct text *text = json_open_plain(json);
	const unsigned char *bytes = data;

	for (size_t i = 0; i < length; i++) {
		text_add_bytes(text, &"0123456789abcdef"[bytes[i] >> 4], 1);
		text_add_bytes(text, &"0123456789abcdef"[bytes[i] & 0xf], 1);
	}
	json_close_plain(json);
}

/* Adds VALUE as a number below LIMIT and as "0x..." from there on. */
static void encode_unsigned(struct json *json, uint64_t value, uint64_t limit)
{
	if (value < limit) {
		json_add_unsigned(json, value);
		return;
	}
	text_add_hex(json_open_plain(json), value);
	json_close_plain(json);
}

static void encode_signed(struct json *json, int64_t value)
{
	const uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	struct text *text;

	if (size < EXACT_LIMIT) {
		json_add_signed(json, value);
		return;
	}
	text = json_open_plain(json);
	text_add(text, value < 0 ? "-" : "");
	text_add_hex(text, size);
	json_close_plain(json);
}

enum { HEX_KEY_MAX = 64 };

/* The key of what is beside KEY where text cannot hold its bytes. */
static void encode_hex_key(struct json *json, char ret_key[HEX_KEY_MAX], const char *key)
{
	snprintf(ret_key, HEX_KEY_MAX, "%s_hex", key);
	json_key(json, ret_key);
}

/* BYTES as text that can be read, and exactly beside it where text cannot hold them. */
static void encode_bytes(struct json *json, const char *key, const char *bytes)
{
	char hex_key[HEX_KEY_MAX];

	if (!bytes)
		bytes = "";
	json_add_string(json, bytes);
	if (utf8_is_valid(bytes, strlen(bytes)))
		return;
	encode_hex_key(json, hex_key, key);
	encode_hex(json, bytes, strlen(bytes));
}

/* The arguments, with HEX each one's bytes. */
static void encode_list(struct json *json, const struct arguments *argv, bool hex)
{
	json_open_array(json, JSON_DENSE);
	for (const char *at = NULL; (at = arguments_next(argv, at));) {
		if (hex)
			encode_hex(json, at, strlen(at));
		else
			json_add_string(json, at);
	}
	json_close(json);
}

static void encode_argv(struct json *json, const char *key, const struct arguments *argv)
{
	char hex_key[HEX_KEY_MAX];

	encode_list(json, argv, false);
	if (!argv->length || utf8_is_valid(argv->bytes, argv->length))
		return;
	encode_hex_key(json, hex_key, key);
	encode_list(json, argv, true);
}

static void encode_pids(struct json *json, const pid_t *pids, size_t count)
{
	json_open_array(json, JSON_DENSE);
	for (size_t i = 0; i < count; i++)
		json_add_signed(json, pids[i]);
	json_close(json);
}

static void encode_namespaces(struct json *json, const uint64_t *ns)
{
	json_open_object(json, JSON_DENSE);
	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		if (!ns[i])
			continue;
		json_key(json, namespace_key((enum namespace)i));
		encode_unsigned(json, ns[i], INT64_MAX);
	}
	json_close(json);
}

/* The bytes up to the last one that is not zero. */
static void encode_newer(struct json *json, const struct request *request)
{
	size_t length = NEWER_SIZE;

	while (length && !request->newer[length - 1])
		length--;
	encode_hex(json, request->newer, length);
}

static void encode_args(struct json *json, const struct request *request)
{
	json_open_array(json, JSON_DENSE);
	for (size_t i = 0; i < COUNT_OF(request->args); i++)
		encode_unsigned(json, request->args[i], EXACT_LIMIT);
	json_close(json);
}

/* Each with its numbers, zeros left out but for `value` and `use`. */
static void encode_facts(struct json *json, const struct facts *facts)
{
	json_open_array(json, JSON_DENSE);
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->list[i];

		json_open_object(json, JSON_DENSE);
		json_put_string(json, "what", fact_name(fact->what));
		json_key(json, "value");
		encode_unsigned(json, fact->value, EXACT_LIMIT);
		json_key(json, "use");
		encode_unsigned(json, fact->use, EXACT_LIMIT);
		if (fact->id) {
			json_key(json, "id");
			encode_unsigned(json, fact->id, EXACT_LIMIT);
		}
		if (fact->what == FACT_PIDS && facts->cgroup)
			json_put_string(json, "path", facts->cgroup);
		json_close(json);
	}
	json_close(json);
}

static void encode_request(struct json *json, const struct request *request);
static void encode_frame(struct json *json, const struct frame *frame);
static void encode_frames(struct json *json, const struct stack *stack);

/* Adds the value of FIELD, which is not derived, of OWNER, a struct event or a struct request. */
static void encode_value(struct json *json, const struct field *field, const void *owner)
{
	const void *value = (const char *)owner + field->offset;

	switch (field->type) {
	case FIELD_FORMAT:
		json_add_unsigned(json, CODEC_FORMAT);
		break;
	case FIELD_KIND:
		json_add_plain(json, event_kind_name(*(const enum event_kind *)value));
		break;
	case FIELD_MODE:
		assert(event_mode_name(*(const enum event_mode *)value));
		json_add_plain(json, event_mode_name(*(const enum event_mode *)value));
		break;
	case FIELD_NOTE:
		json_add_plain(json, event_note_name(*(const enum event_note *)value));
		break;
	case FIELD_CALL:
		json_add_plain(json, call_name(*(const enum call *)value));
		break;
	case FIELD_ABI:
		assert(*(const struct abi *const *)value); /* request_decode() never leaves it out */
		json_add_plain(json, (*(const struct abi *const *)value)->name);
		break;
	case FIELD_PID:
	case FIELD_INT:
		json_add_signed(json, *(const int *)value);
		break;
	case FIELD_UINT:
		json_add_unsigned(json, *(const unsigned *)value);
		break;
	case FIELD_BOOL:
		json_add_bool(json, *(const bool *)value);
		break;
	case FIELD_COUNT:
		encode_unsigned(json, *(const uint64_t *)value, INT64_MAX);
		break;
	case FIELD_BITS:
		encode_unsigned(json, *(const uint64_t *)value, EXACT_LIMIT);
		break;
	case FIELD_SIGNED:
		encode_signed(json, *(const int64_t *)value);
		break;
	case FIELD_STRING:
		json_add_string(json, *(const char *const *)value);
		break;
	case FIELD_BYTES:
		encode_bytes(json, field->key, *(const char *const *)value);
		break;
	case FIELD_ARGV:
		encode_argv(json, field->key, value);
		break;
	case FIELD_REQUEST:
		encode_request(json, value);
		break;
	case FIELD_NSPIDS:
		encode_pids(json, ((const struct nspids *)value)->list, ((const struct nspids *)value)->count);
		break;
	case FIELD_NAMESPACES:
		encode_namespaces(json, value);
		break;
	case FIELD_TIDS:
		encode_pids(json, ((const struct request *)owner)->set_tid_list, set_tid_count(owner));
		break;
	case FIELD_NEWER:
		encode_newer(json, owner);
		break;
	case FIELD_ARGS:
		encode_args(json, owner);
		break;
	case FIELD_STACK:
		encode_frames(json, value);
		break;
	case FIELD_FRAME:
		encode_frame(json, value);
		break;
	case FIELD_STACK_END:
		assert(stack_end_name(*(const enum stack_end *)value));
		json_add_plain(json, stack_end_name(*(const enum stack_end *)value));
		break;
	case FIELD_FACTS:
		encode_facts(json, *(const struct facts *const *)value);
		break;
	case FIELD_RULE:
	case FIELD_WHY:
	case FIELD_CLOCK:
	case FIELD_ARCH:
	case FIELD_VERDICT:
	case FIELD_REASONS:
	case FIELD_LOOKS_LIKE:
	case FIELD_BY:
	case FIELD_ORIGIN:
	case FIELD_ERROR_NAME:
	case FIELD_SIGNAL_NAME:
	case FIELD_CODE_NAME:
	case FIELD_EXIT_CODE:
	case FIELD_DEATH_SIGNAL:
	case FIELD_DEATH_SIGNAL_NAME:
	case FIELD_CORE:
	case FIELD_FLAG_NAMES:
	case FIELD_EXIT_SIGNAL_NAME:
	case FIELD_CHECK_NAMES:
	case FIELD_INFERRED_NAMES:
	case FIELD_CAUSE_NAME:
		break; /* derive_value() */
	}
}

/* What is worked out ----------------------------------------------------------------------------------------------- */

/* Adds FLAGS as a list of names, bits that have none last as one number in hex. */
static void derive_flags(struct json *json, uint64_t flags, enum call call)
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
	if (flags)
		encode_unsigned(json, flags, 0);
	json_close(json);
}

/* Adds the keys of what MASK has; none for an empty one, and for bits of a newer version. */
static bool derive_checks(struct json *json, uint64_t mask)
{
	if (!(mask & ((UINT64_C(1) << CHECK_COUNT) - 1)))
		return false;
	json_open_array(json, JSON_DENSE);
	for (unsigned i = 0; i < CHECK_COUNT; i++)
		if (mask >> i & 1)
			json_add_plain(json, check_key((enum check)i));
	json_close(json);
	return true;
}

/* Without the flags only the pids show it. */
static const char *spawn_verdict(const struct event *event)
{
	const struct request *request = event_request(event);

	if (request && request->have & REQUEST_FLAGS)
		return kind_name(kind_of(request));
	if (event->spawn.child_tgid <= 0)
		return kind_name(KIND_UNKNOWN);
	return kind_name(event->spawn.child_tgid == event->spawn.child ? KIND_PROCESS : KIND_THREAD);
}

static bool derive_reasons(struct json *json, const struct request *request)
{
	uint64_t set, clear;

	if (kind_of(request) == KIND_UNKNOWN)
		return false;
	kind_reasons(request, &set, &clear);
	json_open_object(json, JSON_DENSE);
	json_key(json, "set");
	derive_flags(json, set, request->call);
	json_key(json, "clear");
	derive_flags(json, clear, request->call);
	json_close(json);
	return true;
}

static bool derive_name(struct json *json, const char *name)
{
	if (name)
		json_add_plain(json, name);
	return name;
}

static bool derive_signal(struct json *json, uint64_t signo)
{
	if (!signo || signo > INT32_MAX || !signal_has_name((int)signo))
		return false;
	signal_add_name(json_open_plain(json), (int)signo);
	json_close_plain(json);
	return true;
}

static bool derive_number(struct json *json, bool there, int number)
{
	if (there)
		json_add_signed(json, number);
	return there;
}

static bool derive_true(struct json *json, bool there)
{
	if (there)
		json_add_bool(json, true);
	return there;
}

/* The number of a signal that EVENT reports, or 0. */
static int64_t event_signal(const struct event *event)
{
	if (event->kind == EVENT_NOTE)
		return event->note.code == NOTE_SIGNAL_REPEATS ? event->note.number : 0;
	return event->signal.signo;
}

/* The errno of what EVENT reports, or 0. */
static int event_error(const struct event *event)
{
	if (event->kind == EVENT_SIGNAL)
		return event->signal.error;
	if (event->kind == EVENT_NOTE &&
	    (event->note.code == NOTE_NO_FILTER || event->note.code == NOTE_CLONE3_HIDDEN) && event->note.number >= 0 &&
	    event->note.number <= INT32_MAX)
		return (int)event->note.number;
	if (event->kind == EVENT_REFUSED)
		return event->refused.error;
	if (event->kind == EVENT_VERIFY || event->kind == EVENT_DIFFERENCE)
		return event->verify.answers.error;
	if (event->kind == EVENT_CALL && event->call.result < 0 && event->call.result >= -INT32_MAX)
		return (int)-event->call.result;
	return 0;
}

/* The rule because of which the call of EVENT, a REFUSED or CALL, surely failed; NULL: not known, or it did not fail.
 */
static const struct rule *event_rule(const struct event *event)
{
	const int error = event_error(event);

	return error ? rules_violated(&event->attempt.request, error, event_facts(event)) : NULL;
}

static bool derive_rule(struct json *json, const struct event *event)
{
	const struct rule *rule = event_rule(event);

	return derive_name(json, rule ? rule->name : NULL);
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

static bool derive_origin(struct json *json, const struct stack *stack)
{
	const struct frame *origin = stack_origin(stack);

	if (origin)
		json_add_unsigned(json, (uint64_t)(origin - stack->frames));
	return origin;
}

static const char *arch_name(const struct event *event)
{
	const struct abi *abi = abi_find(event->begin.audit_arch, 0);

	return abi ? abi->name : NULL;
}

/* Of one that an exec has ended the status says nothing. */
static bool is_replaced(const struct event *event)
{
	return event && event->kind == EVENT_EXIT && event->have & EVENT_HAVE_REPLACED && event->exit.replaced;
}

/* Adds the value of FIELD, which is derived, of EVENT or REQUEST, whichever it is about. False: there is none. */
static bool derive_value(struct json *json, const struct field *field, const struct event *event,
			 const struct request *request)
{
	int status = !event ? 0 : event->kind == EVENT_END ? event->end.status : event->exit.status;

	switch ((int)field->type) {
	case FIELD_CLOCK:
		return derive_name(json, "CLOCK_MONOTONIC");
	case FIELD_ARCH:
		return derive_name(json, arch_name(event));
	case FIELD_VERDICT:
		return derive_name(json, spawn_verdict(event));
	case FIELD_REASONS:
		return derive_reasons(json, &event->attempt.request);
	case FIELD_LOOKS_LIKE:
		return derive_name(json, fingerprint_find(&event->attempt.request));
	case FIELD_BY:
		return derive_name(json, stack_library_call(&event->attempt.stack));
	case FIELD_ORIGIN:
		return derive_origin(json, &event->attempt.stack);
	case FIELD_ERROR_NAME:
		return derive_name(json, errno_name(event_error(event)));
	case FIELD_RULE:
		return derive_rule(json, event);
	case FIELD_WHY:
		return derive_why(json, event);
	case FIELD_SIGNAL_NAME:
		return derive_signal(json, (uint64_t)event_signal(event));
	case FIELD_CODE_NAME:
		return derive_name(json, signal_code_name(event->signal.signo, event->signal.code));
	case FIELD_EXIT_CODE:
		return derive_number(json, WIFEXITED(status) && !is_replaced(event), WEXITSTATUS(status));
	case FIELD_DEATH_SIGNAL:
		return derive_number(json, WIFSIGNALED(status), WTERMSIG(status));
	case FIELD_DEATH_SIGNAL_NAME:
		return WIFSIGNALED(status) && derive_signal(json, (uint64_t)WTERMSIG(status));
	case FIELD_CORE:
		return derive_true(json, WIFSIGNALED(status) && WCOREDUMP(status));
	case FIELD_FLAG_NAMES:
		derive_flags(json, request->flags, request->call);
		return true;
	case FIELD_CHECK_NAMES:
		return derive_checks(json, *(const uint64_t *)((const char *)event + field->offset));
	case FIELD_INFERRED_NAMES:
		derive_flags(json, event->attach.inferred, CALL_CLONE3);
		return true;
	case FIELD_CAUSE_NAME:
		return derive_name(json, check_cause_name((enum check_cause)event->verify.cause));
	case FIELD_EXIT_SIGNAL_NAME:
		return derive_signal(json, request->exit_signal);
	}
	return false;
}

/* The whole line ----------------------------------------------------------------------------------------------------
 */

/* Adds OWNER's members, which EVENT or REQUEST is too where it has fields to be derived: the fields that belong to
 * WHICH (its kind or call) and are known. */
static void encode_fields(struct json *json, const struct fields *fields, const void *owner, const struct event *event,
			  const struct request *request, unsigned which, unsigned have)
{
	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & 1u << which) || (field->have && !(field->have & have)))
			continue;
		json_ready_key(json, field->written, field->length);
		if (field->type < FIELD_DERIVED)
			encode_value(json, field, owner);
		else if (!derive_value(json, field, event, request))
			json_drop_key(json);
	}
}

static void encode_request(struct json *json, const struct request *request)
{
	json_open_object(json, JSON_DENSE);
	encode_fields(json, &request_fields, request, NULL, request, request->call, request->have);
	json_close(json);
}

static void encode_frame(struct json *json, const struct frame *frame)
{
	json_open_object(json, JSON_DENSE);
	encode_fields(json, &frame_fields, frame, NULL, NULL, 0, frame_have(frame));
	json_close(json);
}

static void encode_frames(struct json *json, const struct stack *stack)
{
	json_open_array(json, JSON_DENSE);
	for (unsigned i = 0; i < stack->count; i++)
		encode_frame(json, &stack->frames[i]);
	json_close(json);
}

void codec_encode(struct text *text, const struct event *event)
{
	struct json json;

	assert((unsigned)event->kind < EVENT_KIND_COUNT);
	json_init(&json, text, 0);
	json_open_object(&json, JSON_DENSE);
	encode_fields(&json, &event_common, event, event, NULL, event->kind, event->have);
	encode_fields(&json, &event_kind_row(event->kind)->own, event, event, NULL, event->kind, event->have);
	json_close(&json);
	text_add_bytes(text, "\n", 1);
}
