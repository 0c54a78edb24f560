/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search table for the .eh_frame of files that come without one, as static programs do. */
#ifndef SOURCE_STACK_EHFRAME_H
#define SOURCE_STACK_EHFRAME_H

#include <stddef.h>
#include <stdint.h>

/* As in .eh_frame_hdr: both relative to one address. */
struct ehframe_entry {
	int32_t start; /* where a function begins */
	int32_t fde;   /* its entry in .eh_frame */
};

/* Makes the table of the SIZE bytes of a 64-bit .eh_frame, which may hold anything and whose first byte belongs to
 * ADDRESS; relative to BASE, sorted. Entries that are out of its range, or of a form that no compiler uses, are left
 * out. Returns how many there are in *RET, which is malloc'ed. */
size_t ehframe_index(const uint8_t *bytes, size_t size, uint64_t address, uint64_t base, struct ehframe_entry **ret);

/* The same for the file FD, a 64-bit one of ELF; 0 where it has no such section. */
size_t ehframe_read(int fd, uint64_t base, struct ehframe_entry **ret);

#endif
