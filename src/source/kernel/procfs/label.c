/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/TID/attr/current. */
#include "source/kernel/procfs/label.h"

#include <string.h>

#include "source/kernel/procfs/path.h"

/* "unconfined" is the word of AppArmor, and the beginning of SELinux's. No module at all has no label. */
bool proc_is_unconfined(pid_t tid)
{
	char label[256];
	const ssize_t n = proc_read(tid, "attr/current", label, sizeof(label));

	return n <= 0 || strncmp(label, "unconfined", 10) == 0;
}
