/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search table for the .eh_frame of files that have none, such as static programs. */
#ifndef SOURCE_STACK_EHFRAME_H
#define SOURCE_STACK_EHFRAME_H

#include <stddef.h>
#include <stdint.h>

/* As in .eh_frame_hdr: both relative to one address. */
struct ehframe_entry {
	int32_t start; /* where a function begins */
	int32_t fde;   /* its entry in .eh_frame */
};

/* Makes the table, sorted and relative to BASE, for the SIZE bytes of a 64-bit .eh_frame, which can contain anything
 * and whose first byte belongs to ADDRESS. Entries that are out of range, or of a form that no compiler uses, are left
 * out. Returns how many there are in *RET, which is malloc'ed. */
size_t ehframe_index(const uint8_t *bytes, size_t size, uint64_t address, uint64_t base, struct ehframe_entry **ret);

/* The same for the 64-bit ELF file FD; 0: it has no such section. */
size_t ehframe_read(int fd, uint64_t base, struct ehframe_entry **ret);

#endif
