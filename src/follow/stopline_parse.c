/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the lines of --debug-stops: one function for each type of fields. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hex.h"
#include "base/text.h"
#include "follow/stopline_fields.h"

/* Parses one number at *AT, and moves *AT behind it. */
static int parse_number(const char **at, int base, uint64_t *ret)
{
	char *end;

	if (!strchr("-0123456789abcdefABCDEF", **at) || !**at)
		return -EINVAL;
	*ret = base == 10 ? (uint64_t)strtoll(*at, &end, 10) : strtoull(*at, &end, base);
	if (end == *at)
		return -EINVAL;
	*at = end;
	return 0;
}

static int parse_base(const char *value, int base, void *to, size_t size)
{
	uint64_t number;
	uint32_t word;
	bool flag;

	if (parse_number(&value, base, &number) < 0 || *value)
		return -EINVAL;
	word = (uint32_t)number;
	flag = number;
	memcpy(to, size == sizeof(flag) ? (void *)&flag : size == sizeof(word) ? (void *)&word : (void *)&number, size);
	return 0;
}

static int parse_decimal(const struct stopline_field *field, char *value, void *to)
{
	return parse_base(value, 10, to, field->size);
}

static int parse_hex(const struct stopline_field *field, char *value, void *to)
{
	return parse_base(value, 16, to, field->size);
}

static int parse_want(const struct stopline_field *field, char *value, void *to)
{
	unsigned *wants = to;
	uint64_t number;

	if (parse_base(value, 10, &number, sizeof(number)) < 0)
		return -EINVAL;
	*wants |= number ? field->have : 0;
	return 0;
}

/* VALUE as one of the first COUNT names. */
static int parse_name(const char *value, const char *(*name)(unsigned), unsigned count, unsigned *ret)
{
	for (unsigned i = 0; i < count && name(i); i++) {
		if (strcmp(value, name(i)) != 0)
			continue;
		*ret = i;
		return 0;
	}
	return -EINVAL;
}

/* A snapshot, the last mode, has no stops. */
static int parse_mode(const struct stopline_field *field, char *value, void *to)
{
	(void)field;
	return parse_name(value, event_mode_name, EVENT_MODE_SNAPSHOT, to);
}

static int parse_how(const struct stopline_field *field, char *value, void *to)
{
	(void)field;
	return parse_name(value, stopline_how, UINT_MAX, to);
}

static int parse_letter(const struct stopline_field *field, char *value, void *to)
{
	memcpy(to, value, field->size);
	return 0;
}

/* Up to MAX numbers with commas; their count, or -EINVAL. */
static int parse_list(const char *value, int base, uint64_t *ret, int max)
{
	for (int count = 0; count < max; value++) {
		if (parse_number(&value, base, &ret[count++]) < 0)
			return -EINVAL;
		if (!*value)
			return count;
		if (*value != ',')
			return -EINVAL;
	}
	return -EINVAL;
}

static int parse_args(const struct stopline_field *field, char *value, void *to)
{
	uint64_t list[6];

	if (parse_list(value, 16, list, 6) != 6)
		return -EINVAL;
	memcpy(to, list, field->size);
	return 0;
}

static int parse_set_tid(const struct stopline_field *field, char *value, void *to)
{
	struct clone_args_read *read = to;
	uint64_t list[CLONE_SET_TID_MAX];
	int count = parse_list(value, 10, list, CLONE_SET_TID_MAX);

	(void)field;
	if (count < 0)
		return count;
	for (int i = 0; i < count; i++)
		read->set_tid[i] = (int32_t)list[i];
	read->set_tid_count = (size_t)count;
	return 0;
}

static int parse_nspids(const struct stopline_field *field, char *value, void *to)
{
	struct nspids *nspids = to;
	uint64_t list[EVENT_NSPIDS_MAX];
	int count = parse_list(value, 10, list, EVENT_NSPIDS_MAX);

	(void)field;
	if (count < 0)
		return count;
	for (int i = 0; i < count; i++)
		nspids->list[i] = (pid_t)list[i];
	nspids->count = (unsigned)count;
	return 0;
}

static int parse_bytes(const struct stopline_field *field, char *value, void *to)
{
	struct clone_args_read *read = to;
	int length = hex_bytes(value, read->bytes, sizeof(read->bytes));

	(void)field;
	if (length < 0)
		return length;
	read->length = (size_t)length;
	return 0;
}

static int parse_fact(char *value, struct facts *facts)
{
	struct fact fact = { fact_find(strsep(&value, ":")), 0, 0, 0 };
	uint64_t *const numbers[] = { &fact.value, &fact.use, &fact.id };
	const char *at = value;

	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
		if (!at || parse_number(&at, 16, numbers[i]) < 0 || *at++ != (i < 2 ? ':' : '\0'))
			return -EINVAL;
	if (fact.what != FACT_COUNT) /* else of a newer version */
		facts_add(facts, &fact);
	return 0;
}

static int parse_facts(const struct stopline_field *field, char *value, void *to)
{
	(void)field;
	while (value)
		if (parse_fact(strsep(&value, ","), to) < 0)
			return -EINVAL;
	return 0;
}

static int parse_command(const struct stopline_field *field, char *value, void *to)
{
	(void)field;
	memcpy(to, &value, sizeof(value));
	return text_unescape(value);
}

static int parse_line(const struct stopline_field *field, char *value, void *to)
{
	memcpy(to, &value, field->size);
	return 0;
}

typedef int parse_function(const struct stopline_field *field, char *value, void *to);

static const struct {
	parse_function *parse;
	bool to_the_end; /* of the line, whatever it contains */
} types[FIELD_TYPE_COUNT] = {
	[FIELD_DECIMAL] = { parse_decimal, false }, [FIELD_HEX] = { parse_hex, false },
	[FIELD_STATUS] = { parse_hex, false },	    [FIELD_WANT] = { parse_want, false },
	[FIELD_MODE] = { parse_mode, false },	    [FIELD_HOW] = { parse_how, false },
	[FIELD_LETTER] = { parse_letter, false },   [FIELD_ARGS] = { parse_args, false },
	[FIELD_BYTES] = { parse_bytes, false },	    [FIELD_SET_TID] = { parse_set_tid, false },
	[FIELD_NSPIDS] = { parse_nspids, false },   [FIELD_FACTS] = { parse_facts, false },
	[FIELD_CGROUP] = { parse_command, true },   [FIELD_COMMAND] = { parse_command, true },
	[FIELD_LINE] = { parse_line, true },
};

/* The field KEY of a line of KIND; NULL: the key is of a newer version. */
static const struct stopline_field *field_find(const char *key, enum stopline_kind kind)
{
	for (size_t i = 0; i < stopline_field_count; i++)
		if (stopline_fields[i].kinds & 1u << kind && strcmp(stopline_fields[i].key, key) == 0)
			return &stopline_fields[i];
	return NULL;
}

static int kind_parse(const char *word, enum stopline_kind *ret)
{
	for (unsigned i = 0; i < STOPLINE_KIND_COUNT; i++) {
		if (strcmp(word, stopline_word(i)) != 0)
			continue;
		*ret = (enum stopline_kind)i;
		return 0;
	}
	return -EINVAL;
}

int stopline_parse(char *text, struct stopline *ret)
{
	struct stopline line;
	char *rest = text;

	text[strcspn(text, "\n")] = '\0';
	memset(&line, 0, sizeof(line));
	if (kind_parse(strsep(&rest, " "), &line.kind) < 0)
		return -EINVAL;
	while (rest && *rest) {
		char *key = strsep(&rest, "="), *value = rest;
		const struct stopline_field *field = field_find(key, line.kind);

		if (!value || strchr(key, ' '))
			return -EINVAL;
		if (field && types[field->type].to_the_end)
			rest = NULL;
		else
			value = strsep(&rest, " ");
		if (field && stopline_has(&line, field) &&
		    types[field->type].parse(field, value, (char *)&line + field->offset) < 0)
			return -EINVAL;
	}
	if (line.kind == STOPLINE_EVENT && !line.json)
		return -EINVAL;
	*ret = line;
	return 0;
}
