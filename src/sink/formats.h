/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats there are, one file each, for the table in sink.c. */
#ifndef SINK_FORMATS_H
#define SINK_FORMATS_H

#include "sink/sink.h"

extern const struct sink_ops text_sink;	    /* text.c */
extern const struct sink_ops json_sink;	    /* json.c */
extern const struct sink_ops tree_sink;	    /* tree.c */
extern const struct sink_ops ps_sink;	    /* ps.c */
extern const struct sink_ops summary_sink;  /* summary.c */
extern const struct sink_ops lanes_sink;    /* lanes.c */
extern const struct sink_ops perfetto_sink; /* perfetto.c */
extern const struct sink_ops snapshot_sink; /* snapshot.c */
extern const struct sink_ops folded_sink;   /* folded.c */
extern const struct sink_ops dot_sink;	    /* graph.c */
extern const struct sink_ops mermaid_sink;  /* graph.c */

#endif
