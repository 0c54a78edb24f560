/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for the file of a .gnu_debuglink, and checks its checksum. */
#include "source/stack/debugfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

#define BLOCK 65536

/* The CRC of IEEE 802.3, reflected, as the section holds it (gdb manual, Separate Debug Files). */
static uint32_t add_sum(uint32_t sum, const uint8_t *bytes, size_t length)
{
	static const uint32_t nibbles[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	sum = ~sum;
	for (size_t i = 0; i < length; i++) {
		sum = nibbles[(sum ^ bytes[i]) & 15] ^ sum >> 4;
		sum = nibbles[(sum ^ bytes[i] >> 4) & 15] ^ sum >> 4;
	}
	return ~sum;
}

static bool has_sum(int fd, uint32_t sum)
{
	uint8_t *block = mem_alloc(BLOCK);
	uint32_t found = 0;
	ssize_t n;

	for (off_t at = 0; (n = pread(fd, block, BLOCK, at)) > 0; at += n)
		found = add_sum(found, block, (size_t)n);
	free(block);
	return n == 0 && found == sum;
}

static int open_sum(const char *path, uint32_t sum)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -ENOENT;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && has_sum(fd, sum))
		return fd;
	close(fd);
	return -ENOENT;
}

int debugfile_open(const char *file, const char *name, uint32_t sum, char **ret_path)
{
	static const char *const around[][2] = { { "", "/" }, { "", "/.debug/" }, { "/usr/lib/debug", "/" } };
	const char *slash = strrchr(file, '/');
	struct text path = TEXT_INIT;
	int fd = -ENOENT;

	if (!slash || strchr(name, '/'))
		return -ENOENT;
	for (size_t i = 0; i < ARRAY_LENGTH(around) && fd < 0; i++) {
		text_clear(&path);
		text_addf(&path, "%s%.*s%s%s", around[i][0], (int)(slash - file), file, around[i][1], name);
		fd = open_sum(text_get(&path), sum);
	}
	if (fd >= 0)
		*ret_path = mem_strdup(text_get(&path));
	text_done(&path);
	return fd;
}
