/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a new file next to the old one, and replaces the old one when the new one is complete. */
#include "cli/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/stdfds.h"

/* Whether another file may replace the existing one: it must be a regular file of our own with one name, and writable.
 * cltrace writes to any other file (a device, a FIFO) directly. */
static bool is_replaceable(const char *file, const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink == 1 &&
	       faccessat(AT_FDCWD, file, W_OK, AT_EACCESS) == 0;
}

/* The name of the file TARGET, with symbolic links followed, if it can be replaced or does not exist; else NULL.
 * *RET_MODE is its mode, or -1 if it does not exist. */
static char *find_replaceable(const char *target, int *ret_mode)
{
	struct stat st;
	char *file;

	*ret_mode = -1;
	if (lstat(target, &st) < 0)
		return errno == ENOENT ? mem_strdup(target) : NULL;
	file = realpath(target, NULL);
	if (!file)
		return NULL; /* a link to a file that does not exist: opening the link creates it */
	if (stat(file, &st) == 0 && is_replaceable(file, &st)) {
		*ret_mode = st.st_mode & 07777;
		return file;
	}
	free(file);
	return NULL;
}

/* The name of a file next to FILE that does not exist: hidden, with our pid. */
static char *name_beside(const char *file)
{
	const char *slash = strrchr(file, '/');
	size_t folder = slash ? (size_t)(slash - file) + 1 : 0;
	struct text name = TEXT_INIT;

	text_add_bytes(&name, file, folder);
	/* the name of the file may be as long as a name can be */
	text_addf(&name, ".%.200s.%d~", file + folder, (int)getpid());
	return name.data;
}

int replacement_open(struct replacement *ret, const char *target)
{
	int mode, fd;
	char *file = find_replaceable(target, &mode), *beside;

	if (!file)
		return -EEXIST;
	beside = name_beside(file);
	fd = stdfds_open_file(beside, O_EXCL);
	if (fd >= 0 && mode >= 0 && fchmod(fd, (mode_t)mode) < 0) {
		close(fd);
		unlink(beside);
		fd = -EPERM;
	}
	if (fd < 0) {
		free(file);
		free(beside);
		return fd;
	}
	*ret = (struct replacement){ file, beside };
	return fd;
}

int replacement_finish(struct replacement *replacement, bool good)
{
	int error = 0;

	if (replacement->beside && (!good || rename(replacement->beside, replacement->file) < 0)) {
		error = good ? -errno : 0;
		unlink(replacement->beside);
	}
	free(replacement->file);
	free(replacement->beside);
	return error;
}
