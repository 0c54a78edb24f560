/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes raw arguments into a request, and prints a request as a call. */
#include "clone/request.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"

enum { SIGNO_CHLD = 17 };		  /* the number in all our ABIs (asm-generic) */
enum { OPTION_SET_CHILD_SUBREAPER = 36 }; /* PR_SET_CHILD_SUBREAPER, <linux/prctl.h> */

/* struct clone_args, include/uapi/linux/sched.h; 64-bit fields in every ABI. */
struct clone3_fields {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
	uint64_t cgroup;
};
_Static_assert(sizeof(struct clone3_fields) == CLONE_ARGS_SIZE_VER2, "struct clone_args has 11 fields of 8 bytes");

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Takes over VALUE as FIELD if the flags or the values say that it is used. */
static void request_keep(struct request *request, unsigned have, int used, uint64_t *field, uint64_t value)
{
	if (!used)
		return;
	request->have |= have;
	*field = value;
}

/* The arguments that clone and clone3 have in common; RAW is clone3's struct or clone's arguments in its shape. */
static void request_keep_common(struct request *request, const struct clone3_fields *raw)
{
	const uint64_t flags = raw->flags;

	request->have |= REQUEST_FLAGS;
	request->flags = flags;
	request->exit_signal = raw->exit_signal;
	request_keep(request, REQUEST_STACK, raw->stack || raw->stack_size, &request->stack, raw->stack);
	request_keep(request, REQUEST_PIDFD, !!(flags & FLAG_PIDFD), &request->pidfd, raw->pidfd);
	request_keep(request, REQUEST_PARENT_TID, !!(flags & FLAG_PARENT_SETTID), &request->parent_tid,
		     raw->parent_tid);
	request_keep(request, REQUEST_CHILD_TID, !!(flags & (FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID)),
		     &request->child_tid, raw->child_tid);
	request_keep(request, REQUEST_TLS, !!(flags & FLAG_SETTLS), &request->tls, raw->tls);
}

/* clone takes the low 32 bits of its flags, the exit signal among them (kernel/fork.c, SYSCALL_DEFINE5(clone)). */
static void request_decode_clone(struct request *request, const uint64_t args[6])
{
	const int tls_first = request->abi->clone_order == CLONE_ORDER_TLS_CHILD;
	const struct clone3_fields raw = {
		.flags = args[0] & 0xffffffff & ~FLAG_CSIGNAL,
		.exit_signal = args[0] & FLAG_CSIGNAL,
		.stack = args[1],
		.pidfd = args[2], /* one pointer for both (clone(2), CLONE_PIDFD) */
		.parent_tid = args[2],
		.child_tid = tls_first ? args[4] : args[3],
		.tls = tls_first ? args[3] : args[4],
	};

	request_keep_common(request, &raw);
}

static void request_decode_set_tid(struct request *request, const struct clone3_fields *raw,
				   const struct clone_args_read *read)
{
	const int used = raw->set_tid || raw->set_tid_size;
	const uint64_t count = min_u64(raw->set_tid_size, CLONE_SET_TID_MAX);

	request_keep(request, REQUEST_SET_TID, used, &request->set_tid, raw->set_tid);
	request_keep(request, REQUEST_SET_TID, used, &request->set_tid_size, raw->set_tid_size);
	if (!count || read->set_tid_count < count)
		return;
	request->have |= REQUEST_SET_TID_LIST;
	memcpy(request->set_tid_list, read->set_tid, count * sizeof(read->set_tid[0]));
}

static void request_decode_clone3(struct request *request, const uint64_t args[6], const struct clone_args_read *read)
{
	const size_t length = read ? min_u64(read->length, CLONE_ARGS_KEEP) : 0;
	/* As the kernel does, take fields beyond a shorter struct for zero (copy_struct_from_user()). */
	struct clone3_fields raw = { 0 };

	request->size = args[1];
	if (request->size != CLONE_ARGS_SIZE_VER2)
		request->have |= REQUEST_SIZE;
	if (length < min_u64(request->size, CLONE_ARGS_KEEP) || length < sizeof(raw.flags)) {
		request->have |= REQUEST_SIZE | REQUEST_ARGS_ADDRESS;
		request->address = args[0];
	}
	if (length < sizeof(raw.flags))
		return;
	memcpy(&raw, read->bytes, min_u64(length, sizeof(raw)));
	request_keep_common(request, &raw);
	request_keep(request, REQUEST_STACK_SIZE, raw.stack || raw.stack_size, &request->stack_size, raw.stack_size);
	request_keep(request, REQUEST_CGROUP, !!(raw.flags & FLAG_INTO_CGROUP), &request->cgroup, raw.cgroup);
	request_decode_set_tid(request, &raw, read);
	if (length > sizeof(raw)) {
		request->have |= REQUEST_NEWER;
		memcpy(request->newer, read->bytes + sizeof(raw), length - sizeof(raw));
	}
}

uint64_t request_namespaces(const struct request *request)
{
	const int creation = call_is_creation(request->call);
	uint64_t namespaces = request->flags & FLAG_NAMESPACES;

	if (!(request->have & REQUEST_FLAGS))
		return 0;
	if (request->call == CALL_CLONE3 && request->flags & FLAG_EMPTY_MNTNS)
		namespaces |= FLAG_NEWNS;
	if (request->call == CALL_UNSHARE && request->flags & FLAG_UNSHARE_EMPTY_MNTNS)
		namespaces |= FLAG_NEWNS;
	/* Under CLONE_VM the vDSO's clock page cannot be exchanged: copy_namespaces() leaves out timens_on_fork(). */
	if (creation && (request->call != CALL_CLONE3 || request->flags & FLAG_VM))
		namespaces &= ~FLAG_NEWTIME;
	return namespaces;
}

void request_add_exit_signal(struct text *text, uint64_t signo)
{
	if (signo <= SIGNAL_LAST)
		signal_add_name(text, (int)signo);
	else
		text_addf(text, "%" PRIu64, signo);
}

/* A signal as an argument: a number where it has no name. */
static void request_add_signal(struct text *text, uint64_t signo)
{
	if (signo <= FLAG_CSIGNAL && signal_has_name((int)signo))
		signal_add_name(text, (int)signo);
	else
		text_addf(text, "%" PRIu64, signo);
}

static void request_add_address(struct text *text, const struct request *request, enum request_have have,
				const char *name, uint64_t address)
{
	if (request->have & have)
		text_addf(text, ", %s=%s%" PRIx64, name, address ? "0x" : "", address);
}

static void request_add_flags(struct text *text, const struct request *request)
{
	const int in_flags = request->call == CALL_CLONE && request->exit_signal;

	if (request->flags || !in_flags)
		flags_format(text, request->flags, request->call);
	if (in_flags) {
		text_add(text, request->flags ? "|" : "");
		request_add_signal(text, request->exit_signal);
	} else if (request->exit_signal) {
		text_add(text, ", exit_signal=");
		request_add_signal(text, request->exit_signal);
	}
}

static void request_add_set_tid(struct text *text, const struct request *request)
{
	const uint64_t count = min_u64(request->set_tid_size, CLONE_SET_TID_MAX);

	if (!(request->have & REQUEST_SET_TID))
		return;
	if (!(request->have & REQUEST_SET_TID_LIST)) {
		request_add_address(text, request, REQUEST_SET_TID, "set_tid", request->set_tid);
		text_addf(text, ", set_tid_size=%" PRIu64, request->set_tid_size);
		return;
	}
	text_add(text, ", set_tid=[");
	for (uint64_t i = 0; i < count; i++)
		text_addf(text, "%s%" PRId32, i ? ", " : "", request->set_tid_list[i]);
	text_add(text, "]");
	if (request->set_tid_size > count)
		text_addf(text, ", set_tid_size=%" PRIu64, request->set_tid_size);
}

/* What a newer kernel might understand, as 64-bit fields up to the last that is not zero. */
static void request_add_newer(struct text *text, const struct request *request)
{
	uint64_t fields[sizeof(request->newer) / sizeof(uint64_t)];
	size_t count = ARRAY_LENGTH(fields);

	memcpy(fields, request->newer, sizeof(fields));
	while (count && !fields[count - 1])
		count--;
	if (!count)
		return;
	text_add(text, ", newer=[");
	for (size_t i = 0; i < count; i++)
		text_addf(text, "%s0x%" PRIx64, i ? ", " : "", fields[i]);
	text_add(text, "]");
}

static void request_add_creation(struct text *text, const struct request *request)
{
	if (!(request->have & REQUEST_FLAGS)) {
		text_addf(text, "0x%" PRIx64 ", size=%" PRIu64, request->address, request->size);
		return;
	}
	request_add_flags(text, request);
	request_add_address(text, request, REQUEST_STACK, "stack", request->stack);
	if (request->have & REQUEST_STACK_SIZE)
		text_addf(text, "+0x%" PRIx64, request->stack_size);
	request_add_address(text, request, REQUEST_PIDFD, "pidfd", request->pidfd);
	request_add_address(text, request, REQUEST_PARENT_TID, "parent_tid", request->parent_tid);
	request_add_address(text, request, REQUEST_CHILD_TID, "child_tid", request->child_tid);
	request_add_address(text, request, REQUEST_TLS, "tls", request->tls);
	request_add_set_tid(text, request);
	if (request->have & REQUEST_CGROUP)
		text_addf(text, ", cgroup=%" PRId64, (int64_t)request->cgroup);
	if (request->have & REQUEST_SIZE)
		text_addf(text, ", size=%" PRIu64, request->size);
	request_add_newer(text, request);
}

static void request_add_prctl(struct text *text, const struct request *request)
{
	const uint64_t *args = request->args;

	if ((int)args[0] == OPTION_SET_CHILD_SUBREAPER)
		text_addf(text, "PR_SET_CHILD_SUBREAPER, %" PRIu64, args[1]);
	else
		text_addf(text, "%d, 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64, (int)args[0], args[1],
			  args[2], args[3], args[4]);
}

/* The three are unsigned int. */
static void request_add_close_range(struct text *text, const struct request *request)
{
	const uint64_t *args = request->args;
	const uint32_t known = REQUEST_CLOSE_UNSHARE | REQUEST_CLOSE_CLOEXEC, flags = (uint32_t)args[2];

	text_addf(text, "%" PRIu32 ", %" PRIu32 ", ", (uint32_t)args[0], (uint32_t)args[1]);
	if (!flags || flags & ~known)
		text_addf(text, flags ? "0x%" PRIx32 : "%" PRIu32, flags);
	else
		text_addf(text, "%s%s%s", flags & REQUEST_CLOSE_UNSHARE ? "CLOSE_RANGE_UNSHARE" : "",
			  flags == known ? "|" : "", flags & REQUEST_CLOSE_CLOEXEC ? "CLOSE_RANGE_CLOEXEC" : "");
}

static void request_add_flags_alone(struct text *text, const struct request *request)
{
	flags_format(text, request->flags, request->call);
}

static void request_add_setns(struct text *text, const struct request *request)
{
	text_addf(text, "%d, ", (int)request->args[0]);
	flags_format(text, request->flags, request->call);
}

static void request_add_int(struct text *text, const struct request *request)
{
	text_addf(text, "%d", (int)request->args[0]);
}

static void request_add_ints(struct text *text, const struct request *request)
{
	text_addf(text, "%d, %d", (int)request->args[0], (int)request->args[1]);
}

static void request_add_kill(struct text *text, const struct request *request)
{
	text_addf(text, "%d, ", (int)request->args[0]);
	request_add_signal(text, request->args[1] & 0xffffffff);
}

/* As many arguments as the call has, as they are. */
static void request_add_numbers(struct text *text, const struct request *request)
{
	static const unsigned char counts[CALL_COUNT] = {
		[CALL_EXECVE] = 3,  [CALL_EXECVEAT] = 5,       [CALL_PTRACE] = 4,
		[CALL_SECCOMP] = 3, [CALL_IO_URING_SETUP] = 2,
	};

	for (unsigned i = 0; i < counts[request->call]; i++)
		text_addf(text, "%s0x%" PRIx64, i ? ", " : "", request->args[i]);
}

/* HAVE: what request_decode() takes over; creations have their own functions. ADD: adds the arguments to text, NULL:
 * there are none. */
static const struct {
	unsigned have;
	void (*add)(struct text *text, const struct request *request);
} request_rows[] = {
	[CALL_CLONE] = { .add = request_add_creation },
	[CALL_CLONE3] = { .add = request_add_creation },
	[CALL_FORK] = { 0 },
	[CALL_VFORK] = { 0 },
	[CALL_UNSHARE] = { REQUEST_FLAGS, request_add_flags_alone },
	[CALL_SETNS] = { REQUEST_FLAGS | REQUEST_ARGS, request_add_setns },
	[CALL_SETSID] = { 0 },
	[CALL_SETPGID] = { REQUEST_ARGS, request_add_ints },
	[CALL_PRCTL] = { REQUEST_ARGS, request_add_prctl },
	[CALL_CLOSE_RANGE] = { REQUEST_ARGS, request_add_close_range },
	[CALL_EXIT] = { REQUEST_ARGS, request_add_int },
	[CALL_EXIT_GROUP] = { REQUEST_ARGS, request_add_int },
	[CALL_EXECVE] = { REQUEST_ARGS, request_add_numbers },
	[CALL_EXECVEAT] = { REQUEST_ARGS, request_add_numbers },
	[CALL_PTRACE] = { REQUEST_ARGS, request_add_numbers },
	[CALL_SECCOMP] = { REQUEST_ARGS, request_add_numbers },
	[CALL_KILL] = { REQUEST_ARGS, request_add_kill },
	[CALL_RT_SIGQUEUEINFO] = { REQUEST_ARGS, request_add_kill },
	[CALL_PIDFD_SEND_SIGNAL] = { REQUEST_ARGS, request_add_kill },
	[CALL_IO_URING_SETUP] = { REQUEST_ARGS, request_add_numbers },
};

_Static_assert(ARRAY_LENGTH(request_rows) == CALL_COUNT, "each call has a row");

void request_format(struct text *text, const struct request *request)
{
	text_addf(text, "%s(", call_name(request->call));
	if (request_rows[request->call].add)
		request_rows[request->call].add(text, request);
	text_add(text, ")");
}

/* Calls that make no task: the flags where they have some, and the other arguments as they are. */
static void request_decode_other(struct request *request, const uint64_t args[6])
{
	request->have |= request_rows[request->call].have;
	if (request->call == CALL_UNSHARE)
		request->flags = args[0];
	else if (request->call == CALL_SETNS) /* whose second argument is an int */
		request->flags = args[1] & 0xffffffff;
	if (request->have & REQUEST_ARGS)
		memcpy(request->args, args, sizeof(request->args));
}

int request_decode(const struct abi *abi, uint64_t nr, const uint64_t args[6], const struct clone_args_read *read,
		   struct request *ret)
{
	const enum call call = abi_call(abi, nr);
	struct request request = { .call = call, .abi = abi };
	uint64_t cut[6];

	if (call == CALL_NONE)
		return -ENOENT;
	for (size_t i = 0; i < ARRAY_LENGTH(cut); i++)
		cut[i] = abi->word == 4 ? args[i] & 0xffffffff : args[i];
	if (call == CALL_CLONE)
		request_decode_clone(&request, cut);
	else if (call == CALL_CLONE3)
		request_decode_clone3(&request, cut, read);
	else if (call_is_creation(call)) /* kernel/fork.c: what fork and vfork pass to kernel_clone() */
		request_keep_common(&request, &(struct clone3_fields){
						      .flags = call == CALL_VFORK ? FLAG_VM | FLAG_VFORK : 0,
						      .exit_signal = SIGNO_CHLD,
					      });
	else
		request_decode_other(&request, cut);
	*ret = request;
	return 0;
}
