/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ptrace(2) calls: seizing, resuming, and reading the call that a stopped task is in. */
#include "source/ptrace/sys.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "event/signal.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/call.h"
#include "source/kernel/procfs/stat.h"
#include "source/arch/arch.h"
#include "source/ptrace/wait.h"

/* Since 3.8 and 5.3, in case the C library's header is older or has other names for them. */
#define SYS_O_EXITKILL 0x100000
#define SYS_GET_SYSCALL_INFO 0x420e

/* struct ptrace_syscall_info (ptrace(2), since 5.3), in the kernel's layout. */
struct sys_syscall_info {
	uint8_t op; /* 0 none, 1 entry, 2 exit, 3 seccomp */
	uint8_t pad[3];
	uint32_t arch;
	uint64_t instruction_pointer;
	uint64_t stack_pointer;
	union {
		struct {
			uint64_t nr;
			uint64_t args[6];
			uint32_t ret_data; /* only seccomp */
		} entry;
		struct {
			int64_t rval;
			uint8_t is_error;
		} exit;
	};
};

static int sys_ptrace(int request, pid_t tid, unsigned long address, unsigned long data)
{
	return ptrace((enum __ptrace_request)request, tid, (void *)address, (void *)data) < 0 ? -errno : 0;
}

/* The registers of the task that was asked last. The call that the task is in and its stack are both read from them.
 * They are valid until the task gets its order. */
static struct {
	pid_t tid; /* 0: none */
	struct arch_image image;
} last;

static int read_image(pid_t tid, struct arch_image *ret)
{
	struct iovec iov = { ret->words, sizeof(ret->words) };
	int r = sys_ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, (unsigned long)&iov);

	ret->length = iov.iov_len;
	return r;
}

static int write_image(pid_t tid, struct arch_image *image)
{
	struct iovec iov = { image->words, image->length };

	return sys_ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, (unsigned long)&iov);
}

static int read_registers(pid_t tid)
{
	int r;

	if (last.tid == tid)
		return 0;
	last.tid = 0;
	r = read_image(tid, &last.image);
	if (r < 0)
		return r;
	last.tid = tid;
	return 0;
}

void sys_forget_registers(pid_t tid)
{
	if (last.tid == tid)
		last.tid = 0;
}

static unsigned long options_bits(const struct sys_options *options, bool exit_stop)
{
	return PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
	       PTRACE_O_TRACEEXEC | (exit_stop ? PTRACE_O_TRACEEXIT : 0) |
	       (options->vfork_done ? PTRACE_O_TRACEVFORKDONE : 0) | (options->seccomp ? PTRACE_O_TRACESECCOMP : 0) |
	       (options->exit_kill ? SYS_O_EXITKILL : 0);
}

int sys_seize(pid_t tid, const struct sys_options *options, bool exit_stop)
{
	return sys_ptrace(PTRACE_SEIZE, tid, 0, options_bits(options, exit_stop));
}

int sys_interrupt(pid_t tid)
{
	return sys_ptrace(PTRACE_INTERRUPT, tid, 0, 0);
}

int sys_detach(pid_t tid, int signal)
{
	sys_forget_registers(tid);
	return sys_ptrace(PTRACE_DETACH, tid, 0, (unsigned long)signal);
}

/* Writing into a stopped task: the flags of its call, or the call's number to skip it. */

static int poke_first_argument(pid_t tid, uint32_t audit_arch, uint64_t value)
{
	const struct arch *arch = arch_native();
	struct arch_image image;
	int r = arch->set_first_argument ? read_image(tid, &image) : -ENOTSUP;

	if (r < 0)
		return r;
	arch->set_first_argument(&image, audit_arch, value);
	return write_image(tid, &image);
}

/* At a seccomp stop the result is -ENOSYS already. */
static int poke_skip(pid_t tid)
{
	const struct arch *arch = arch_native();
	struct arch_image image;
	int nr = -1, r;

	if (arch->call_regset) {
		struct iovec iov = { &nr, sizeof(nr) };

		return sys_ptrace(PTRACE_SETREGSET, tid, arch->call_regset, (unsigned long)&iov);
	}
	r = arch->skip_call ? read_image(tid, &image) : -ENOTSUP;
	if (r < 0)
		return r;
	arch->skip_call(&image);
	return write_image(tid, &image);
}

/* Through ptrace rather than process_vm_writev, word by word: it works in every memory that the task can read. */
static int poke_memory(pid_t tid, uint64_t address, uint64_t value)
{
	unsigned long words[sizeof(value) / sizeof(unsigned long)];

	memcpy(words, &value, sizeof(value));
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		int r = sys_ptrace(PTRACE_POKEDATA, tid, (unsigned long)address + i * sizeof(words[0]), words[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int order_change(const struct order *order, const struct sys_options *options)
{
	int r = 0;

	if (order->change & (ORDER_EXIT_STOP | ORDER_NO_EXIT_STOP))
		r = sys_ptrace(PTRACE_SETOPTIONS, order->tid, 0,
			       options_bits(options, order->change & ORDER_EXIT_STOP));
	if (order->change & ORDER_SET_FLAGS)
		r = order->address ? poke_memory(order->tid, order->address, order->flags)
				   : poke_first_argument(order->tid, order->audit_arch, order->flags);
	if (order->change & ORDER_SKIP_CALL)
		r = poke_skip(order->tid);
	return r;
}

int sys_order(const struct order *order, const struct sys_options *options)
{
	static const int requests[] = {
		[ORDER_CONT] = PTRACE_CONT,
		[ORDER_SYSCALL] = PTRACE_SYSCALL,
		[ORDER_LISTEN] = PTRACE_LISTEN,
		[ORDER_DETACH] = PTRACE_DETACH,
	};
	int changed, r;

	sys_forget_registers(order->tid);
	changed = order->change ? order_change(order, options) : 0;
	if (order->how == ORDER_FAULT_UNTRACED)
		return sys_fault_untraced(order, options);
	r = sys_ptrace(requests[order->how], order->tid, 0, (unsigned long)order->signal);

	return r < 0 ? r : changed;
}

/* A fault of an init, untraced */

#define FAULT_NS 50000000 /* how long a task may take until it faults again */

static bool read_peeking(void *data, uint64_t address, void *to, size_t length)
{
	return proc_peek(*(const pid_t *)data, address, to, length) == (ssize_t)length;
}

/* Sets the instruction pointer back to the instruction of the fault. */
static void fault_again(pid_t tid, int signal)
{
	const struct arch_memory memory = { read_peeking, &tid };
	const struct arch *arch = arch_native();
	struct arch_image image;

	if (arch->fault_again && read_image(tid, &image) >= 0 && arch->fault_again(&image, signal, &memory))
		write_image(tid, &image);
}

int sys_fault_untraced(const struct order *order, const struct sys_options *options)
{
	const uint64_t begin = clock_monotonic();
	int r;

	fault_again(order->tid, order->signal);
	r = sys_detach(order->tid, order->signal);
	if (r < 0)
		return r;
	while (!proc_is_ending(order->tid) && clock_monotonic() - begin < FAULT_NS)
		sched_yield();
	r = sys_seize(order->tid, options, true);
	return r == -EPERM ? -ESRCH : r;
}

/* Reading the call */

/* At an event stop PTRACE_GET_SYSCALL_INFO shows only the ABI, so the registers are read. */
static int call_from_registers(pid_t tid, struct stop_call *call)
{
	const struct arch *arch = arch_native();

	if (!arch->call)
		return -ENOTSUP;
	if (read_registers(tid) < 0)
		return -ESRCH;
	arch->call(&last.image, call);
	return 0;
}

/* The ABI of a creation at its event stop, if the registers show it; else 0. */
static uint32_t creation_arch(const struct stop *stop)
{
	const struct arch *arch = arch_native();
	const int event = stop_event(stop->status);

	if ((event != STOP_EVENT_FORK && event != STOP_EVENT_VFORK && event != STOP_EVENT_CLONE) ||
	    !arch->creation_arch || read_registers(stop->tid) < 0)
		return 0;
	return arch->creation_arch(&last.image);
}

int sys_stack(pid_t tid, uint64_t *ret_pointer, bool *ret_wide)
{
	struct sys_syscall_info info = { 0 };

	if (ptrace((enum __ptrace_request)SYS_GET_SYSCALL_INFO, tid, (void *)sizeof(info), &info) <= 0)
		return -errno;
	*ret_pointer = info.stack_pointer;
	*ret_wide = info.arch & __AUDIT_ARCH_64BIT;
	return *ret_wide && sizeof(void *) < sizeof(uint64_t) ? -ENOTSUP : 0;
}

/* clone3's struct. If a page within it cannot be read, it is read up to there, and the rest counts as unread. */
static void read_clone_args(struct stop *stop)
{
	struct clone_args_read *read = &stop->clone_args;
	uint64_t size = stop->call.args[1], set_tid, count;

	memset(read, 0, sizeof(*read));
	if (size < CLONE_ARGS_SIZE_VER0)
		return;
	if (size > sizeof(read->bytes))
		size = sizeof(read->bytes);
	read->length = sys_read(stop->tid, stop->call.args[0], read->bytes, (size_t)size);
	if (read->length < size) {
		stop->unreadable = !read->length && sys_is_unreadable(stop->tid, stop->call.args[0]);
		read->length = 0;
		return;
	}
	if (size < CLONE_ARGS_SIZE_VER1)
		return;
	memcpy(&set_tid, read->bytes + 64, sizeof(set_tid)); /* struct clone_args, <linux/sched.h> */
	memcpy(&count, read->bytes + 72, sizeof(count));
	if (!set_tid || !count)
		return;
	if (count > CLONE_SET_TID_MAX)
		count = CLONE_SET_TID_MAX;
	read->set_tid_count =
		sys_read(stop->tid, set_tid, read->set_tid, (size_t)count * sizeof(int32_t)) / sizeof(int32_t);
}

static void gather_call(struct stop *stop)
{
	struct sys_syscall_info info = { .arch = creation_arch(stop) };
	const struct abi *abi;

	if (!info.arch &&
	    ptrace((enum __ptrace_request)SYS_GET_SYSCALL_INFO, stop->tid, (void *)sizeof(info), &info) <= 0)
		return;
	switch (info.op) {
	case 2:
		stop->result = info.exit.rval;
		stop->have |= STOP_RESULT;
		return;
	case 1:
	case 3:
		stop->call = (struct stop_call){ .audit_arch = info.arch,
						 .nr = info.entry.nr,
						 .sp = info.stack_pointer,
						 .seccomp_data = info.op == 3 ? info.entry.ret_data : 0 };
		memcpy(stop->call.args, info.entry.args, sizeof(stop->call.args));
		break;
	default:
		stop->call = (struct stop_call){ .audit_arch = info.arch };
		if (call_from_registers(stop->tid, &stop->call) < 0 && proc_call(stop->tid, &stop->call) < 0)
			return;
		break;
	}
	stop->have |= STOP_CALL;
	abi = abi_find(stop->call.audit_arch, stop->call.nr);
	if (abi && abi_call(abi, stop->call.nr) == CALL_CLONE3)
		read_clone_args(stop);
}

/* Whether MESSAGE can be the exit status that a task has for a message at its PTRACE_EVENT_EXIT: an exit code in the
 * second byte, or a signal in the first (wait(2)). Only few tids look like that. */
static bool may_be_status(unsigned long message)
{
	return message <= 0xffff && (!(message & 0xff) || !(message & 0xff00));
}

/* The message of the stop that was reported. If the task was killed since, it is at its PTRACE_EVENT_EXIT now, and the
 * message is its exit status. The siginfo of the stop, read after the message, shows that. */
static int event_message(const struct stop *stop, unsigned long *ret)
{
	siginfo_t info;
	int r = sys_ptrace(PTRACE_GETEVENTMSG, stop->tid, 0, (unsigned long)ret);

	if (r < 0 || !may_be_status(*ret))
		return r;
	r = sys_ptrace(PTRACE_GETSIGINFO, stop->tid, 0, (unsigned long)&info);
	if (!r && info.si_code >> 8 != stop_event(stop->status))
		r = -ESRCH;
	return r;
}

/* The siginfo of the signal that is about to be delivered. The origin of the signal decides which fields mean
 * something. */
static void gather_siginfo(struct stop *stop)
{
	struct stop_siginfo *ret = &stop->siginfo;
	siginfo_t info;

	/* If the task was killed meanwhile, it is the siginfo of another stop. */
	if (sys_ptrace(PTRACE_GETSIGINFO, stop->tid, 0, (unsigned long)&info) < 0 ||
	    info.si_signo != WSTOPSIG(stop->status) || info.si_code > 0xff)
		return;
	*ret = (struct stop_siginfo){ .code = info.si_code };
	switch (signal_origin(info.si_signo, info.si_code)) {
	case SIGNAL_QUEUE:
	case SIGNAL_MESSAGE:
		ret->sender = info.si_pid;
		ret->value = (uintptr_t)info.si_value.sival_ptr;
		break;
	case SIGNAL_TIMER:
		ret->value = (uintptr_t)info.si_value.sival_ptr;
		break;
	case SIGNAL_CHILD:
		ret->sender = info.si_pid;
		ret->value = (uint64_t)info.si_status;
		break;
	case SIGNAL_FAULT:
		ret->value = (uintptr_t)info.si_addr;
		break;
	case SIGNAL_SYSCALL:
		ret->value = (unsigned)info.si_syscall;
		ret->arch = info.si_arch;
		break;
	case SIGNAL_KILL:
	case SIGNAL_TGKILL:
		ret->sender = info.si_pid;
		break;
	case SIGNAL_IO:
	case SIGNAL_KERNEL:
	case SIGNAL_OTHER:
		break;
	}
	stop->have |= STOP_SIGINFO;
}

void sys_gather(struct stop *stop, unsigned parts)
{
	unsigned long message = 0;

	if ((parts & STOP_MESSAGE) && !event_message(stop, &message)) {
		stop->message = message;
		stop->have |= STOP_MESSAGE;
	}
	if (parts & STOP_CALL)
		gather_call(stop);
	if (parts & STOP_SIGINFO)
		gather_siginfo(stop);
}

int sys_signal(pid_t tid, struct wait_signal *ret)
{
	siginfo_t info = { 0 };
	int r = sys_ptrace(PTRACE_GETSIGINFO, tid, 0, (unsigned long)&info);

	if (!r)
		*ret = (struct wait_signal){ .signo = info.si_signo, .pid = info.si_pid, .code = info.si_code };
	return r;
}

int sys_registers(pid_t tid, struct arch_frame *ret)
{
	const struct arch *arch = arch_native();
	int r = arch->frame ? read_registers(tid) : -ENOTSUP;

	return r < 0 ? r : arch->frame(&last.image, ret);
}
