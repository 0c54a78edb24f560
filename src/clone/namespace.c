/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of namespaces as an array. */
#include "clone/namespace.h"

#include <stddef.h>

#include "clone/flags.h"

#define ENTERED_MOVED(NAME) NAMESPACE_##NAME
#define ENTERED_MOVED_CHILDREN(NAME) NAMESPACE_##NAME##_CHILDREN
#define KIND_ROW(NAME, KEY, WORDS, FLAG, PLACE, TURN, CHECK, IOCTL, UNSHARE, SETNS, CHILDREN, PROCESS, SOURCE) \
	[NAMESPACE_##NAME] = { .key = KEY,                                                                     \
			       .words = WORDS,                                                                 \
			       .limit = "max_" KEY "_namespaces",                                              \
			       .flag = FLAG,                                                                   \
			       .check = CHECK,                                                                 \
			       .ioctl = IOCTL,                                                                 \
			       .kind = NAMESPACE_##NAME,                                                       \
			       .children = NAMESPACE_##CHILDREN,                                               \
			       .entered = ENTERED_##SETNS(NAME),                                               \
			       .process = PROCESS },
#define CHILDREN_ROW(NAME, KEY, CHECK, IOCTL)                         \
	[NAMESPACE_##NAME##_CHILDREN] = { .key = KEY "_for_children", \
					  .check = CHECK,             \
					  .ioctl = IOCTL,             \
					  .kind = NAMESPACE_##NAME,   \
					  .children = NAMESPACE_##NAME##_CHILDREN },

static const struct namespace_row rows[NAMESPACE_COUNT] = { NAMESPACES(KIND_ROW)
								    NAMESPACES_FOR_CHILDREN(CHILDREN_ROW) };

const struct namespace_row *namespace_row(enum namespace ns)
{
	return &rows[ns];
}

const char *namespace_key(enum namespace ns)
{
	return rows[ns].key;
}

const char *namespace_words(enum namespace ns)
{
	return rows[rows[ns].kind].words;
}

const struct namespace_row *namespace_in_turn(unsigned turn)
{
	static const enum namespace turns[NAMESPACE_KINDS] = {
#define IN_TURN(NAME, KEY, WORDS, FLAG, PLACE, TURN, ...) [TURN] = NAMESPACE_##NAME,
		NAMESPACES(IN_TURN)
	};

	return &rows[turns[turn]];
}

const struct namespace_row *namespace_of_flag(uint64_t flag)
{
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++)
		if (rows[i].flag == flag)
			return &rows[i];
	return NULL;
}
