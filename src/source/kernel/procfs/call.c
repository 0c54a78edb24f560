/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/TID/syscall. */
#include "source/kernel/procfs/call.h"

#include <errno.h>
#include <stdio.h>

#include "source/kernel/procfs/path.h"

/* "NR 0xARG0 ... 0xARG5 0xSP 0xPC", "-1 0xSP 0xPC" or "running". */
int proc_call(pid_t tid, struct stop_call *ret)
{
	unsigned long long v[7];
	long long nr;
	char line[256];
	const ssize_t n = proc_read(tid, "syscall", line, sizeof(line));

	if (n <= 0)
		return n < 0 ? (int)n : -ESRCH;
	if (sscanf(line, "%lld %llx %llx %llx %llx %llx %llx %llx", &nr, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
		   &v[6]) != 8)
		return -EINVAL;
	ret->nr = (uint64_t)nr;
	for (int a = 0; a < 6; a++)
		ret->args[a] = v[a];
	ret->sp = v[6];
	return 0;
}
