/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats the lines of --debug-stops: one function for each type of fields. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "follow/stopline_fields.h"

/* The number that FIELD has at FROM, sign-extended from 32 bits. */
static int64_t load(const struct stopline_field *field, const void *from)
{
	uint8_t byte;
	int32_t word;
	int64_t number;

	switch (field->size) {
	case sizeof(byte):
		memcpy(&byte, from, sizeof(byte));
		return byte;
	case sizeof(word):
		memcpy(&word, from, sizeof(word));
		return word;
	default:
		memcpy(&number, from, sizeof(number));
		return number;
	}
}

static void format_decimal(struct text *text, const struct stopline_field *field, const void *from)
{
	const int64_t number = load(field, from);

	if (number)
		text_addf(text, " %s=%" PRId64, field->key, number);
}

static void format_status(struct text *text, const struct stopline_field *field, const void *from)
{
	const int64_t number = load(field, from);

	text_addf(text, " %s=0x%" PRIx64, field->key,
		  field->size == sizeof(uint32_t) ? (uint64_t)(uint32_t)number : (uint64_t)number);
}

static void format_hex(struct text *text, const struct stopline_field *field, const void *from)
{
	if (load(field, from))
		format_status(text, field, from);
}

static void format_want(struct text *text, const struct stopline_field *field, const void *from)
{
	if (load(field, from) & field->have)
		text_addf(text, " %s=1", field->key);
}

static void format_mode(struct text *text, const struct stopline_field *field, const void *from)
{
	text_addf(text, " %s=%s", field->key, event_mode_name((unsigned)load(field, from)));
}

static void format_how(struct text *text, const struct stopline_field *field, const void *from)
{
	text_addf(text, " %s=%s", field->key, stopline_how((unsigned)load(field, from)));
}

static void format_letter(struct text *text, const struct stopline_field *field, const void *from)
{
	if (*(const char *)from)
		text_addf(text, " %s=%c", field->key, *(const char *)from);
}

static void format_args(struct text *text, const struct stopline_field *field, const void *from)
{
	const uint64_t *args = from;

	text_addf(text, " %s=0x%" PRIx64, field->key, args[0]);
	for (size_t i = 1; i < 6; i++)
		text_addf(text, ",0x%" PRIx64, args[i]);
}

static void format_bytes(struct text *text, const struct stopline_field *field, const void *from)
{
	const struct clone_args_read *read = from;

	if (read->length)
		text_addf(text, " %s=", field->key);
	text_add_hex_bytes(text, read->bytes, read->length);
}

static void format_set_tid(struct text *text, const struct stopline_field *field, const void *from)
{
	const struct clone_args_read *read = from;

	for (size_t i = 0; i < read->set_tid_count; i++)
		text_addf(text, i ? "%s%" PRId32 : " %s=%" PRId32, i ? "," : field->key, read->set_tid[i]);
}

static void format_nspids(struct text *text, const struct stopline_field *field, const void *from)
{
	const struct nspids *nspids = from;

	for (unsigned i = 0; nspids->count > 1 && i < nspids->count; i++)
		text_addf(text, i ? "%s%d" : " %s=%d", i ? "," : field->key, (int)nspids->list[i]);
}

static void format_facts(struct text *text, const struct stopline_field *field, const void *from)
{
	const struct facts *facts = from;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->list[i];

		text_addf(text, i ? "%s%s:" : " %s=%s:", i ? "," : field->key, fact_name(fact->what));
		text_addf(text, "%" PRIx64 ":%" PRIx64 ":%" PRIx64, fact->value, fact->use, fact->id);
	}
}

static void format_command(struct text *text, const struct stopline_field *field, const void *from)
{
	const char *command = *(const char *const *)from;

	if (!command)
		return;
	text_addf(text, " %s=", field->key);
	text_add_escaped(text, command);
}

static void format_line(struct text *text, const struct stopline_field *field, const void *from)
{
	text_addf(text, " %s=%s", field->key, *(const char *const *)from);
}

typedef void format_function(struct text *text, const struct stopline_field *field, const void *from);

static format_function *const formats[FIELD_TYPE_COUNT] = {
	[FIELD_DECIMAL] = format_decimal, [FIELD_HEX] = format_hex,	    [FIELD_STATUS] = format_status,
	[FIELD_WANT] = format_want,	  [FIELD_MODE] = format_mode,	    [FIELD_HOW] = format_how,
	[FIELD_LETTER] = format_letter,	  [FIELD_ARGS] = format_args,	    [FIELD_BYTES] = format_bytes,
	[FIELD_SET_TID] = format_set_tid, [FIELD_NSPIDS] = format_nspids,   [FIELD_FACTS] = format_facts,
	[FIELD_CGROUP] = format_command,  [FIELD_COMMAND] = format_command, [FIELD_LINE] = format_line,
};

/* Where FIELD is. A parsed line has facts of its own, another line points to them. */
static const void *field_at(const struct stopline *line, const struct stopline_field *field)
{
	const bool referred = (field->type == FIELD_FACTS || field->type == FIELD_CGROUP) && line->stop.facts;

	if (!referred)
		return (const char *)line + field->offset;
	return field->type == FIELD_FACTS ? (const void *)line->stop.facts : &line->stop.facts->cgroup;
}

void stopline_format(struct text *text, const struct stopline *line)
{
	text_add(text, stopline_word(line->kind));
	for (size_t i = 0; i < stopline_field_count; i++) {
		const struct stopline_field *field = &stopline_fields[i];

		if (stopline_has(line, field))
			formats[field->type](text, field, field_at(line, field));
	}
	text_add(text, "\n");
}
