/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takers: each reads the value of an option and sets the member that the option's row names, or a fixed member. */
#ifndef CLI_OPTIONS_TYPES_H
#define CLI_OPTIONS_TYPES_H

#include "cli/options/table.h"

/* For any member. */
take_fn take_nothing;
take_fn take_flag;	  /* true */
take_fn take_set;	  /* what the row sets */
take_fn take_count;	  /* one more than before */
take_fn take_choice;	  /* the number of a word */
take_fn take_number;	  /* only digits */
take_fn take_word;	  /* a name, not empty */
take_fn take_at;	  /* seconds, as ns */
take_fn take_duration;	  /* the same with a unit */
take_fn take_column_list; /* columns of tables */

/* Each is for one option. */
take_fn take_clock;
take_fn take_clock_format;
take_fn take_environment;
take_fn take_filter;
take_fn take_frames;
take_fn take_no_origin;
take_fn take_pids;
take_fn take_relative;
take_fn take_until_exit;

#endif
