/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The length of an array. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

/* How many elements ARRAY has. It must be an array, not a pointer. */
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
