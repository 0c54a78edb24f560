/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/TID/limits. */
#include "source/kernel/procfs/limits.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/kernel/procfs/path.h"

/* A line is the name, the soft limit, the hard one and the unit, with blanks between them; no limit is "unlimited". */
int proc_limit(pid_t tid, const char *name, uint64_t *ret)
{
	char limits[4096];
	const ssize_t n = proc_read(tid, "limits", limits, sizeof(limits));
	const char *at = n < 0 ? NULL : strstr(limits, name);

	if (!at)
		return n < 0 ? (int)n : -ENODATA;
	at += strlen(name);
	at += strspn(at, " ");
	*ret = isdigit((unsigned char)*at) ? strtoull(at, NULL, 10) : UINT64_MAX;
	return 0;
}
