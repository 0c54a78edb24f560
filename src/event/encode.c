/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to lines of JSON: every fact as a number, and beside it the names that people and jq look for. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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

/* The length of what STRING begins with that goes into JSON as it is. */
static size_t plain_length(const unsigned char *string)
{
	size_t length = 0;

	while (string[length] >= 0x20 && string[length] < 0x7f && string[length] != '"' && string[length] != '\\')
		length++;
	return length;
}

/* Adds STRING in quotes. What could disturb a terminal is escaped too; a byte that is no UTF-8
 * becomes U+FFFD. */
static void encode_string(struct text *text, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;
	size_t left = strlen(string), length;

	text_add_bytes(text, "\"", 1);
	for (; left; byte += length, left -= length) {
		length = plain_length(byte);
		if (length) {
			text_add_bytes(text, (const char *)byte, length);
			continue;
		}
		length = utf8_length(byte, left);
		if (!length) {
			text_add(text, "\\ufffd");
			length = 1;
		} else if (*byte == '"' || *byte == '\\') {
			text_addf(text, "\\%c", *byte);
		} else if (utf8_is_control(utf8_code(byte, length))) {
			text_addf(text, "\\u%04x", (unsigned)utf8_code(byte, length));
		} else {
			text_add_bytes(text, (const char *)byte, length);
		}
	}
	text_add_bytes(text, "\"", 1);
}

/* Adds a name of our own, which needs no escapes. */
static void encode_name(struct text *text, const char *name)
{
	text_add_bytes(text, "\"", 1);
	text_add(text, name);
	text_add_bytes(text, "\"", 1);
}

static void encode_hex(struct text *text, const void *data, size_t length)
{
	const unsigned char *bytes = data;

	text_add(text, "\"");
	for (size_t i = 0; i < length; i++)
		text_addf(text, "%02x", bytes[i]);
	text_add(text, "\"");
}

/* Adds VALUE as a number below LIMIT and as "0x..." from there on. */
static void encode_unsigned(struct text *text, uint64_t value, uint64_t limit)
{
	if (value < limit) {
		text_add_unsigned(text, value);
		return;
	}
	text_add_bytes(text, "\"", 1);
	text_add_hex(text, value);
	text_add_bytes(text, "\"", 1);
}

static void encode_signed(struct text *text, int64_t value)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;

	if (size < EXACT_LIMIT) {
		text_add_signed(text, value);
		return;
	}
	text_add(text, value < 0 ? "\"-" : "\"");
	text_add_hex(text, size);
	text_add_bytes(text, "\"", 1);
}

/* BYTES as text that can be read, and exactly beside it where text cannot hold them. */
static void encode_bytes(struct text *text, const char *key, const char *bytes)
{
	if (!bytes)
		bytes = "";
	encode_string(text, bytes);
	if (utf8_is_valid(bytes, strlen(bytes)))
		return;
	text_addf(text, ",\"%s_hex\":", key);
	encode_hex(text, bytes, strlen(bytes));
}

/* The arguments, with HEX each one's bytes. */
static void encode_list(struct text *text, const struct arguments *argv, bool hex)
{
	const char *before = "[";

	for (const char *at = NULL; (at = arguments_next(argv, at)); before = ",") {
		text_add(text, before);
		if (hex)
			encode_hex(text, at, strlen(at));
		else
			encode_string(text, at);
	}
	text_add(text, *before == '[' ? "[]" : "]");
}

static void encode_argv(struct text *text, const char *key, const struct arguments *argv)
{
	encode_list(text, argv, false);
	if (!argv->length || utf8_is_valid(argv->bytes, argv->length))
		return;
	text_addf(text, ",\"%s_hex\":", key);
	encode_list(text, argv, true);
}

static void encode_tids(struct text *text, const struct request *request)
{
	text_add(text, "[");
	for (size_t i = 0; i < set_tid_count(request); i++) {
		text_add(text, i ? "," : "");
		text_add_signed(text, request->set_tid_list[i]);
	}
	text_add(text, "]");
}

static void encode_nspids(struct text *text, const struct nspids *nspids)
{
	text_add(text, "[");
	for (unsigned i = 0; i < nspids->count; i++) {
		text_add(text, i ? "," : "");
		text_add_signed(text, nspids->list[i]);
	}
	text_add(text, "]");
}

static void encode_namespaces(struct text *text, const uint64_t *ns)
{
	const char *before = "{\"";

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		if (!ns[i])
			continue;
		text_addf(text, "%s%s\":", before, namespace_key((enum namespace)i));
		encode_unsigned(text, ns[i], INT64_MAX);
		before = ",\"";
	}
	text_add(text, *before == '{' ? "{}" : "}");
}

/* The bytes up to the last one that is not zero. */
static void encode_newer(struct text *text, const struct request *request)
{
	size_t length = NEWER_SIZE;

	while (length && !request->newer[length - 1])
		length--;
	encode_hex(text, request->newer, length);
}

static void encode_args(struct text *text, const struct request *request)
{
	for (size_t i = 0; i < COUNT_OF(request->args); i++) {
		text_add(text, i ? "," : "[");
		encode_unsigned(text, request->args[i], EXACT_LIMIT);
	}
	text_add(text, "]");
}

/* Each with its numbers, zeros left out but for `value` and `use`. */
static void encode_facts(struct text *text, const struct facts *facts)
{
	text_add(text, "[");
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->list[i];

		text_add(text, i ? ",{\"what\":" : "{\"what\":");
		encode_name(text, fact_name(fact->what));
		text_add(text, ",\"value\":");
		encode_unsigned(text, fact->value, EXACT_LIMIT);
		text_add(text, ",\"use\":");
		encode_unsigned(text, fact->use, EXACT_LIMIT);
		if (fact->id) {
			text_add(text, ",\"id\":");
			encode_unsigned(text, fact->id, EXACT_LIMIT);
		}
		if (fact->what == FACT_PIDS && facts->cgroup) {
			text_add(text, ",\"path\":");
			encode_string(text, facts->cgroup);
		}
		text_add(text, "}");
	}
	text_add(text, "]");
}

static void encode_request(struct text *text, const struct request *request);
static void encode_frame(struct text *text, const struct frame *frame);
static void encode_frames(struct text *text, const struct stack *stack);

/* Adds the value of FIELD, which is not derived, of OWNER, a struct event or a struct request. */
static void encode_value(struct text *text, const struct field *field, const void *owner)
{
	const void *value = (const char *)owner + field->offset;

	switch (field->type) {
	case FIELD_FORMAT:
		text_add_unsigned(text, CODEC_FORMAT);
		break;
	case FIELD_KIND:
		encode_name(text, event_kind_name(*(const enum event_kind *)value));
		break;
	case FIELD_MODE:
		assert(event_mode_name(*(const enum event_mode *)value));
		encode_name(text, event_mode_name(*(const enum event_mode *)value));
		break;
	case FIELD_NOTE:
		encode_name(text, event_note_name(*(const enum event_note *)value));
		break;
	case FIELD_CALL:
		encode_name(text, call_name(*(const enum call *)value));
		break;
	case FIELD_ABI:
		assert(*(const struct abi *const *)value); /* request_decode() never leaves it out */
		encode_name(text, (*(const struct abi *const *)value)->name);
		break;
	case FIELD_PID:
	case FIELD_INT:
		text_add_signed(text, *(const int *)value);
		break;
	case FIELD_UINT:
		text_add_unsigned(text, *(const unsigned *)value);
		break;
	case FIELD_BOOL:
		text_add(text, *(const bool *)value ? "true" : "false");
		break;
	case FIELD_COUNT:
		encode_unsigned(text, *(const uint64_t *)value, INT64_MAX);
		break;
	case FIELD_BITS:
		encode_unsigned(text, *(const uint64_t *)value, EXACT_LIMIT);
		break;
	case FIELD_SIGNED:
		encode_signed(text, *(const int64_t *)value);
		break;
	case FIELD_STRING:
		encode_string(text, *(const char *const *)value);
		break;
	case FIELD_BYTES:
		encode_bytes(text, field->key, *(const char *const *)value);
		break;
	case FIELD_ARGV:
		encode_argv(text, field->key, value);
		break;
	case FIELD_REQUEST:
		encode_request(text, value);
		break;
	case FIELD_NSPIDS:
		encode_nspids(text, value);
		break;
	case FIELD_NAMESPACES:
		encode_namespaces(text, value);
		break;
	case FIELD_TIDS:
		encode_tids(text, owner);
		break;
	case FIELD_NEWER:
		encode_newer(text, owner);
		break;
	case FIELD_ARGS:
		encode_args(text, owner);
		break;
	case FIELD_STACK:
		encode_frames(text, value);
		break;
	case FIELD_FRAME:
		encode_frame(text, value);
		break;
	case FIELD_STACK_END:
		assert(stack_end_name(*(const enum stack_end *)value));
		encode_name(text, stack_end_name(*(const enum stack_end *)value));
		break;
	case FIELD_FACTS:
		encode_facts(text, *(const struct facts *const *)value);
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
static void derive_flags(struct text *text, uint64_t flags, enum call call)
{
	const char *separator = "[";

	for (uint64_t left = flags; left; left &= left - 1) {
		uint64_t bit = left & -left;
		const struct flag *flag = flag_find(bit, call);

		if (!flag)
			continue;
		text_add(text, separator);
		encode_name(text, flag->name);
		separator = ",";
		flags &= ~bit;
	}
	if (flags) {
		text_add(text, separator);
		encode_unsigned(text, flags, 0);
		separator = ",";
	}
	text_add(text, *separator == '[' ? "[]" : "]");
}

/* Adds the keys of what MASK has; none for an empty one, and for bits of a newer version. */
static bool derive_checks(struct text *text, uint64_t mask)
{
	const char *separator = "[";

	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		if (!(mask >> i & 1))
			continue;
		text_add(text, separator);
		encode_name(text, check_key((enum check)i));
		separator = ",";
	}
	text_add(text, *separator == ',' ? "]" : "");
	return *separator == ',';
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

static bool derive_reasons(struct text *text, const struct request *request)
{
	uint64_t set, clear;

	if (kind_of(request) == KIND_UNKNOWN)
		return false;
	kind_reasons(request, &set, &clear);
	text_add(text, "{\"set\":");
	derive_flags(text, set, request->call);
	text_add(text, ",\"clear\":");
	derive_flags(text, clear, request->call);
	text_add(text, "}");
	return true;
}

static bool derive_name(struct text *text, const char *name)
{
	if (name)
		encode_name(text, name);
	return name;
}

static bool derive_signal(struct text *text, uint64_t signo)
{
	if (!signo || signo > INT32_MAX || !signal_has_name((int)signo))
		return false;
	text_add_bytes(text, "\"", 1);
	signal_add_name(text, (int)signo);
	text_add_bytes(text, "\"", 1);
	return true;
}

static bool derive_number(struct text *text, bool there, int number)
{
	if (there)
		text_add_signed(text, number);
	return there;
}

static bool derive_true(struct text *text, bool there)
{
	if (there)
		text_add(text, "true");
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

static bool derive_rule(struct text *text, const struct event *event)
{
	const struct rule *rule = event_rule(event);

	return derive_name(text, rule ? rule->name : NULL);
}

static bool derive_why(struct text *text, const struct event *event)
{
	const struct rule *rule = event_rule(event);
	struct text why = TEXT_INIT;

	if (!rule)
		return false;
	rule_explain(&why, rule, &event->attempt.request, event_facts(event));
	encode_string(text, text_get(&why));
	text_done(&why);
	return true;
}

static bool derive_origin(struct text *text, const struct stack *stack)
{
	const struct frame *origin = stack_origin(stack);

	if (origin)
		text_add_unsigned(text, (uint64_t)(origin - stack->frames));
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
static bool derive_value(struct text *text, const struct field *field, const struct event *event,
			 const struct request *request)
{
	int status = !event ? 0 : event->kind == EVENT_END ? event->end.status : event->exit.status;

	switch ((int)field->type) {
	case FIELD_CLOCK:
		return derive_name(text, "CLOCK_MONOTONIC");
	case FIELD_ARCH:
		return derive_name(text, arch_name(event));
	case FIELD_VERDICT:
		return derive_name(text, spawn_verdict(event));
	case FIELD_REASONS:
		return derive_reasons(text, &event->attempt.request);
	case FIELD_LOOKS_LIKE:
		return derive_name(text, fingerprint_find(&event->attempt.request));
	case FIELD_BY:
		return derive_name(text, stack_library_call(&event->attempt.stack));
	case FIELD_ORIGIN:
		return derive_origin(text, &event->attempt.stack);
	case FIELD_ERROR_NAME:
		return derive_name(text, errno_name(event_error(event)));
	case FIELD_RULE:
		return derive_rule(text, event);
	case FIELD_WHY:
		return derive_why(text, event);
	case FIELD_SIGNAL_NAME:
		return derive_signal(text, (uint64_t)event_signal(event));
	case FIELD_CODE_NAME:
		return derive_name(text, signal_code_name(event->signal.signo, event->signal.code));
	case FIELD_EXIT_CODE:
		return derive_number(text, WIFEXITED(status) && !is_replaced(event), WEXITSTATUS(status));
	case FIELD_DEATH_SIGNAL:
		return derive_number(text, WIFSIGNALED(status), WTERMSIG(status));
	case FIELD_DEATH_SIGNAL_NAME:
		return WIFSIGNALED(status) && derive_signal(text, (uint64_t)WTERMSIG(status));
	case FIELD_CORE:
		return derive_true(text, WIFSIGNALED(status) && WCOREDUMP(status));
	case FIELD_FLAG_NAMES:
		derive_flags(text, request->flags, request->call);
		return true;
	case FIELD_CHECK_NAMES:
		return derive_checks(text, *(const uint64_t *)((const char *)event + field->offset));
	case FIELD_INFERRED_NAMES:
		derive_flags(text, event->attach.inferred, CALL_CLONE3);
		return true;
	case FIELD_CAUSE_NAME:
		return derive_name(text, check_cause_name((enum check_cause)event->verify.cause));
	case FIELD_EXIT_SIGNAL_NAME:
		return derive_signal(text, request->exit_signal);
	}
	return false;
}

/* The whole line ----------------------------------------------------------------------------------------------------
 */

/* Adds the object that OWNER is, which EVENT or REQUEST is too where it has fields to be derived: the fields that
 * belong to WHICH (its kind or call) and are known. */
static void encode_fields(struct text *text, const struct fields *fields, const void *owner, const struct event *event,
			  const struct request *request, unsigned which, unsigned have)
{
	size_t start = text->length, before;

	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & 1u << which) || (field->have && !(field->have & have)))
			continue;
		before = text->length;
		text_add_bytes(text, field->written, field->length);
		if (field->type < FIELD_DERIVED)
			encode_value(text, field, owner);
		else if (!derive_value(text, field, event, request))
			text_cut(text, before);
	}
	text->data[start] = '{'; /* for the comma of the first one: there is always one */
	text_add_bytes(text, "}", 1);
}

static void encode_request(struct text *text, const struct request *request)
{
	encode_fields(text, &request_fields, request, NULL, request, request->call, request->have);
}

static void encode_frame(struct text *text, const struct frame *frame)
{
	encode_fields(text, &frame_fields, frame, NULL, NULL, 0, frame_have(frame));
}

static void encode_frames(struct text *text, const struct stack *stack)
{
	text_add(text, "[");
	for (unsigned i = 0; i < stack->count; i++) {
		text_add(text, i ? "," : "");
		encode_frame(text, &stack->frames[i]);
	}
	text_add(text, "]");
}

void codec_encode(struct text *text, const struct event *event)
{
	assert((unsigned)event->kind < EVENT_KIND_COUNT);
	encode_fields(text, &event_fields, event, event, NULL, event->kind, event->have);
	text_add_bytes(text, "\n", 1);
}
