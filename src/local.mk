# SPDX-License-Identifier: GPL-2.0-or-later
# Floors 0 to 3 are a library that needs no kernel; cltrace is that with sources, sinks and the command line.

noinst_LIBRARIES += libcltrace-core.a
libcltrace_core_a_SOURCES = \
	src/abi/abi.c \
	src/abi/abi.h \
	src/base/clock.c \
	src/base/clock.h \
	src/base/diag.c \
	src/base/diag.h \
	src/base/histogram.c \
	src/base/histogram.h \
	src/base/mem.c \
	src/base/mem.h \
	src/base/names.c \
	src/base/names.h \
	src/base/text.c \
	src/base/text.h \
	src/clone/effect.c \
	src/clone/effect.h \
	src/clone/explain.c \
	src/clone/explain.h \
	src/clone/facts.c \
	src/clone/facts.h \
	src/clone/fingerprint.c \
	src/clone/fingerprint.h \
	src/clone/flags.c \
	src/clone/flags.h \
	src/clone/kind.c \
	src/clone/kind.h \
	src/clone/meaning.c \
	src/clone/meaning.h \
	src/clone/parse.c \
	src/clone/parse.h \
	src/clone/request.c \
	src/clone/request.h \
	src/clone/resource.c \
	src/clone/resource.h \
	src/clone/rules.c \
	src/clone/rules.h \
	src/event/codec.h \
	src/event/decode.c \
	src/event/encode.c \
	src/event/event.c \
	src/event/event.h \
	src/event/fields.c \
	src/event/fields.h \
	src/event/scan.c \
	src/event/signal.c \
	src/event/signal.h \
	src/follow/follow.c \
	src/follow/follow.h \
	src/follow/order.h \
	src/follow/stop.h \
	src/follow/stopline.c \
	src/follow/stopline.h \
	src/model/filter.c \
	src/model/filter.h \
	src/model/model.c \
	src/model/model.h

sink_sources = \
	src/sink/column.c \
	src/sink/column.h \
	src/sink/count.c \
	src/sink/count.h \
	src/sink/detail.c \
	src/sink/detail.h \
	src/sink/contrast.c \
	src/sink/contrast.h \
	src/sink/delivery.c \
	src/sink/delivery.h \
	src/sink/fold.c \
	src/sink/fold.h \
	src/sink/forest.c \
	src/sink/forest.h \
	src/sink/formats.h \
	src/sink/json.c \
	src/sink/page.c \
	src/sink/page.h \
	src/sink/ps.c \
	src/sink/sink.c \
	src/sink/graph.c \
	src/sink/lanes.c \
	src/sink/perfetto.c \
	src/sink/rate.c \
	src/sink/rate.h \
	src/sink/sink.h \
	src/sink/summary.c \
	src/sink/table.c \
	src/sink/table.h \
	src/sink/text.c \
	src/sink/tree.c \
	src/sink/words.c \
	src/sink/words.h

bin_PROGRAMS += cltrace
cltrace_SOURCES = \
	src/cli/compare.c \
	src/cli/compare.h \
	src/cli/explain.c \
	src/cli/explain.h \
	src/cli/limits.c \
	src/cli/limits.h \
	src/cli/main.c \
	src/cli/not_started.c \
	src/cli/not_started.h \
	src/cli/options.c \
	src/cli/options.h \
	src/cli/output.c \
	src/cli/output.h \
	src/cli/page_out.c \
	src/cli/page_out.h \
	src/cli/replay.c \
	src/cli/replay.h \
	src/cli/run.c \
	src/cli/run.h \
	src/cli/views.c \
	src/cli/views.h \
	src/source/ptrace/attach.c \
	src/source/ptrace/attach.h \
	src/source/ptrace/engine.c \
	src/source/ptrace/engine.h \
	src/source/ptrace/filter.c \
	src/source/ptrace/filter.h \
	src/source/ptrace/launch.c \
	src/source/ptrace/launch.h \
	src/source/ptrace/limits.c \
	src/source/ptrace/limits.h \
	src/source/ptrace/proc.c \
	src/source/ptrace/proc.h \
	src/source/ptrace/relay.c \
	src/source/ptrace/relay.h \
	src/source/ptrace/signals.c \
	src/source/ptrace/signals.h \
	src/source/ptrace/stopcost.c \
	src/source/ptrace/stopcost.h \
	src/source/ptrace/sys.c \
	src/source/ptrace/sys.h \
	src/source/ptrace/wait.c \
	src/source/ptrace/wait.h \
	src/source/replay/replay.c \
	src/source/replay/replay.h \
	$(sink_sources)
cltrace_LDADD = libcltrace-core.a $(SECCOMP_LIBS) $(SMARTCOLS_LIBS) $(JSONC_LIBS)
