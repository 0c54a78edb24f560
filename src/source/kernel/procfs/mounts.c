/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/self/mountinfo line by line. */
#include "source/kernel/procfs/mounts.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unescape.h"
#include "source/kernel/procfs/path.h"

/* Cuts the next word off *AT, or an empty one at the end. */
static char *next_word(char **at)
{
	char *word = *at, *end = word + strcspn(word, " \n");

	*at = end + (*end != '\0');
	*end = '\0';
	return word;
}

/* "36 35 98:0 /part /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue": behind the sixth word there are
 * any number of them up to the dash. */
static bool parse(char *line, struct mount *ret)
{
	char *dash = strstr(line, " - "), *behind = dash ? dash + 3 : NULL;
	char *part, *point;

	if (!dash)
		return false;
	*dash = '\0';
	for (int i = 0; i < 3; i++)
		next_word(&line);
	part = next_word(&line);
	point = next_word(&line);
	if (!*part || !*point)
		return false;
	unescape_path(part, UNESCAPE_MOUNTS);
	unescape_path(point, UNESCAPE_MOUNTS);
	ret->part = part;
	ret->point = point;
	ret->type = next_word(&behind);
	next_word(&behind);
	ret->options = next_word(&behind);
	return true;
}

void proc_mounts(bool (*each)(void *data, const struct mount *mount), void *data)
{
	FILE *file = proc_stream(PROC_SELF, "mountinfo");
	struct mount mount;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		if (parse(line, &mount) && !each(data, &mount))
			break;
	}
	free(line);
	fclose(file);
}

const char *mount_option(const char *options, const char *option)
{
	const size_t length = strlen(option);

	for (const char *at = options; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, option, length) == 0 && strchr("=,", at[length])) /* or the end */
			return at + length + (at[length] == '=');
	}
	return NULL;
}
