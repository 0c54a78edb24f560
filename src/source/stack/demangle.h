/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of C++ and Rust as in the source, by libiberty. */
#ifndef SOURCE_STACK_DEMANGLE_H
#define SOURCE_STACK_DEMANGLE_H

/* The name to show for the symbol NAME, malloc'ed, without its version and what linkers add. Hashes of Rust's crates
 * and functions are left out. A name stays as it is if it is not mangled, if it is longer or deeper than anybody reads,
 * or if this cltrace was built without libiberty. */
char *demangle(const char *name);

#endif
