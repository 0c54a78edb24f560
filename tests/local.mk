# SPDX-License-Identifier: GPL-2.0-or-later
# All tests speak TAP, so that `make check` counts single tests, not files.
#
# A unit test: one line in unit_tests; its source is its name with .c, it links LDADD. Tests of what is not in the core
# library name their sources too. A test of the command line: one line in cli_tests. A live test: one line in
# live_tests.

TEST_EXTENSIONS = .sh .bats
# A file that hangs is ended; its plan then lacks results, which the driver counts as an error.
time_limit = timeout -k 10 1200
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
run_unit = $(time_limit) $(SHELL) $(srcdir)/tests/run-unit
LOG_DRIVER = $(tap_driver)
LOG_COMPILER = $(run_unit)
SH_LOG_DRIVER = $(tap_driver)
SH_LOG_COMPILER = $(time_limit)
BATS_LOG_DRIVER = $(tap_driver)
BATS_LOG_DRIVER_FLAGS = --ignore-exit
BATS_LOG_COMPILER = $(time_limit) $(SHELL) $(srcdir)/tests/run-bats

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	CC='$(CC)'; export CC; \
	BATS='$(BATS)'; export BATS; \
	CLTRACE='$(abs_top_builddir)/cltrace$(EXEEXT)'; export CLTRACE; \
	SAMPLES='$(abs_top_builddir)/samples'; export SAMPLES; \
	ACTOR='$(abs_top_builddir)/tests/actor/actor$(EXEEXT)'; export ACTOR; \
	ACTOR32='$(actor32)'; export ACTOR32; \
	HELPERS='$(abs_top_builddir)/tests/live'; export HELPERS; \
	FUZZERS='$(fuzzers)'; export FUZZERS; \
	REPLAY='$(abs_top_builddir)/tests/stops/replay$(EXEEXT)'; export REPLAY; \
	TEXTS='$(abs_top_builddir)/tests/golden/texts$(EXEEXT)'; export TEXTS; \
	TIMELINE='$(abs_top_builddir)/tests/golden/timeline$(EXEEXT)'; export TIMELINE; \
	RENDER='$(abs_top_builddir)/tests/golden/render$(EXEEXT)'; export RENDER; \
	DERIVE='$(abs_top_builddir)/tests/schema/derive$(EXEEXT)'; export DERIVE; \
	VALIDATE='$(abs_top_builddir)/tests/schema/validate$(EXEEXT)'; export VALIDATE; \
	CMOCKA_TESTS='$(cmocka_tests)'; export CMOCKA_TESTS; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;

LDADD = libcltrace-core.a $(SMARTCOLS_LIBS) $(JSONC_LIBS) $(CMOCKA_LIBS)

# Unit tests: floors 0 to 3, pure.

unit_tests = \
	tests/unit/test_abi \
	tests/unit/test_check \
	tests/unit/test_codec \
	tests/unit/test_comparison \
	tests/unit/test_event \
	tests/unit/test_explain \
	tests/unit/test_filter \
	tests/unit/test_fingerprint \
	tests/unit/test_flags \
	tests/unit/test_histogram \
	tests/unit/test_json_writer \
	tests/unit/test_kind \
	tests/unit/test_meaning \
	tests/unit/test_model \
	tests/unit/test_namespace \
	tests/unit/test_namespaces \
	tests/unit/test_names \
	tests/unit/test_parse \
	tests/unit/test_request \
	tests/unit/test_resource \
	tests/unit/test_rules \
	tests/unit/test_signal \
	tests/unit/test_snapshot \
	tests/unit/test_stack \
	tests/unit/test_stopline \
	tests/unit/test_text \
	tests/unit/test_tids \
	tests/unit/test_utf8

EXTRA_DIST += tests/unit/requests.h tests/unit/skip.h

# Tests with cmocka that are not pure, or are of the upper floors.

upper_tests = \
	tests/unit/test_arch \
	tests/unit/test_code \
	tests/unit/test_demangle \
	tests/unit/test_command \
	tests/unit/test_crew \
	tests/unit/test_fold \
	tests/unit/test_gotable \
	tests/unit/test_identity \
	tests/unit/test_until \
	tests/unit/test_needs \
	tests/unit/test_options \
	tests/unit/test_output \
	tests/unit/test_own_stack \
	tests/unit/test_pids \
	tests/unit/test_procfs \
	tests/unit/test_program \
	tests/unit/test_relay \
	tests/unit/test_replay \
	tests/unit/test_schema \
	tests/unit/test_session \
	tests/unit/test_sink \
	tests/unit/test_summary \
	tests/unit/test_tree \
	tests/unit/test_unescape \
	tests/unit/test_unwind \
	tests/unit/test_wait \
	tests/unit/test_wants

tests_unit_test_arch_SOURCES = \
	tests/unit/test_arch.c \
	src/source/arch/aarch64.c \
	src/source/arch/arch.c \
	src/source/arch/riscv64.c \
	src/source/arch/x86.c
tests_unit_test_code_SOURCES = \
	tests/unit/test_code.c \
	src/source/stack/aspace.c \
	src/source/stack/aspace_guard.c \
	src/source/stack/aspace_log.c \
	src/source/stack/aspace_maps.c \
	src/source/stack/aspace_memory.c \
	src/source/stack/aspace_object.c \
	src/source/stack/debugfile.c \
	src/source/stack/demangle.c \
	src/source/stack/ehframe.c \
	src/source/stack/elffile.c \
	src/source/stack/gotable.c \
	src/source/stack/symbol.c \
	src/source/stack/symbol_none.c
tests_unit_test_code_LDADD = $(LDADD) $(LIBDW_LIBS) $(LIBIBERTY_LIBS)
tests_unit_test_command_SOURCES = tests/unit/test_command.c src/source/kernel/command.c
tests_unit_test_crew_SOURCES = tests/unit/test_crew.c src/source/kernel/crew.c
tests_unit_test_demangle_SOURCES = tests/unit/test_demangle.c src/source/stack/demangle.c
tests_unit_test_demangle_LDADD = $(LDADD) $(LIBIBERTY_LIBS)
tests_unit_test_fold_SOURCES = tests/unit/test_fold.c src/render/fold.c
tests_unit_test_gotable_SOURCES = \
	tests/unit/test_gotable.c \
	src/source/stack/gostack.c \
	src/source/stack/gotable.c
tests_unit_test_identity_SOURCES = tests/unit/test_identity.c src/source/ptrace/identity.c $(procfs_sources)
tests_unit_test_until_SOURCES = tests/unit/test_until.c src/cli/until.c
tests_unit_test_needs_SOURCES = tests/unit/test_needs.c $(options_sources) $(sink_sources)
tests_unit_test_options_SOURCES = tests/unit/test_options.c $(options_sources) $(sink_sources)
tests_unit_test_output_SOURCES = tests/unit/test_output.c src/cli/output.c src/cli/replacement.c \
	src/cli/stdfds.c src/cli/writer.c
tests_unit_test_own_stack_SOURCES = tests/unit/test_own_stack.c src/cli/main_stack.c
tests_unit_test_pids_SOURCES = tests/unit/test_pids.c $(causes_sources) $(procfs_sources)
tests_unit_test_procfs_SOURCES = tests/unit/test_procfs.c $(causes_sources) $(procfs_sources)
tests_unit_test_program_SOURCES = \
	tests/unit/test_program.c \
	$(procfs_sources) \
	src/source/ptrace/program.c \
	$(sys_sources)
tests_unit_test_relay_SOURCES = tests/unit/test_relay.c src/source/ptrace/relay.c
tests_unit_test_replay_SOURCES = tests/unit/test_replay.c src/source/replay/reader.c $(procfs_sources)
tests_unit_test_schema_SOURCES = tests/unit/test_schema.c tests/schema/schema.c tests/schema/schema.h
tests_unit_test_session_SOURCES = \
	tests/unit/test_session.c \
	$(procfs_sources) \
	src/source/ptrace/relay.c \
	src/source/ptrace/session.c \
	src/source/ptrace/tracer_signals.c
tests_unit_test_sink_SOURCES = tests/unit/test_sink.c $(sink_sources)
tests_unit_test_sink_LDADD = $(LDADD) $(SMARTCOLS_LIBS)
tests_unit_test_snapshot_SOURCES = tests/unit/test_snapshot.c src/sink/snapshot_json.c
tests_unit_test_summary_SOURCES = tests/unit/test_summary.c $(sink_sources)
tests_unit_test_comparison_SOURCES = tests/unit/test_comparison.c $(sink_sources)
tests_unit_test_tree_SOURCES = tests/unit/test_tree.c $(sink_sources)
tests_unit_test_unescape_SOURCES = tests/unit/test_unescape.c $(procfs_sources)
tests_unit_test_unwind_SOURCES = tests/unit/test_unwind.c $(unwind_sources)
tests_unit_test_unwind_LDADD = $(LDADD) $(stack_libs)
tests_unit_test_wait_SOURCES = tests/unit/test_wait.c src/source/ptrace/polling.c src/source/ptrace/tracer_signals.c \
	$(procfs_sources) \
	src/source/ptrace/wait.c
tests_unit_test_wants_SOURCES = tests/unit/test_wants.c src/cli/until.c src/cli/wants.c $(options_sources) \
	$(sink_sources)
tests_unit_test_wants_LDADD = $(LDADD) $(SMARTCOLS_LIBS)

# Stops tests: scripted stops, and the events that they must give.

stops_tests = \
	tests/stops/test_calls \
	tests/stops/test_creation \
	tests/stops/test_detach \
	tests/stops/test_denied \
	tests/stops/test_doom \
	tests/stops/test_ended \
	tests/stops/test_exec_exit \
	tests/stops/test_killed \
	tests/stops/test_random \
	tests/stops/test_server \
	tests/stops/test_signals \
	tests/stops/test_verify
script_sources = \
	tests/stops/law.c \
	tests/stops/law.h \
	tests/stops/script.c \
	tests/stops/script.h \
	$(sink_sources)
tests_stops_test_calls_SOURCES = tests/stops/test_calls.c $(script_sources)
tests_stops_test_creation_SOURCES = tests/stops/test_creation.c $(script_sources)
tests_stops_test_detach_SOURCES = tests/stops/test_detach.c $(script_sources)
tests_stops_test_denied_SOURCES = tests/stops/test_denied.c $(script_sources)
tests_stops_test_doom_SOURCES = tests/stops/test_doom.c $(script_sources)
tests_stops_test_ended_SOURCES = tests/stops/test_ended.c $(script_sources)
tests_stops_test_exec_exit_SOURCES = tests/stops/test_exec_exit.c $(script_sources)
tests_stops_test_killed_SOURCES = tests/stops/test_killed.c $(script_sources)
tests_stops_test_random_SOURCES = tests/stops/test_random.c $(script_sources)
tests_stops_test_server_SOURCES = tests/stops/test_server.c $(script_sources)
tests_stops_test_signals_SOURCES = tests/stops/test_signals.c $(script_sources)
tests_stops_test_verify_SOURCES = tests/stops/test_verify.c $(script_sources)

cmocka_tests = $(unit_tests) $(stops_tests) $(upper_tests)
if HAVE_CMOCKA
check_PROGRAMS += $(cmocka_tests)
TESTS += $(cmocka_tests)
else
TESTS += tests/without_cmocka.sh
endif
dist_check_SCRIPTS += tests/without_cmocka.sh

# Recorded stops: a bug report becomes a test.

check_PROGRAMS += tests/stops/replay
tests_stops_replay_LDADD = libcltrace-core.a $(JSONC_LIBS)
TESTS += tests/stops/replay.sh
dist_check_SCRIPTS += tests/stops/replay.sh
EXTRA_DIST += \
	tests/stops/arm64_vfork.stops \
	tests/stops/arm64_vfork.txt \
	tests/stops/attach_detach.stops \
	tests/stops/attach_detach.txt \
	tests/stops/creator_killed.stops \
	tests/stops/creator_killed.txt \
	tests/stops/exec_thread.stops \
	tests/stops/exec_thread.txt \
	tests/stops/fork_then_pthread.stops \
	tests/stops/fork_then_pthread.txt \
	tests/stops/signals.stops \
	tests/stops/signals.txt

# Golden tests: what each sink makes of a recording.

check_PROGRAMS += tests/golden/render
tests_golden_render_SOURCES = tests/golden/render.c $(sink_sources)
tests_golden_render_LDADD = libcltrace-core.a $(SMARTCOLS_LIBS) $(JSONC_LIBS)
golden_tests = \
	tests/golden/filters.sh \
	tests/golden/golden.sh \
	tests/golden/harmless.sh \
	tests/golden/pages.sh \
	tests/golden/pictures.sh
TESTS += $(golden_tests)
dist_check_SCRIPTS += $(golden_tests)
check_PROGRAMS += tests/golden/timeline
tests_golden_timeline_LDADD = $(JSONC_LIBS)
check_PROGRAMS += tests/golden/texts
tests_golden_texts_LDADD = libcltrace-core.a
EXTRA_DIST += \
	tests/golden/pages/all_flags.txt \
	tests/golden/pages/color.txt \
	tests/golden/pages/flags.txt \
	tests/golden/pages/fork.txt \
	tests/golden/pages/fork_pthread.txt \
	tests/golden/pages/linuxthreads.txt \
	tests/golden/pages/mask.txt \
	tests/golden/pages/perf.txt \
	tests/golden/pages/posix_spawn.txt \
	tests/golden/pages/pthread_create.txt \
	tests/golden/pages/refused_mask.txt \
	tests/golden/pages/same.txt \
	tests/golden/pages/setns.txt \
	tests/golden/pages/spawns.txt \
	tests/golden/pages/strace_clone.txt \
	tests/golden/pages/strace_clone3.txt \
	tests/golden/pages/strace_refused.txt \
	tests/golden/pages/texts.txt \
	tests/golden/pages/thread_mask.txt \
	tests/golden/pages/two_masks.txt \
	tests/golden/pages/unshare.txt
EXTRA_DIST += \
	tests/golden/attach.default.txt \
	tests/golden/attach.dot.txt \
	tests/golden/attach.jsonl \
	tests/golden/attach.lanes.txt \
	tests/golden/attach.summary.txt \
	tests/golden/attach.tree.txt \
	tests/golden/attach.verbose.txt \
	tests/golden/calls.jsonl \
	tests/golden/calls.rest.txt \
	tests/golden/calls.verbose-rest.txt \
	tests/golden/cost.cost.txt \
	tests/golden/cost.default.txt \
	tests/golden/cost.jsonl \
	tests/golden/cost.summary.txt \
	tests/golden/ends.json.txt \
	tests/golden/ends.jsonl \
	tests/golden/ends.lanes.txt \
	tests/golden/ends.perfetto.txt \
	tests/golden/ends.rest.txt \
	tests/golden/ends.tree-json.txt \
	tests/golden/ends.tree.txt \
	tests/golden/ends.verbose-rest.txt \
	tests/golden/everything.default.txt \
	tests/golden/everything.dot.txt \
	tests/golden/everything.exec-json.txt \
	tests/golden/everything.json.txt \
	tests/golden/everything.jsonl \
	tests/golden/everything.lanes-utf8.txt \
	tests/golden/everything.lanes.txt \
	tests/golden/everything.mermaid.txt \
	tests/golden/everything.none.txt \
	tests/golden/everything.perfetto.txt \
	tests/golden/everything.ps.txt \
	tests/golden/everything.quiet.txt \
	tests/golden/everything.summary-json.txt \
	tests/golden/everything.summary-threads.txt \
	tests/golden/everything.summary.txt \
	tests/golden/everything.threads-dot.txt \
	tests/golden/everything.threads-lanes.txt \
	tests/golden/everything.threads-perfetto.txt \
	tests/golden/everything.threads.txt \
	tests/golden/everything.tree-json.txt \
	tests/golden/everything.tree-parent.txt \
	tests/golden/everything.tree.txt \
	tests/golden/everything.verbose.txt \
	tests/golden/execs.exec-json.txt \
	tests/golden/execs.json.txt \
	tests/golden/execs.jsonl \
	tests/golden/execs.lanes.txt \
	tests/golden/execs.perfetto.txt \
	tests/golden/execs.quiet.txt \
	tests/golden/execs.rest.txt \
	tests/golden/execs.verbose-rest.txt \
	tests/golden/letters.dot.txt \
	tests/golden/letters.jsonl \
	tests/golden/letters.mermaid.txt \
	tests/golden/letters.perfetto.txt \
	tests/golden/letters.utf8.txt \
	tests/golden/names.dot.txt \
	tests/golden/names.jsonl \
	tests/golden/names.summary-no-origin.txt \
	tests/golden/names.summary.txt \
	tests/golden/names.tree-calls-no-origin.txt \
	tests/golden/names.tree-calls.txt \
	tests/golden/names.tree-folded.txt \
	tests/golden/names.tree-json.txt \
	tests/golden/names.tree.txt \
	tests/golden/namespaces.default.txt \
	tests/golden/namespaces.json.txt \
	tests/golden/namespaces.jsonl \
	tests/golden/namespaces.quiet.txt \
	tests/golden/namespaces.tree-json.txt \
	tests/golden/namespaces.tree.txt \
	tests/golden/namespaces.verbose.txt \
	tests/golden/parents.dot.txt \
	tests/golden/parents.jsonl \
	tests/golden/parents.mermaid.txt \
	tests/golden/parents.tree-parent.txt \
	tests/golden/parents.tree.txt \
	tests/golden/programs.descriptors-quiet.txt \
	tests/golden/programs.descriptors.txt \
	tests/golden/programs.json.txt \
	tests/golden/programs.jsonl \
	tests/golden/programs.rest.txt \
	tests/golden/programs.verbose-rest.txt \
	tests/golden/refusals.default.txt \
	tests/golden/refusals.json.txt \
	tests/golden/refusals.jsonl \
	tests/golden/refusals.summary.txt \
	tests/golden/refusals.verbose.txt \
	tests/golden/senders.jsonl \
	tests/golden/senders.rest.txt \
	tests/golden/signals.jsonl \
	tests/golden/signals.rest.txt \
	tests/golden/snapshot.default.txt \
	tests/golden/snapshot.dot.txt \
	tests/golden/snapshot.json.txt \
	tests/golden/snapshot.jsonl \
	tests/golden/snapshot.ps.txt \
	tests/golden/snapshot.snapshot-json.txt \
	tests/golden/snapshot.snapshot.txt \
	tests/golden/snapshot.tree-parent.txt \
	tests/golden/snapshot.tree.txt \
	tests/golden/stacks.default.txt \
	tests/golden/stacks.dot.txt \
	tests/golden/stacks.folded.txt \
	tests/golden/stacks.json.txt \
	tests/golden/stacks.jsonl \
	tests/golden/stacks.lanes.txt \
	tests/golden/stacks.no-origin.txt \
	tests/golden/stacks.origin.txt \
	tests/golden/stacks.perfetto.txt \
	tests/golden/stacks.quiet-stack.txt \
	tests/golden/stacks.stack-verbose.txt \
	tests/golden/stacks.stack.txt \
	tests/golden/stacks.summary-no-origin.txt \
	tests/golden/stacks.summary.txt \
	tests/golden/unknown.default.txt \
	tests/golden/unknown.json.txt \
	tests/golden/unknown.jsonl \
	tests/golden/unknown.summary.txt \
	tests/golden/unknown.verbose.txt \
	tests/golden/variants.color.txt \
	tests/golden/variants.duration.txt \
	tests/golden/variants.epoch.txt \
	tests/golden/variants.few.txt \
	tests/golden/variants.jsonl \
	tests/golden/variants.micro.txt \
	tests/golden/variants.narrow.txt \
	tests/golden/variants.no-tree.txt \
	tests/golden/variants.relative.txt \
	tests/golden/variants.seconds.txt \
	tests/golden/variants.summary-utf8.txt \
	tests/golden/verify-calls.json.txt \
	tests/golden/verify-calls.jsonl \
	tests/golden/verify-calls.rest.txt \
	tests/golden/verify-calls.verbose-rest.txt \
	tests/golden/verify.default.txt \
	tests/golden/verify.json.txt \
	tests/golden/verify.jsonl \
	tests/golden/verify.quiet.txt \
	tests/golden/verify.verbose-rest.txt \
	tests/golden/waits.duration.txt \
	tests/golden/waits.json.txt \
	tests/golden/waits.jsonl \
	tests/golden/waits.lanes.txt \
	tests/golden/waits.perfetto.txt \
	tests/golden/waits.quiet.txt

# The schema of recordings, and what holds lines against it.

check_PROGRAMS += tests/schema/validate
tests_schema_validate_SOURCES = tests/schema/validate.c tests/schema/schema.c tests/schema/schema.h
tests_schema_validate_LDADD = libcltrace-core.a $(JSONC_LIBS)
check_PROGRAMS += tests/schema/derive
tests_schema_derive_SOURCES = tests/schema/derive.c
tests_schema_derive_LDADD = libcltrace-core.a $(JSONC_LIBS)
TESTS += tests/schema/derived.sh tests/schema/schema.sh
dist_check_SCRIPTS += tests/schema/derived.sh tests/schema/schema.sh

# Writes the schema and the manual's lists of fields again, after a change of src/event/schema.c.
derived: tests/schema/derive$(EXEEXT)
	@for file in schema:share/cltrace-events.schema.json manual:man/cltrace-events.5; do \
	tests/schema/derive$(EXEEXT) $${file%%:*} <"$(srcdir)/$${file#*:}" >derived.tmp && \
	cat derived.tmp >"$(srcdir)/$${file#*:}"; rm -f derived.tmp; done
.PHONY: derived

# Every sentence that -v and --explain can say, with its source.
texts: tests/golden/texts$(EXEEXT)
	@tests/golden/texts$(EXEEXT)
.PHONY: texts

# Fuzzers: the corpus and a fixed number of mutations of it; FUZZ_MUTATIONS says how many.

fuzzers = \
	tests/fuzz/fuzz_codec \
	tests/fuzz/fuzz_filter \
	tests/fuzz/fuzz_follow \
	tests/fuzz/fuzz_options \
	tests/fuzz/fuzz_replay \
	tests/fuzz/fuzz_parse \
	tests/fuzz/fuzz_request \
	tests/fuzz/fuzz_stopline \
	tests/fuzz/fuzz_symbol \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_unwind
check_PROGRAMS += $(fuzzers)
fuzz_sources = \
	tests/fuzz/fuzz.h \
	tests/fuzz/main.c \
	tests/fuzz/trace.c \
	tests/fuzz/trace.h \
	$(sink_sources)
fuzz_libs = libcltrace-core.a $(SMARTCOLS_LIBS) $(JSONC_LIBS)
tests_fuzz_fuzz_codec_SOURCES = tests/fuzz/fuzz_codec.c $(fuzz_sources)
tests_fuzz_fuzz_codec_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_filter_SOURCES = tests/fuzz/fuzz_filter.c $(fuzz_sources)
tests_fuzz_fuzz_filter_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_follow_SOURCES = tests/fuzz/fuzz_follow.c $(fuzz_sources)
tests_fuzz_fuzz_follow_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c $(options_sources) $(fuzz_sources)
tests_fuzz_fuzz_options_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_replay_SOURCES = tests/fuzz/fuzz_replay.c src/source/replay/reader.c $(procfs_sources) $(fuzz_sources)
tests_fuzz_fuzz_replay_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_parse_SOURCES = tests/fuzz/fuzz_parse.c $(fuzz_sources)
tests_fuzz_fuzz_parse_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c $(fuzz_sources)
tests_fuzz_fuzz_request_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_stopline_SOURCES = tests/fuzz/fuzz_stopline.c $(fuzz_sources)
tests_fuzz_fuzz_stopline_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c src/cli/output.c src/cli/replacement.c \
	src/cli/stdfds.c src/cli/writer.c $(fuzz_sources)
tests_fuzz_fuzz_text_LDADD = $(fuzz_libs)
unwind_sources = \
	$(procfs_sources) \
	$(stack_sources) \
	$(sys_sources)
tests_fuzz_fuzz_unwind_SOURCES = tests/fuzz/fuzz_unwind.c $(unwind_sources) $(fuzz_sources)
tests_fuzz_fuzz_symbol_SOURCES = tests/fuzz/fuzz_symbol.c $(unwind_sources) $(fuzz_sources)
tests_fuzz_fuzz_symbol_LDADD = $(fuzz_libs) $(stack_libs)
tests_fuzz_fuzz_unwind_LDADD = $(fuzz_libs) $(stack_libs)
# What tests/fuzz/libfuzzer.sh makes.
fuzzers: $(fuzzers)
.PHONY: fuzzers
TESTS += tests/fuzz/fuzz.sh
dist_check_SCRIPTS += tests/fuzz/fuzz.sh
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/libfuzzer.sh

# Lint.

lint_tests = \
	tests/lint/floors.sh \
	tests/lint/headers.sh \
	tests/lint/listed.sh \
	tests/lint/musl.sh \
	tests/lint/people.sh \
	tests/lint/procfs.sh \
	tests/lint/shell.sh \
	tests/lint/style.sh
TESTS += $(lint_tests)
dist_check_SCRIPTS += $(lint_tests)

# Tests of the command line, which trace nothing.

cli_tests = \
	tests/cli/compare.bats \
	tests/cli/explain.bats \
	tests/cli/options.bats \
	tests/cli/outputs.bats \
	tests/cli/replay.bats \
	tests/cli/tutorial.bats
TESTS += $(cli_tests)
dist_check_SCRIPTS += $(cli_tests)
EXTRA_DIST += tests/cli/common.bash

# Live tests. The actor makes the situations that they trace; it is built for i386 too where the compiler can.

live_tests = \
	tests/live/asleep.bats \
	tests/live/attach.bats \
	tests/live/compare.bats \
	tests/live/denied.bats \
	tests/live/explain.bats \
	tests/live/i386.bats \
	tests/live/jobs.bats \
	tests/live/kernel.bats \
	tests/live/launch.bats \
	tests/live/limits.bats \
	tests/live/library_calls.bats \
	tests/live/namespaces.bats \
	tests/live/outputs.bats \
	tests/live/programs.bats \
	tests/live/readme.bats \
	tests/live/refusals.bats \
	tests/live/replay.bats \
	tests/live/rlimits.bats \
	tests/live/samples.bats \
	tests/live/scenes.bats \
	tests/live/signals.bats \
	tests/live/snapshot.bats \
	tests/live/stack.bats \
	tests/live/storm.bats \
	tests/live/summary.bats \
	tests/live/terminal.bats \
	tests/live/tutorial.bats \
	tests/live/verify.bats
TESTS += $(live_tests)
dist_check_SCRIPTS += $(live_tests) tests/run-bats tests/run-unit
EXTRA_DIST += tests/live/origins.c tests/live/common.bash tests/allowed-skips tests/check-all tests/live-as-user

actor_sources = \
	tests/actor/actor.c \
	tests/actor/actor.h \
	tests/actor/call_scenes.c \
	tests/actor/combination_scenes.c \
	tests/actor/fact.c \
	tests/actor/job_scenes.c \
	tests/actor/namespace_scenes.c \
	tests/actor/process_scenes.c \
	tests/actor/raw.c \
	tests/actor/raw.h \
	tests/actor/remote_scenes.c \
	tests/actor/signal_scenes.c \
	tests/actor/standing_scenes.c \
	tests/actor/thread_scenes.c

check_PROGRAMS += tests/actor/actor
tests_actor_actor_SOURCES = $(actor_sources)
tests_actor_actor_LDADD = -lpthread

# Tools of the live tests.
check_PROGRAMS += \
	tests/live/await \
	tests/live/compare \
	tests/live/kernel_rules \
	tests/live/library_calls \
	tests/live/newtask \
	tests/live/terminal \
	tests/live/walks
tests_live_await_LDADD =
tests_live_compare_LDADD =
tests_live_kernel_rules_SOURCES = \
	tests/actor/raw.c \
	tests/actor/raw.h \
	tests/live/kernel_rules.c \
	$(causes_sources) \
	$(procfs_sources) \
	$(sys_sources)
tests_live_kernel_rules_LDADD = libcltrace-core.a -lpthread
tests_live_kernel_rules_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src
tests_live_library_calls_LDADD = -lpthread
tests_live_newtask_LDADD =
tests_live_terminal_LDADD =
tests_live_walks_SOURCES = tests/live/walks.c $(unwind_sources)
tests_live_walks_CPPFLAGS = -include config.h -I$(srcdir)/src $(LIBUNWIND_CFLAGS) $(LIBDW_CFLAGS)
tests_live_walks_LDADD = libcltrace-core.a $(stack_libs)

# The library calls once more, as musl makes them.
if HAVE_MUSL_GCC
check_SCRIPTS += tests/live/library_calls_musl
CLEANFILES += tests/live/library_calls_musl
tests/live/library_calls_musl: tests/live/library_calls.c
	$(AM_V_CCLD)$(MUSL_GCC) -D_GNU_SOURCE -std=gnu11 -static -o $@ $(srcdir)/tests/live/library_calls.c
endif

if HAVE_M32
check_PROGRAMS += tests/actor/actor32
tests_actor_actor32_SOURCES = $(actor_sources)
tests_actor_actor32_CFLAGS = $(AM_CFLAGS) -m32
tests_actor_actor32_LDFLAGS = -m32
tests_actor_actor32_LDADD = -lpthread
actor32 = $(abs_top_builddir)/tests/actor/actor32$(EXEEXT)
else
actor32 =
endif

# All tests, except that only the live tests with the tag LIVE_TAG run (see tests/run-bats). Logs replace those of `make
# check`, as below.
check-tagged: $(check_PROGRAMS) $(check_SCRIPTS)
	@live=`cd $(srcdir) && grep -lE '^# bats [a-z]+_tags=(.*,)?$(LIVE_TAG)(,|$$)' $(live_tests)` && \
	LIVE_TAG='$(LIVE_TAG)' $(MAKE) $(AM_MAKEFLAGS) check-TESTS \
		TESTS="`echo $(TESTS) | tr ' ' '\n' | grep -v '^tests/live/' | tr '\n' ' '` $$live"

# What can be said of a build that lacks optional libraries; no other test program is built.
bare_programs = \
	cltrace$(EXEEXT) \
	tests/actor/actor$(EXEEXT) \
	tests/live/await$(EXEEXT) \
	tests/live/compare$(EXEEXT) \
	tests/schema/validate$(EXEEXT)
bare_tests = \
	tests/unit/test_code \
	tests/unit/test_options \
	tests/unit/test_unwind \
	tests/cli/replay.bats \
	tests/live/stack.bats
check-bare: $(bare_programs)
	LIVE_TAG=bare $(MAKE) $(AM_MAKEFLAGS) check-TESTS check_PROGRAMS= check_SCRIPTS= TESTS='$(bare_tests)'

# The tests of floors 0 to 3 again under valgrind. Logs replace those of `make check`.
check-valgrind: $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(unit_tests) $(stops_tests)' \
		LOG_COMPILER='$(run_unit) valgrind -q --error-exitcode=9 --leak-check=full'
.PHONY: check-bare check-tagged check-valgrind
