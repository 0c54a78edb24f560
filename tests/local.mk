# SPDX-License-Identifier: GPL-2.0-or-later
# All tests speak TAP, so that `make check` counts single tests, not files.
#
# A unit test: one line in unit_tests; its source is its name with .c, it links LDADD. Tests of what is not in the core
# library name their sources too. A live test: one line in live_tests.

TEST_EXTENSIONS = .sh .bats
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
BATS_LOG_DRIVER = $(tap_driver)
BATS_LOG_DRIVER_FLAGS = --ignore-exit
BATS_LOG_COMPILER = $(SHELL) $(srcdir)/tests/run-bats

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	CC='$(CC)'; export CC; \
	BATS='$(BATS)'; export BATS; \
	CLTRACE='$(abs_top_builddir)/cltrace$(EXEEXT)'; export CLTRACE; \
	SAMPLES='$(abs_top_builddir)/samples'; export SAMPLES; \
	ACTOR='$(abs_top_builddir)/tests/actor/actor$(EXEEXT)'; export ACTOR; \
	ACTOR32='$(actor32)'; export ACTOR32; \
	CMOCKA_TESTS='$(cmocka_tests)'; export CMOCKA_TESTS; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;

LDADD = libcltrace-core.a $(JSONC_LIBS) $(CMOCKA_LIBS)

# Unit tests: floors 0 to 3, pure.

unit_tests =

# Tests with cmocka that are not pure, or are of the upper floors.

upper_tests =

cmocka_tests = $(unit_tests) $(upper_tests)
if HAVE_CMOCKA
check_PROGRAMS += $(cmocka_tests)
TESTS += $(cmocka_tests)
else
TESTS += tests/without_cmocka.sh
endif
dist_check_SCRIPTS += tests/without_cmocka.sh

# Lint.

lint_tests = \
	tests/lint/floors.sh \
	tests/lint/headers.sh \
	tests/lint/listed.sh \
	tests/lint/style.sh
TESTS += $(lint_tests)
dist_check_SCRIPTS += $(lint_tests)

# Live tests. The actor makes the situations that they trace; it is built for i386 too where the compiler can.

live_tests =
TESTS += $(live_tests)
dist_check_SCRIPTS += $(live_tests) tests/run-bats
EXTRA_DIST += tests/allowed-skips tests/check-all tests/live-as-user

if HAVE_M32
actor32 = $(abs_top_builddir)/tests/actor/actor32$(EXEEXT)
else
actor32 =
endif

# The unit tests again under valgrind. Logs replace those of `make check`.
check-valgrind: $(check_PROGRAMS)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(unit_tests)' \
		LOG_COMPILER='valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,possible'
.PHONY: check-valgrind
