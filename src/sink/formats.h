/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of all formats. */
#ifndef SINK_FORMATS_H
#define SINK_FORMATS_H

#include "sink/sink.h"

/* In the order of --help; the first is the default. NAME_sink is defined in this folder. */
#define SINK_FORMATS(FORMAT) \
	FORMAT(text)         \
	FORMAT(json)         \
	FORMAT(tree)         \
	FORMAT(ps)           \
	FORMAT(summary)      \
	FORMAT(lanes)        \
	FORMAT(perfetto)     \
	FORMAT(dot)          \
	FORMAT(mermaid)      \
	FORMAT(folded)       \
	FORMAT(snapshot)

#define SINK_DECLARE(name) extern const struct sink_ops name##_sink;
SINK_FORMATS(SINK_DECLARE)
#undef SINK_DECLARE

#endif
