/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps other files from the descriptors of stdin, stdout and stderr, whether these are open or closed. */
#ifndef CLI_STDFDS_H
#define CLI_STDFDS_H

/* Replaces each of the three that is closed with a descriptor that can be neither read nor written (open(2), O_PATH:
 * EBADF). Else the next file, pipe or socket that is opened would get this number, and messages would be written to it.
 * exec closes it again, so programs find the same descriptors closed. Must be called first. */
void stdfds_hold(void);

/* Moves FD (or an error) above those three, close-on-exec, and closes it where it was. Returns the new one or -errno.
 */
int stdfds_move_above(int fd);

/* Opens the file NAME to write to it, and creates it if there is none. FLAGS: as of open(2). Returns a descriptor above
 * those three, or -errno. */
int stdfds_open_file(const char *name, int flags);

#endif
