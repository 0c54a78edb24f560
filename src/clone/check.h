/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the flags of a call promise about two tasks, compared with what the kernel says about them (--verify). */
#ifndef CLONE_CHECK_H
#define CLONE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "clone/namespace.h"
#include "clone/object.h"

struct request;

/* What can be checked, each a bit 1 << CHECK_... of a mask. The numbers are in recordings: the next new check, also
 * that of a namespace, gets the number CHECK_COUNT. */
enum check {
/* kcmp(2): two tasks have the same object, or not. */
#define CHECK_OF_OBJECT(NAME, ...) CHECK_##NAME = OBJECT_##NAME,
	TASK_OBJECTS(CHECK_OF_OBJECT)
#undef CHECK_OF_OBJECT
/* /proc/TID/ns: the same inode, or not. For children: whether the namespace is that of the creator's future children.
 * That shows why the answer about the kind differs; no flag promises it. */
#define CHECK_OF_NAMESPACE(NAME, KEY, WORDS, FLAG, PLACE, TURN, CHECK, ...) CHECK_NS_##NAME = (CHECK),
#define CHECK_FOR_CHILDREN(NAME, KEY, CHECK, ...) CHECK_NS_##NAME##_CHILDREN = (CHECK),
		NAMESPACES(CHECK_OF_NAMESPACE) NAMESPACES_FOR_CHILDREN(CHECK_FOR_CHILDREN)
#undef CHECK_OF_NAMESPACE
#undef CHECK_FOR_CHILDREN
	/* /proc/TID/status. */
	CHECK_TGID = 14, /* the same thread group */
	CHECK_PPID,	 /* the same parent; else the creator is the parent */
	CHECK_NSPID,	 /* the task has a pid in as many pid namespaces as its creator */
	CHECK_NSTGID,	 /* ... and, in the innermost one, its process has the pid of the creator's process */
	CHECK_COUNT = OBJECT_COUNT + 4 + NAMESPACE_COUNT /* those named here, and namespaces */
};

/* Also an event's `asked` and a model's `parted`, which have 32 bits. */
_Static_assert(CHECK_COUNT <= 32, "masks have a bit 1 << enum check");

/* What is known of each check; no bit: nothing. */
struct check_masks {
	uint64_t shared, apart;
};

/* What the kernel said. */
struct check_answers {
	uint64_t shared, apart;
	uint64_t neither; /* neither task has one: for kcmp(2) the same as shared */
	uint64_t refused; /* could not be asked, because of `error` */
	int error;	  /* the errno of the first of those; 0: none */
};

/* Why flags and kernel differ. The numbers are in recordings. */
enum check_cause {
	CAUSE_UNKNOWN,
	CAUSE_NO_IO_CONTEXT, /* CLONE_IO, but the creator has none yet */
	CAUSE_FOR_CHILDREN,  /* the creator had called unshare or setns for its future children */
	CAUSE_COUNT
};

/* What REQUEST, a creation, unshare, setns or close_range that succeeded, promises. Nothing if its flags are not known.
 * Except for creations, it is about the caller and any other task. Flags do not show which namespaces setns enters. */
void check_expect(const struct request *request, struct check_masks *ret);

/* The bits of all namespaces, including those for children; and one bit for each kind of namespace. */
uint64_t check_namespaces(void);
uint64_t check_namespace_kinds(void);

/* What exec(2) promises about its caller and any other task (fs/exec.c: begin_new_exec()). */
void check_expect_exec(struct check_masks *ret);

/* The bits in which ANSWERS contradict EXPECTED. If neither task has the object, they do not share it. */
uint64_t check_differences(const struct check_masks *expected, const struct check_answers *answers);

/* Why CHECK, one of those, differs. */
enum check_cause check_cause(enum check check, const struct check_answers *answers);

/* "memory", "mount namespace", ...; and the key in JSON: "memory", "files", "mnt", "tgid". */
const char *check_name(enum check check);
const char *check_key(enum check check);

/* A sentence without its end, and "no-io-context" and so on. */
const char *check_cause_explain(enum check_cause cause);
const char *check_cause_name(enum check_cause cause);

#endif
