/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of C++ and Rust as they were written, by libiberty. */
#ifndef SOURCE_STACK_DEMANGLE_H
#define SOURCE_STACK_DEMANGLE_H

/* The name to show for the symbol NAME, malloc'ed, without its version and what linkers add. Hashes of Rust's crates
 * and functions are left out. A name that is not mangled or longer and deeper than anybody reads stays as it is, and so
 * does every name if this cltrace was built without libiberty. */
char *demangle(const char *name);

#endif
