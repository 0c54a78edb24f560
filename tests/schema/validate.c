/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds each line of stdin against a JSON Schema: a tool of the tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "event/codec_common.h"
#include "schema.h"

/* What is wrong with LINE, in *WHY, or nothing. */
static bool check_line(json_object *schema, const char *line, size_t length, struct text *why)
{
	struct json_tokener *tokener = json_tokener_new();
	json_object *value = json_tokener_parse_ex(tokener, line, (int)length);
	bool right = false;

	text_clear(why);
	if (!value || !json_is_valid(line, length))
		text_add(why, "no JSON");
	else
		right = schema_check(schema, value, true, why);
	json_object_put(value);
	json_tokener_free(tokener);
	return right;
}

int main(int argc, char *argv[])
{
	json_object *schema = argc == 2 ? json_object_from_file(argv[1]) : NULL;
	struct text why = TEXT_INIT;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	unsigned number = 0, wrong = 0;

	if (!schema) {
		fprintf(stderr, "usage: validate SCHEMA <LINES\n%s", argc == 2 ? json_util_get_last_err() : "");
		return 2;
	}
	if (!schema_is_known(schema, &why)) {
		fprintf(stderr, "%s: %s\n", argv[1], text_get(&why));
		return 2;
	}
	while ((length = getline(&line, &size, stdin)) > 0) {
		number++;
		length -= line[length - 1] == '\n';
		if (check_line(schema, line, (size_t)length, &why))
			continue;
		wrong++;
		printf("line %u: %s\n", number, text_get(&why));
	}
	if (!number)
		puts("no lines");
	free(line);
	json_object_put(schema);
	text_done(&why);
	return wrong || !number;
}
