/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for a signal that is delivered: who sent it, at whom it was aimed, which task took it, and what it does. */
#ifndef RENDER_DELIVERY_H
#define RENDER_DELIVERY_H

struct step;
struct text;

/* "kill() by 4470 (sh)"; nothing if the siginfo is not known. STEP's event is a SIGNAL. */
void delivery_add_origin(struct text *text, const struct step *step);

/* "aimed at process 4471, taken by its thread 4473, one of 3 tasks". Nothing if the task is not known. */
void delivery_add_aim(struct text *text, const struct step *step);

/* "no handler: kills the whole process 4471, 3 tasks". Nothing if the action is not known. */
void delivery_add_action(struct text *text, const struct step *step);

#endif
