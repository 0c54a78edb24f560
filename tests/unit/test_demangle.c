/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of C++ and Rust: some that compilers mangle, and some that are not mangled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/stack/demangle.h"

static void demangles(void **state)
{
	static const struct {
		const char *mangled, *name; /* NULL: as it is */
	} cases[] = {
		{ "_RNvNtCsjrHSEGnQ3l9_3std2rt19lang_start_internal", "std::rt::lang_start_internal" },
		{ "_RNvMs0_NtNtNtCsjrHSEGnQ3l9_3std3sys6thread4unixNtB5_6Thread3new",
		  "<std::sys::thread::unix::Thread>::new" },
		{ "_RNvMsk_NtCsjrHSEGnQ3l9_3std7processNtB5_7Command6status", "<std::process::Command>::status" },
		/* the examples of the RFC */
		{ "_RNvC6_123foo3bar", "123foo::bar" },
		{ "_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}" },
		{ "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
		  "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>" },
		{ "_RINvC1a1bKj7b_E", "a::b::<123>" },
		{ "_RINvC1a1bRSheATlmEj3_FUKCmEuE",
		  "a::b::<&[u8], str, [(i32, u32); 3], unsafe extern \"C\" fn(u32)>" },
		{ "_RINvC1a1bRShTlmEE", "a::b::<&[u8], (i32, u32)>" },
		{ "_RINvC1a1bFPmEOhE", "a::b::<fn(*const u32) -> *mut u8>" },
		{ "_RINvC1a1bAhj4_E", "a::b::<[u8; 4]>" },
		{ "_RNvYNtC1a1bNtC1c1d1e", "<a::b as c::d>::e" },
		/* the older mangling */
		{ "_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE",
		  "std::rt::lang_start::{{closure}}" },
		{ "_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE",
		  "<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop" },
		{ "_ZN1a1b17h0123456789abcdefE.llvm.123", "a::b" },
		/* C++ */
		{ "_ZN5house6Worker5startEi", "house::Worker::start(int)" },
		{ "_ZNSt6threadC1IRFvvEJEvEEOT_DpOT0_", "std::thread::thread<void (&)(), , void>(void (&)())" },
		{ "memcpy@@GLIBC_2.14", "memcpy" },
		/* what is cut off, or never ends */
		{ "_R", NULL },
		{ "_RNv", NULL },
		{ "_RNvC6_123foo9bar", NULL },
		{ "_RB_", NULL },
		{ "_RNvB_1a", NULL },
		{ "_RNvC1a99999999999999999999b", NULL },
		{ "_ZN3foo3ba", NULL },
		{ "main", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name = demangle(cases[i].mangled);

		if (strcmp(name, cases[i].name ? cases[i].name : cases[i].mangled) != 0)
			fail_msg("%s is %s", cases[i].mangled, name);
		free(name);
	}
}

/* Each part of a name by itself, and each name with another letter in each place. */
static void survives(void **state)
{
	static const char name[] = "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ERSjE";
	char copy[sizeof(name)];

	(void)state;
	for (size_t i = 0; i < sizeof(name) - 1; i++) {
		memcpy(copy, name, sizeof(name));
		copy[i] = '\0';
		free(demangle(copy));
		for (int letter = '0'; letter <= 'z'; letter++) {
			memcpy(copy, name, sizeof(name));
			copy[i] = (char)letter;
			free(demangle(copy));
		}
	}
}

static char digit62(int value)
{
	return "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % 62];
}

static char digit36(int value)
{
	return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % 36];
}

static void stays(const char *mangled)
{
	char *name = demangle(mangled);

	assert_string_equal(name, mangled);
	free(name);
}

/* Pairs, each of two of the previous pair, in Rust's mangling and in C++'s. */
static const char *rust_pairs(char *name, int levels)
{
	strcpy(name, "_RINvC1a1bTuuE");
	for (int i = 0, last = 8; i < levels; i++) {
		char back[8] = "";
		const int at = (int)strlen(name) - 2;

		if (last < 63)
			snprintf(back, sizeof(back), "B%c_", digit62(last - 1));
		else
			snprintf(back, sizeof(back), "B%c%c_", digit62((last - 1) / 62 - 1), digit62((last - 1) % 62));
		sprintf(name + strlen(name), "T%s%sE", back, back);
		last = at;
	}
	return strcat(name, "E");
}

static const char *cxx_pairs(char *name, int levels)
{
	strcpy(name, "_Z1fSt4pairIiiE");
	for (int i = 0; i < levels; i++)
		sprintf(name + strlen(name), "S_IS%c_S%c_E", digit36(i), digit36(i));
	return name;
}

/* Both the depth and the length are limited. */
static void ends(void **state)
{
	char name[32768] = "_R", *shown;

	(void)state;
	for (int i = 0; i < 10000; i++)
		strcat(name, "Nv");
	stays(name);
	for (int levels = 1; levels < 40; levels++) {
		shown = demangle(rust_pairs(name, levels));
		assert_int_equal(strcmp(shown, name) == 0, levels > 5);
		free(shown);
	}
	for (int levels = 1; levels < 36; levels++) {
		shown = demangle(cxx_pairs(name, levels));
		assert_int_equal(strcmp(shown, name) == 0, levels > 4);
		free(shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demangles),
		cmocka_unit_test(survives),
		cmocka_unit_test(ends),
	};

#ifndef HAVE_LIBIBERTY
	(void)tests;
	puts("1..0 # SKIP cltrace was built without libiberty");
	return 0;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
