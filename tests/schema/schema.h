/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds JSON values against a JSON Schema: as much of the language as share/cltrace-events.schema.json uses. */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>

#include <json-c/json.h>

struct text;

/* Whether SCHEMA uses nothing but what schema_check() knows, and all its references lead somewhere. If not, *WHY says
 * what. */
bool schema_is_known(json_object *schema, struct text *why);

/* Whether VALUE is as ROOT, which schema_is_known(), has it. STRICT: a key that the schema does not name is wrong as
 * well. If not, *WHY says where and what. */
bool schema_check(json_object *root, json_object *value, bool strict, struct text *why);

#endif
