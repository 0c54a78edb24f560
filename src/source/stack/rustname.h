/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rust's mangled names, the "v0" ones, as they were written. */
#ifndef SOURCE_STACK_RUSTNAME_H
#define SOURCE_STACK_RUSTNAME_H

/* "std::rt::lang_start" for NAME, "_RNvNtC...", malloc'ed; NULL: it is none, or longer and deeper than anybody reads.
 */
char *rustname_demangle(const char *name);

/* Puts the signs back that the older mangling writes as "$LT$" and so on, in a name that was demangled as one of C++.
 */
void rustname_decode(char *name);

#endif
