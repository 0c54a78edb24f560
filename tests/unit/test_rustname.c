/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rust's names: what rustc makes of some, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/stack/rustname.h"

static void demangles(void **state)
{
	static const struct {
		const char *mangled, *name; /* NULL: none */
	} cases[] = {
		{ "_RNvNtCsjrHSEGnQ3l9_3std2rt19lang_start_internal", "std::rt::lang_start_internal" },
		{ "_RNvMs0_NtNtNtCsjrHSEGnQ3l9_3std3sys6thread4unixNtB5_6Thread3new",
		  "<std::sys::thread::unix::Thread>::new" },
		{ "_RNvMsk_NtCsjrHSEGnQ3l9_3std7processNtB5_7Command6status", "<std::process::Command>::status" },
		/* the examples of the RFC */
		{ "_RNvC6_123foo3bar", "123foo::bar" },
		{ "_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}" },
		{ "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
		  "alloc::alloc::box_free::<dyn alloc::boxed::FnBox::<()><Output = ()>>" },
		{ "_RINvC1a1bKj7b_E", "a::b::<0x7b>" },
		{ "_RINvC1a1bRSheATlmEj3_FUKCmEuE", "a::b::<&[u8], str, [(i32, u32); 0x3], unsafe fn(u32)>" },
		{ "_RINvC1a1bRShTlmEE", "a::b::<&[u8], (i32, u32)>" },
		{ "_RINvC1a1bFUKCmEuE", "a::b::<unsafe fn(u32)>" },
		{ "_RINvC1a1bFPmEOhE", "a::b::<fn(*const u32) -> *mut u8>" },
		{ "_RINvC1a1bAhj4_E", "a::b::<[u8; 0x4]>" },
		{ "_RNvYNtC1a1bNtC1c1d1e", "<a::b as c::d>::e" },
		/* what is cut off, or never ends */
		{ "_R", NULL },
		{ "_RNv", NULL },
		{ "_RNvC6_123foo9bar", NULL },
		{ "_RB_", NULL },
		{ "_RNvB_1a", NULL },
		{ "_RNvC1a99999999999999999999b", NULL },
		{ "_ZN3foo3barE", NULL },
		{ "main", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name = rustname_demangle(cases[i].mangled);

		if (!name != !cases[i].name || (name && strcmp(name, cases[i].name) != 0))
			fail_msg("%s is %s", cases[i].mangled, name ? name : "none");
		free(name);
	}
}

static void decodes(void **state)
{
	static const char *const cases[][2] = {
		{ "std::rt::lang_start::_$u7b$$u7b$closure$u7d$$u7d$", "std::rt::lang_start::{{closure}}" },
		{ "_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..Drop$GT$::drop",
		  "<alloc::vec::Vec<T> as core::ops::Drop>::drop" },
		{ "main", "main" },
		{ "a_b$", "a_b$" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[128];

		strcpy(name, cases[i][0]);
		rustname_decode(name);
		assert_string_equal(name, cases[i][1]);
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
		free(rustname_demangle(copy));
		for (int letter = '0'; letter <= 'z'; letter++) {
			memcpy(copy, name, sizeof(name));
			copy[i] = (char)letter;
			free(rustname_demangle(copy));
		}
	}
}

/* References to references: neither deep nor long for ever. */
static void ends(void **state)
{
	char name[2048] = "_R";

	(void)state;
	for (int i = 0; i < 500; i++)
		strcat(name, "Nv");
	free(rustname_demangle(name));
	assert_null(rustname_demangle(name));
	strcpy(name, "_RINvC1a1bTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT");
	assert_null(rustname_demangle(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demangles),
		cmocka_unit_test(decodes),
		cmocka_unit_test(survives),
		cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
