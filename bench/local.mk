# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark: `make bench`, with BENCH_FLAGS='...' for what bench/bench --help names. `make check` runs it once, tiny.

bench_programs = bench/bench bench/floor bench/work
check_PROGRAMS += $(bench_programs)

bench_bench_SOURCES = \
	bench/bench.c \
	bench/bench.h \
	bench/check.c \
	bench/report.c \
	bench/run.c \
	bench/values.c \
	bench/watch.c
bench_bench_CPPFLAGS = -D_GNU_SOURCE $(JSONC_CFLAGS)
bench_bench_LDADD = $(JSONC_LIBS)
bench_work_LDADD = -lpthread

TESTS += bench/smoke.sh
dist_check_SCRIPTS += bench/smoke.sh
EXTRA_DIST += bench/README bench/project.sh bench/table.sh

bench: all $(bench_programs)
	./bench/bench --source='$(abs_top_srcdir)' --json=bench.json $(BENCH_FLAGS)
.PHONY: bench

CLEANFILES += bench.json
