/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of objects as an array. */
#include "clone/object.h"

#include "clone/flags.h"

#define ROW(NAME, KEY, WORDS, FLAG, KCMP, OPTIONAL) [OBJECT_##NAME] = { RESOURCE_##NAME, FLAG, OPTIONAL },

static const struct object_row rows[OBJECT_COUNT] = { TASK_OBJECTS(ROW) };

const struct object_row *object_row(enum task_object object)
{
	return &rows[object];
}

const char *object_name(enum task_object object)
{
	return resource_name(rows[object].resource);
}
