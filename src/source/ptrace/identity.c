/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks users and groups up, by the rules of chroot(1) and of strace -u. */
#include "source/ptrace/identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "source/kernel/procfs/idmap.h"
#include "source/kernel/procfs/path.h"

/* TEXT as the number of a user or a group; the highest number means "no change" to the kernel. */
static bool parse_number(const char *text, uint32_t *ret)
{
	unsigned long long value;
	char *end;

	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || value >= UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	return true;
}

/* The groups that USER is in, GID among them. */
static void take_groups(const char *user, struct identity *ret)
{
	int count = 64;

	ret->groups = mem_alloc((size_t)count * sizeof(gid_t));
	if (getgrouplist(user, ret->gid, ret->groups, &count) < 0) {
		ret->groups = mem_resize(ret->groups, (size_t)count, sizeof(gid_t));
		getgrouplist(user, ret->gid, ret->groups, &count);
	}
	ret->group_count = count;
}

static int find_group(const char *group, gid_t *ret)
{
	const struct group *entry = getgrnam(group);
	uint32_t number;

	if (!entry && !parse_number(group, &number)) {
		diag("-u: there is no group '%s'; give a name that 'getent group' shows, or a number", group);
		return -ENOENT;
	}
	*ret = entry ? entry->gr_gid : number;
	return 0;
}

/* USER by its name or, if nobody has this name, its number; *RET_NAME: NULL if the number has no name. */
static int find_user(const char *user, struct identity *ret, const char **ret_name)
{
	const struct passwd *entry = getpwnam(user);
	uint32_t number;

	if (!entry && !parse_number(user, &number)) {
		diag("-u: there is no user '%s'; give a name that 'getent passwd' shows, or a number", user);
		return -ENOENT;
	}
	if (!entry)
		entry = getpwuid(number);
	ret->uid = entry ? entry->pw_uid : number;
	ret->gid = entry ? entry->pw_gid : 0;
	*ret_name = entry ? entry->pw_name : NULL;
	return 0;
}

static int find_user_and_group(const char *user, const char *group, struct identity *ret)
{
	const char *name = NULL;
	int r = *user ? find_user(user, ret, &name) : 0;

	if (r < 0)
		return r;
	if (!*user)
		ret->uid = geteuid();
	if (!*group && !name) {
		diag("-u: user id %s has no name, so its group is not known; give '-u %s:GROUP'", user, user);
		return -ENOENT;
	}
	name = name ? mem_strdup(name) : NULL; /* the next look-up overwrites it */
	r = *group ? find_group(group, &ret->gid) : 0;
	if (r >= 0 && name)
		take_groups(name, ret);
	free((char *)name);
	return r;
}

int identity_parse(const char *spec, struct identity *ret)
{
	const size_t length = strcspn(spec, ":");
	const char *group = spec[length] ? spec + length + 1 : "";
	char *user = mem_strdup(spec);
	uint32_t uid, gid;
	int r = 0;

	*ret = (struct identity){ 0 };
	user[length] = '\0';
	if ((!*user && !*group) || strchr(group, ':')) {
		diag("-u: '%s' is not a user; give USER, USER:GROUP or :GROUP, each a name or a number", spec);
		r = -EINVAL;
	} else if (parse_number(user, &uid) && parse_number(group, &gid)) {
		*ret = (struct identity){ .uid = uid, .gid = gid }; /* exactly these: nothing is looked up */
	} else {
		r = find_user_and_group(user, group, ret);
	}
	free(user);
	if (r < 0)
		identity_done(ret);
	return r;
}

/* Whether our user namespace has ID, by the MAP of users or groups; without such a file there is only one user
 * namespace. */
static bool is_mapped(const char *map, uint32_t id)
{
	return proc_is_mapped(PROC_SELF, map, IDMAP_INSIDE, id) != 0;
}

int identity_find(const char *spec, struct identity *ret)
{
	int r;

	if (geteuid() != 0) {
		diag("-u: only root can run a program as another user; use 'sudo cltrace -u %s'", spec);
		return -EPERM;
	}
	if (!proc_may_set_groups(PROC_SELF)) {
		diag("-u: this user namespace does not permit its root to change groups (see setgroups in "
		     "user_namespaces(7)); leave -u out, or run cltrace outside");
		return -EPERM;
	}
	r = identity_parse(spec, ret);
	if (r < 0 || (is_mapped("uid_map", ret->uid) && is_mapped("gid_map", ret->gid)))
		return r;
	diag("-u: this user namespace has no user %u or no group %u; see /proc/self/uid_map and gid_map",
	     (unsigned)ret->uid, (unsigned)ret->gid);
	identity_done(ret);
	return -EINVAL;
}

void identity_done(struct identity *identity)
{
	free(identity->groups);
	*identity = (struct identity){ 0 };
}

int identity_take(const struct identity *identity)
{
	if (setgroups((size_t)identity->group_count, identity->groups) < 0 ||
	    setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
	    setresuid(identity->uid, identity->uid, identity->uid) < 0)
		return -errno;
	return 0;
}
