/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One trace from options to exit status: joins source, model, sink and output. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

struct options;

#define RUN_FAILED 125	       /* cltrace itself failed, or was called wrongly */
#define RUN_NOT_EXECUTABLE 126 /* found, not executable */
#define RUN_NOT_FOUND 127

/* Traces as OPTIONS say. Returns the exit status; where the launched program died of a signal, dies of the same one. */
int run(const struct options *options);

#endif
