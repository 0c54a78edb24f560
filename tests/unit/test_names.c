/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the names of errno values and signals, against this machine's headers where those are asm-generic's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "skip.h"

#define ROW(name)           \
	{                   \
		name, #name \
	}

#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || defined(__arm__) || defined(__riscv)
static const struct row {
	int number;
	const char *name;
} errno_rows[] = {
	ROW(EPERM),
	ROW(ENOENT),
	ROW(ESRCH),
	ROW(EINTR),
	ROW(EIO),
	ROW(ENXIO),
	ROW(E2BIG),
	ROW(ENOEXEC),
	ROW(EBADF),
	ROW(ECHILD),
	ROW(EAGAIN),
	ROW(ENOMEM),
	ROW(EACCES),
	ROW(EFAULT),
	ROW(ENOTBLK),
	ROW(EBUSY),
	ROW(EEXIST),
	ROW(EXDEV),
	ROW(ENODEV),
	ROW(ENOTDIR),
	ROW(EISDIR),
	ROW(EINVAL),
	ROW(ENFILE),
	ROW(EMFILE),
	ROW(ENOTTY),
	ROW(ETXTBSY),
	ROW(EFBIG),
	ROW(ENOSPC),
	ROW(ESPIPE),
	ROW(EROFS),
	ROW(EMLINK),
	ROW(EPIPE),
	ROW(EDOM),
	ROW(ERANGE),
	ROW(EDEADLK),
	ROW(ENAMETOOLONG),
	ROW(ENOLCK),
	ROW(ENOSYS),
	ROW(ENOTEMPTY),
	ROW(ELOOP),
	ROW(ENOMSG),
	ROW(EIDRM),
	ROW(ECHRNG),
	ROW(EL2NSYNC),
	ROW(EL3HLT),
	ROW(EL3RST),
	ROW(ELNRNG),
	ROW(EUNATCH),
	ROW(ENOCSI),
	ROW(EL2HLT),
	ROW(EBADE),
	ROW(EBADR),
	ROW(EXFULL),
	ROW(ENOANO),
	ROW(EBADRQC),
	ROW(EBADSLT),
	ROW(EBFONT),
	ROW(ENOSTR),
	ROW(ENODATA),
	ROW(ETIME),
	ROW(ENOSR),
	ROW(ENONET),
	ROW(ENOPKG),
	ROW(EREMOTE),
	ROW(ENOLINK),
	ROW(EADV),
	ROW(ESRMNT),
	ROW(ECOMM),
	ROW(EPROTO),
	ROW(EMULTIHOP),
	ROW(EDOTDOT),
	ROW(EBADMSG),
	ROW(EOVERFLOW),
	ROW(ENOTUNIQ),
	ROW(EBADFD),
	ROW(EREMCHG),
	ROW(ELIBACC),
	ROW(ELIBBAD),
	ROW(ELIBSCN),
	ROW(ELIBMAX),
	ROW(ELIBEXEC),
	ROW(EILSEQ),
	ROW(ERESTART),
	ROW(ESTRPIPE),
	ROW(EUSERS),
	ROW(ENOTSOCK),
	ROW(EDESTADDRREQ),
	ROW(EMSGSIZE),
	ROW(EPROTOTYPE),
	ROW(ENOPROTOOPT),
	ROW(EPROTONOSUPPORT),
	ROW(ESOCKTNOSUPPORT),
	ROW(EOPNOTSUPP),
	ROW(EPFNOSUPPORT),
	ROW(EAFNOSUPPORT),
	ROW(EADDRINUSE),
	ROW(EADDRNOTAVAIL),
	ROW(ENETDOWN),
	ROW(ENETUNREACH),
	ROW(ENETRESET),
	ROW(ECONNABORTED),
	ROW(ECONNRESET),
	ROW(ENOBUFS),
	ROW(EISCONN),
	ROW(ENOTCONN),
	ROW(ESHUTDOWN),
	ROW(ETOOMANYREFS),
	ROW(ETIMEDOUT),
	ROW(ECONNREFUSED),
	ROW(EHOSTDOWN),
	ROW(EHOSTUNREACH),
	ROW(EALREADY),
	ROW(EINPROGRESS),
	ROW(ESTALE),
	ROW(EUCLEAN),
	ROW(ENOTNAM),
	ROW(ENAVAIL),
	ROW(EISNAM),
	ROW(EREMOTEIO),
	ROW(EDQUOT),
	ROW(ENOMEDIUM),
	ROW(EMEDIUMTYPE),
	ROW(ECANCELED),
	ROW(ENOKEY),
	ROW(EKEYEXPIRED),
	ROW(EKEYREVOKED),
	ROW(EKEYREJECTED),
	ROW(EOWNERDEAD),
	ROW(ENOTRECOVERABLE),
	ROW(ERFKILL),
	ROW(EHWPOISON),
};

static const struct row signal_rows[] = {
	ROW(SIGHUP),  ROW(SIGINT),    ROW(SIGQUIT), ROW(SIGILL),  ROW(SIGTRAP),	  ROW(SIGABRT), ROW(SIGBUS),
	ROW(SIGFPE),  ROW(SIGKILL),   ROW(SIGUSR1), ROW(SIGSEGV), ROW(SIGUSR2),	  ROW(SIGPIPE), ROW(SIGALRM),
	ROW(SIGTERM), ROW(SIGSTKFLT), ROW(SIGCHLD), ROW(SIGCONT), ROW(SIGSTOP),	  ROW(SIGTSTP), ROW(SIGTTIN),
	ROW(SIGTTOU), ROW(SIGURG),    ROW(SIGXCPU), ROW(SIGXFSZ), ROW(SIGVTALRM), ROW(SIGPROF), ROW(SIGWINCH),
	ROW(SIGIO),   ROW(SIGPWR),    ROW(SIGSYS),
};

static void test_header_errno(void **state)
{
	unsigned named = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(errno_rows) / sizeof(errno_rows[0]); i++) {
		assert_non_null(errno_name(errno_rows[i].number));
		assert_string_equal(errno_name(errno_rows[i].number), errno_rows[i].name);
	}
	for (int i = 0; i < 512; i++)
		named += errno_name(i) != NULL;
	assert_int_equal(named, sizeof(errno_rows) / sizeof(errno_rows[0]));
}

static void test_header_signals(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	assert_int_equal(sizeof(signal_rows) / sizeof(signal_rows[0]), 31);
	for (size_t i = 0; i < 31; i++) {
		text_clear(&text);
		signal_add_name(&text, signal_rows[i].number);
		assert_string_equal(text_get(&text), signal_rows[i].name);
	}
	text_done(&text);
}
#else
static void test_header_errno(void **state)
{
	(void)state;
	skip_because("this machine has other numbers");
}

static void test_header_signals(void **state)
{
	(void)state;
	skip_because("this machine has other numbers");
}
#endif

static void test_errno_edges(void **state)
{
	(void)state;
	assert_null(errno_name(0));
	assert_null(errno_name(-1));
	assert_null(errno_name(41));
	assert_null(errno_name(58));
	assert_null(errno_name(134));
	assert_null(errno_name(511));
	assert_string_equal(errno_name(512), "ERESTARTSYS");
	assert_string_equal(errno_name(513), "ERESTARTNOINTR");
	assert_string_equal(errno_name(514), "ERESTARTNOHAND");
	assert_string_equal(errno_name(516), "ERESTART_RESTARTBLOCK");
	assert_null(errno_name(520));
	assert_null(errno_name(INT32_MAX));
	assert_null(errno_name(INT32_MIN));
}

static const struct {
	int signo;
	const char *name;
} edges[] = {
	{ 0, "signal 0" },    { -1, "signal -1" },   { 32, "signal 32" }, { 33, "signal 33" },	 { 34, "SIGRTMIN" },
	{ 35, "SIGRTMIN+1" }, { 64, "SIGRTMIN+30" }, { 65, "signal 65" }, { 255, "signal 255" },
};

static void test_signal_edges(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		text_clear(&text);
		signal_add_name(&text, edges[i].signo);
		assert_string_equal(text_get(&text), edges[i].name);
		assert_int_equal(signal_has_name(edges[i].signo), strncmp(edges[i].name, "SIG", 3) == 0);
	}
	text_done(&text);
}

static void test_signal_round_trip(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	for (int signo = -2; signo < 300; signo++) {
		text_clear(&text);
		signal_add_name(&text, signo);
		if (!signal_has_name(signo))
			continue;
		assert_int_equal(signal_by_name(text_get(&text)), signo);
		assert_int_equal(signal_by_name(text_get(&text) + 3), signo);
	}
	text_done(&text);
}

static void test_signal_by_name(void **state)
{
	static const char *const bad[] = {
		"",
		"SIG",
		"CHLDX",
		"SIGSIGCHLD",
		"chld",
		"17",
		"SIGRTMIN+",
		"SIGRTMIN+31",
		"SIGRTMIN+-1",
		"SIGRTMIN+ 1",
		"SIGRTMIN+1x",
		"SIGRTMIN+001",
		"SIGRTMIN-1",
		"signal 32",
		"SIGRTMINI",
		"SIGAVERYLONGNAMETHATISNONEATALL",
		"AVERYLONGNAMETHATISNONEATALL",
	};

	(void)state;
	assert_int_equal(signal_by_name("CHLD"), 17);
	assert_int_equal(signal_by_name("SIGCLD"), 17);
	assert_int_equal(signal_by_name("IOT"), 6);
	assert_int_equal(signal_by_name("POLL"), 29);
	assert_int_equal(signal_by_name("SIGRTMIN+0"), 34);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(signal_by_name(bad[i]), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_errno),	  cmocka_unit_test(test_header_signals),
		cmocka_unit_test(test_errno_edges),	  cmocka_unit_test(test_signal_edges),
		cmocka_unit_test(test_signal_round_trip), cmocka_unit_test(test_signal_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
