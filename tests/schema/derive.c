/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes share/cltrace-events.schema.json or man/cltrace-events.5 again: a part comes from event/schema.c, the rest
 * from the file itself. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "clone/kind.h"
#include "event/schema.h"

#define REF(name) "{\"$ref\": \"#/$defs/" name "\"}"
#define LIST(items) "{\"type\": \"array\", \"items\": " items "}"
#define STRING "{\"type\": \"string\"}"

/* The name of a field's type in the manual, and its JSON Schema; NULL: one of `names`. */
struct type {
	const char *words, *json;
	const char *(*names)(unsigned index); /* NULL behind the last */
};

static const char *note_at(unsigned index)
{
	return index < NOTE_COUNT ? event_note_name((enum event_note)index) : NULL;
}

static const char *call_at(unsigned index)
{
	return index + 1 < CALL_COUNT ? call_name((enum call)(index + 1)) : NULL;
}

static const char *abi_name_at(unsigned index)
{
	const struct abi *abi = abi_at(index);

	return abi ? abi->name : NULL;
}

static const char *verdict_at(unsigned index)
{
	return index < KIND_COUNT ? kind_name((enum kind)index) : NULL;
}

static const struct type types[] = {
	[FIELD_FORMAT] = { "count", REF("count"), NULL },
	[FIELD_KIND] = { "string", STRING, NULL },
	[FIELD_MODE] = { "string", NULL, event_mode_name },
	[FIELD_NOTE] = { "string", NULL, note_at },
	[FIELD_CALL] = { "string", NULL, call_at },
	[FIELD_ABI] = { "string", NULL, abi_name_at },
	[FIELD_PID] = { "pid", REF("pid"), NULL },
	[FIELD_INT] = { "int", REF("int"), NULL },
	[FIELD_UINT] = { "count", REF("count"), NULL },
	[FIELD_BOOL] = { "boolean", "{\"type\": \"boolean\"}", NULL },
	[FIELD_COUNT] = { "count", REF("count"), NULL },
	[FIELD_BITS] = { "bits", REF("bits"), NULL },
	[FIELD_SIGNED] = { "signed", REF("signed"), NULL },
	[FIELD_STRING] = { "string", STRING, NULL },
	[FIELD_BYTES] = { "string", STRING, NULL },
	[FIELD_ARGV] = { "list of strings", LIST(STRING), NULL },
	[FIELD_REQUEST] = { "object", REF("request"), NULL },
	[FIELD_NSPIDS] = { "list of pids", REF("nspids"), NULL },
	[FIELD_NAMESPACES] = { "object", REF("namespaces"), NULL },
	[FIELD_TIDS] = { "list of int", REF("tids"), NULL },
	[FIELD_NEWER] = { "hex", REF("hex"), NULL },
	[FIELD_ARGS] = { "list of six bits", REF("args"), NULL },
	[FIELD_FACTS] = { "list of objects", LIST(REF("fact")), NULL },
	[FIELD_STACK] = { "list of objects", REF("stack"), NULL },
	[FIELD_STACK_END] = { "string", NULL, stack_end_name },
	[FIELD_FRAME] = { "object", REF("frame"), NULL },
	[FIELD_CLOCK] = { "string", STRING, NULL },
	[FIELD_ARCH] = { "string", STRING, NULL },
	[FIELD_VERDICT] = { "string", NULL, verdict_at },
	[FIELD_REASONS] = { "object", REF("reasons"), NULL },
	[FIELD_LOOKS_LIKE] = { "string", STRING, NULL },
	[FIELD_BY] = { "string", STRING, NULL },
	[FIELD_ORIGIN] = { "count", REF("count"), NULL },
	[FIELD_ERROR_NAME] = { "string", STRING, NULL },
	[FIELD_RESULT_NAME] = { "string", STRING, NULL },
	[FIELD_NOTE_ERROR_NAME] = { "string", STRING, NULL },
	[FIELD_RULE] = { "string", STRING, NULL },
	[FIELD_WHY] = { "string", STRING, NULL },
	[FIELD_SIGNAL_NAME] = { "string", STRING, NULL },
	[FIELD_NOTE_SIGNAL_NAME] = { "string", STRING, NULL },
	[FIELD_CODE_NAME] = { "string", STRING, NULL },
	[FIELD_EXIT_CODE] = { "int", REF("int"), NULL },
	[FIELD_DEATH_SIGNAL] = { "int", REF("int"), NULL },
	[FIELD_DEATH_SIGNAL_NAME] = { "string", STRING, NULL },
	[FIELD_CORE] = { "boolean", "{\"type\": \"boolean\"}", NULL },
	[FIELD_FLAG_NAMES] = { "names", REF("names"), NULL },
	[FIELD_EXIT_SIGNAL_NAME] = { "string", STRING, NULL },
	[FIELD_CHECK_NAMES] = { "names", REF("checks"), NULL },
	[FIELD_INFERRED_NAMES] = { "names", REF("names"), NULL },
	[FIELD_CAUSE_NAME] = { "string", STRING, NULL },
};

/* The key and the words of the bytes next to FIELD if they are not UTF-8; false: it has none. */
static bool hex_of(const struct field *field, struct text *key, const char **doc, struct type *ret)
{
	text_clear(key);
	text_addf(key, "%s_hex", field->key);
	if (field->type == FIELD_BYTES) {
		*ret = (struct type){ "hex", REF("hex"), NULL };
		*doc = "Its bytes, two digits each, where they are not UTF-8.";
	} else {
		*ret = (struct type){ "list of hex", LIST(REF("hex")), NULL };
		*doc = "The bytes of each argument, two digits each, where one of them is not UTF-8.";
	}
	return field->type == FIELD_BYTES || field->type == FIELD_ARGV;
}

/* The JSON Schema */

static json_object *sentences(const char *doc)
{
	struct text text = TEXT_INIT;
	json_object *string;

	for (; *doc; doc++)
		if (*doc != '`')
			text_add_bytes(&text, doc, 1);
	string = json_object_new_string(text_get(&text));
	text_done(&text);
	return string;
}

static json_object *property(const struct type *type, const char *doc)
{
	json_object *ret, *names;

	if (type->json) {
		ret = json_tokener_parse(type->json);
	} else {
		ret = json_object_new_object();
		names = json_object_new_array();
		for (unsigned i = 0; type->names(i); i++)
			json_object_array_add(names, json_object_new_string(type->names(i)));
		json_object_object_add(ret, "enum", names);
	}
	json_object_object_add(ret, "description", sentences(doc));
	return ret;
}

/* Adds those of FIELDS that belong to WHICH; KIND: the name of the kind, or NULL. */
static void add_properties(json_object *properties, json_object *required, const struct fields *fields, unsigned which,
			   const char *kind)
{
	struct text key = TEXT_INIT;
	json_object *constant;
	const char *hex_doc;
	struct type type;

	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & which))
			continue;
		if (field_is_always(field))
			json_object_array_add(required, json_object_new_string(field->key));
		if (field->type == FIELD_KIND) {
			constant = json_object_new_object();
			json_object_object_add(constant, "const", json_object_new_string(kind));
			json_object_object_add(properties, field->key, constant);
			continue;
		}
		json_object_object_add(properties, field->key, property(&types[field->type], field->doc));
		if (hex_of(field, &key, &hex_doc, &type))
			json_object_object_add(properties, text_get(&key), property(&type, hex_doc));
	}
	text_done(&key);
}

static json_object *definition(const char *doc, json_object *required, json_object *properties)
{
	json_object *ret = json_object_new_object();

	json_object_object_add(ret, "description", sentences(doc));
	json_object_object_add(ret, "type", json_object_new_string("object"));
	json_object_object_add(ret, "required", required);
	json_object_object_add(ret, "properties", properties);
	return ret;
}

static json_object *kind_definition(enum event_kind kind)
{
	json_object *properties = json_object_new_object(), *required = json_object_new_array();
	const struct kind_row *row = event_kind_row(kind);

	add_properties(properties, required, &event_common, 1u << kind, row->name);
	add_properties(properties, required, &row->own, 1u << kind, row->name);
	return definition(row->doc, required, properties);
}

static json_object *object_definition(const struct fields *fields)
{
	json_object *properties = json_object_new_object(), *required = json_object_new_array();

	add_properties(properties, required, fields, ~0u, NULL);
	return definition(fields->doc, required, properties);
}

static void write_json(struct json *json, json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		json_open_object(json, JSON_LINES);
		json_object_object_foreach(value, key, member)
		{
			json_key(json, key);
			write_json(json, member);
		}
		json_close(json);
		break;
	case json_type_array:
		json_open_array(json, JSON_LINES);
		for (size_t i = 0; i < json_object_array_length(value); i++)
			write_json(json, json_object_array_get_idx(value, i));
		json_close(json);
		break;
	case json_type_int:
		json_add_signed(json, json_object_get_int64(value));
		break;
	case json_type_boolean:
		json_add_bool(json, json_object_get_boolean(value));
		break;
	default:
		json_add_string(json, json_object_get_string(value));
		break;
	}
}

static void derive_schema(const char *before, struct text *ret)
{
	json_object *schema = json_tokener_parse(before), *defs, *choices = json_object_new_array();
	struct json *json = mem_alloc(sizeof(*json));

	json_object_object_get_ex(schema, "$defs", &defs);
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		const struct kind_row *row = event_kind_row((enum event_kind)kind);
		json_object *choice = json_object_new_object();
		struct text where = TEXT_INIT;

		text_addf(&where, "#/$defs/%s", row->name);
		json_object_object_add(choice, "$ref", json_object_new_string(text_get(&where)));
		text_done(&where);
		json_object_array_add(choices, choice);
		json_object_object_add(defs, row->name, kind_definition((enum event_kind)kind));
	}
	json_object_object_add(defs, "request", object_definition(&request_fields));
	json_object_object_add(defs, "frame", object_definition(&frame_fields));
	json_object_object_add(schema, "oneOf", choices);
	json_init(json, ret, 2);
	write_json(json, schema);
	text_add(ret, "\n");
	free(json);
	json_object_put(schema);
}

/* The manual */

/* Adds a word between backquotes as what it is, with the PUNCTUATION behind it. */
static void add_literal(struct text *page, const char *word, size_t length, const char *punctuation, size_t count)
{
	const char *paren = memchr(word, '(', length);
	bool section = true;

	for (size_t i = 0; i < length; i++)
		section = section && isupper((unsigned char)word[i]);
	if (paren)
		text_addf(page, ".Xr %.*s %.*s", (int)(paren - word), word, (int)(length - (size_t)(paren - word) - 2),
			  paren + 1);
	else
		text_addf(page, ".%s %.*s",
			  *word == '/'	 ? "Pa"
			  : *word == '-' ? "Fl"
			  : section	 ? "Sx"
					 : "Ql",
			  (int)length - (*word == '-'), word + (*word == '-'));
	for (size_t i = 0; i < count; i++)
		text_addf(page, " %c", punctuation[i]);
	text_add(page, "\n");
}

/* Adds DOC: each sentence on a line of its own, which is broken if it is long. */
static void add_sentences(struct text *page, const char *doc)
{
	size_t column = 0;

	while (*doc) {
		size_t length = strcspn(doc, " "), end;

		if (*doc == '`') {
			const char *close = strchr(doc + 1, '`');

			end = strspn(close + 1, ".,;:)");
			text_add(page, column ? "\n" : "");
			add_literal(page, doc + 1, (size_t)(close - doc - 1), close + 1, end);
			doc = close + 1 + end;
			doc += *doc == ' ';
			column = 0;
			continue;
		}
		if (column && column + 1 + length > 80) {
			text_add(page, "\n");
			column = 0;
		}
		text_addf(page, "%s%.*s", column ? " " : "", (int)length, doc);
		column += length + (column > 0);
		doc += length;
		if (*doc == ' ' && doc[-1] == '.') {
			text_add(page, "\n");
			column = 0;
		}
		doc += *doc == ' ';
	}
	text_add(page, column ? "\n" : "");
}

static void add_item(struct text *page, const char *key, const struct type *type, bool always, const char *doc)
{
	text_addf(page, ".It Va %s Pq %s%s\n", key, type->words, always ? "" : ", not always");
	add_sentences(page, doc);
	if (!type->names || type->names == note_at) /* their sentences name the values */
		return;
	for (unsigned i = 0; type->names(i); i++)
		text_addf(page, "%s%s", i ? ", " : "One of ", type->names(i));
	text_add(page, ".\n");
}

/* Adds those of FIELDS that belong to WHICH. */
static void add_list(struct text *page, const struct fields *fields, unsigned which)
{
	struct text key = TEXT_INIT;
	const char *doc;
	struct type type;
	unsigned items = 0;

	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & which))
			continue;
		text_add(page, items++ ? "" : ".Bl -tag -width Ds\n");
		add_item(page, field->key, &types[field->type], field_is_always(field), field->doc);
		if (hex_of(field, &key, &doc, &type))
			add_item(page, text_get(&key), &type, false, doc);
	}
	text_add(page, items ? ".El\n" : "");
	text_done(&key);
}

static void add_kinds(struct text *page)
{
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		const struct kind_row *row = event_kind_row((enum event_kind)kind);

		text_addf(page, ".Ss %s\n", row->name);
		add_sentences(page, row->doc);
		add_list(page, &row->own, 1u << kind);
	}
}

/* Adds what belongs between the lines that mark NAME. */
static void add_part(struct text *page, const char *name)
{
	if (strcmp(name, "every line") == 0) {
		add_list(page, &event_common, ~0u);
	} else if (strcmp(name, "events") == 0) {
		add_kinds(page);
	} else if (strcmp(name, "request") == 0) {
		add_sentences(page, request_fields.doc);
		add_list(page, &request_fields, ~0u);
	} else if (strcmp(name, "frame") == 0) {
		add_sentences(page, frame_fields.doc);
		add_list(page, &frame_fields, ~0u);
	}
}

static void derive_manual(char *before, struct text *ret)
{
	static const char mark[] = ".\\\" Derived from event/schema.c by \"make derived\": ", end[] = ".\\\" End.";
	bool derived = false;
	char *line;

	while ((line = strsep(&before, "\n")) && (*line || before)) {
		if (strcmp(line, end) == 0)
			derived = false;
		if (!derived)
			text_addf(ret, "%s\n", line);
		if (strncmp(line, mark, sizeof(mark) - 1) == 0) {
			derived = true;
			add_part(ret, line + sizeof(mark) - 1);
		}
	}
}

int main(int argc, char *argv[])
{
	struct text before = TEXT_INIT, after = TEXT_INIT;
	char bytes[4096];
	size_t got;

	while ((got = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
		text_add_bytes(&before, bytes, got);
	if (argc == 2 && strcmp(argv[1], "schema") == 0 && before.length)
		derive_schema(text_get(&before), &after);
	else if (argc == 2 && strcmp(argv[1], "manual") == 0 && before.length)
		derive_manual(before.data, &after);
	else
		fprintf(stderr, "usage: derive schema|manual <FILE\n");
	fputs(text_get(&after), stdout);
	text_done(&before);
	got = after.length;
	text_done(&after);
	return got ? 0 : 2;
}
