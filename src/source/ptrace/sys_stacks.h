/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What source/stack asks about a stopped task, as the kernel answers it. */
#ifndef SOURCE_PTRACE_SYS_STACKS_H
#define SOURCE_PTRACE_SYS_STACKS_H

#include "source/stack/stacks.h"

/* Its functions do not use their data. */
extern const struct stacks_ops sys_stacks;

#endif
