/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The colors on a terminal, by their meaning. */
#ifndef RENDER_PALETTE_H
#define RENDER_PALETTE_H

#define PALETTE_THREAD "\033[1;36m"
#define PALETTE_PROCESS "\033[1;32m"
#define PALETTE_REFUSED "\033[1;31m"
#define PALETTE_END "\033[0m"

/* The same in the cells of tables, of which there are many. */
#define PALETTE_THREAD_CELL "\033[36m"
#define PALETTE_PROCESS_CELL "\033[32m"

#endif
