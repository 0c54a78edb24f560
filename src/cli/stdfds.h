/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cltrace does where stdin, stdout or stderr are closed. */
#ifndef CLI_STDFDS_H
#define CLI_STDFDS_H

/* Puts a descriptor that can be neither read nor written (open(2), O_PATH: EBADF) in the place of each of the three
 * that is closed. Else the next file, pipe or socket that is opened would get its number, and messages would be written
 * to it. exec closes it again: programs find closed what was closed. Must be called first. */
void stdfds_hold(void);

#endif
