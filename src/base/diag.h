/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of cltrace itself on stderr, each one line that begins with the program's name. For floors 4 and 5 only. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

/* "cltrace: FORMAT" and a newline, written with one write(2) so that it never lands inside another line. Every byte
 * that could disturb a terminal or the line is escaped as text_add_escaped() does, except the backslash, so names and
 * words are passed as they are. If stderr accepts nothing for a second, the message is lost, because the tracer cannot
 * wait. */
void diag(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, with ": " and the text of ERROR (a positive errno) behind it. */
void diag_errno(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
