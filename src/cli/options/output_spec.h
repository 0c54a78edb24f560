/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outputs: -o [FORMAT[,KEY[=VALUE]]...:]FILE, --format, -c and -C. */
#ifndef CLI_OPTIONS_OUTPUT_SPEC_H
#define CLI_OPTIONS_OUTPUT_SPEC_H

#include "cli/options/table.h"

/* Both only keep the word. FORMAT and FILE are found when all words have been read. */
take_fn take_output;
take_fn take_format;

/* Completes the outputs when all words have been read: their formats and details, the output that is used without -o,
 * and the summary of -c and -C. Returns 0 or -EINVAL with the message filled. */
int output_spec_complete(struct parse *parse);

#endif
