/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cells of a snapshot's table: each adds what its column says of the task that was seen. */
#ifndef RENDER_LOOK_CELLS_H
#define RENDER_LOOK_CELLS_H

struct column_row;
struct text;

void look_add_lwp(struct text *cell, const struct column_row *row);
void look_add_pid(struct text *cell, const struct column_row *row);
void look_add_ppid(struct text *cell, const struct column_row *row);
void look_add_uid(struct text *cell, const struct column_row *row);
void look_add_nlwp(struct text *cell, const struct column_row *row);
void look_add_kind(struct text *cell, const struct column_row *row);
void look_add_state(struct text *cell, const struct column_row *row);
void look_add_shares(struct text *cell, const struct column_row *row);
void look_add_namespaces(struct text *cell, const struct column_row *row);
void look_add_command(struct text *cell, const struct column_row *row);

#endif
