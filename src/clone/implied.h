/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flags that the kernel adds to those of a call: what unshare and setns imply. */
#ifndef CLONE_IMPLIED_H
#define CLONE_IMPLIED_H

#include <stdint.h>

struct request;

/* The flags of REQUEST that are in force, among them the namespace flags of request_namespaces(), with all that they
 * imply. The flags must be known. */
uint64_t implied_flags(const struct request *request);

#endif
