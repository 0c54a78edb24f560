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
#if defined(__x86_64__) || defined(__i386__)
#include <sys/user.h>
#endif

#include "base/clock.h"
#include "base/text.h"
#include "event/signal.h"
#include "source/kernel/procfs.h"
#include "source/ptrace/maytrace.h"
#include "source/ptrace/wait.h"

/* Since 3.8 and 5.3, in case the C library's header is older or names them otherwise. */
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
			uint32_t ret_data; /* seccomp alone */
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
#ifdef __x86_64__
static struct {
	pid_t tid; /* 0: none */
	struct user_regs_struct registers;
	size_t length; /* shorter for a 32-bit task */
} last;

static int read_registers(pid_t tid)
{
	struct iovec iov = { &last.registers, sizeof(last.registers) };
	int r;

	if (last.tid == tid)
		return 0;
	last.tid = 0;
	r = sys_ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, (unsigned long)&iov);
	if (r < 0)
		return r;
	last.tid = tid;
	last.length = iov.iov_len;
	return 0;
}

void sys_forget_registers(pid_t tid)
{
	if (last.tid == tid)
		last.tid = 0;
}
#else
void sys_forget_registers(pid_t tid)
{
	(void)tid;
}
#endif

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

#if defined(__x86_64__) || defined(__i386__)

static int poke_register(pid_t tid, size_t offset, uint64_t value)
{
	return sys_ptrace(PTRACE_POKEUSER, tid, offset, (unsigned long)value);
}

/* clone's first argument: rdi, or ebx for an i386 call (also one by int 0x80 from 64-bit code). */
static int poke_first_argument(pid_t tid, uint32_t audit_arch, uint64_t value)
{
#ifdef __x86_64__
	size_t rdi = offsetof(struct user_regs_struct, rdi), rbx = offsetof(struct user_regs_struct, rbx);

	return poke_register(tid, audit_arch == AUDIT_ARCH_I386 ? rbx : rdi, value);
#else
	(void)audit_arch;
	return poke_register(tid, offsetof(struct user_regs_struct, ebx), value);
#endif
}

/* At a seccomp stop the result is -ENOSYS already; a call number of -1 skips the call (seccomp(2)). */
static int poke_skip(pid_t tid)
{
#ifdef __x86_64__
	return poke_register(tid, offsetof(struct user_regs_struct, orig_rax), UINT64_MAX);
#else
	return poke_register(tid, offsetof(struct user_regs_struct, orig_eax), UINT32_MAX);
#endif
}

#else

static int poke_first_argument(pid_t tid, uint32_t audit_arch, uint64_t value)
{
	(void)tid, (void)audit_arch, (void)value;
	return -ENOTSUP;
}

static int poke_skip(pid_t tid)
{
	(void)tid;
	return -ENOTSUP;
}

#endif

/* Through ptrace rather than process_vm_writev, word by word: it works in every memory that the task can read. */
static int poke_memory(pid_t tid, uint64_t address, uint64_t value)
{
	unsigned long words[sizeof(value) / sizeof(unsigned long)];

	memcpy(words, &value, sizeof(value));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
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
	if (order->how == ORDER_ASIDE)
		return sys_step_aside(order, options);
	r = sys_ptrace(requests[order->how], order->tid, 0, (unsigned long)order->signal);

	return r < 0 ? r : changed;
}

/* Stepping aside */

#define ASIDE_NS 50000000 /* how long a task may take until it faults again */

#ifdef __x86_64__
/* A breakpoint, and a call that a filter forbids, lie behind the instruction: back to it. */
static void fault_again(pid_t tid, int signal)
{
	struct user_regs_struct r;
	struct iovec iov = { &r, sizeof(r) };
	uint8_t before[2] = { 0 };

	if ((signal != SIGTRAP && signal != SIGSYS) ||
	    sys_ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, (unsigned long)&iov) < 0 || iov.iov_len < sizeof(r) ||
	    proc_peek(tid, r.rip - sizeof(before), before, sizeof(before)) != sizeof(before))
		return;
	if (signal == SIGTRAP && before[1] == 0xcc) { /* int3 */
		r.rip--;
	} else if (signal == SIGSYS && before[0] == 0x0f && before[1] == 0x05) { /* syscall */
		r.rip -= sizeof(before);
		r.rax = r.orig_rax;
	} else {
		return;
	}
	sys_ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, (unsigned long)&iov);
}
#else
static void fault_again(pid_t tid, int signal)
{
	(void)tid, (void)signal;
}
#endif

int sys_step_aside(const struct order *order, const struct sys_options *options)
{
	const uint64_t begin = clock_monotonic();
	int r;

	fault_again(order->tid, order->signal);
	r = sys_detach(order->tid, order->signal);
	if (r < 0)
		return r;
	while (!proc_is_ending(order->tid) && clock_monotonic() - begin < ASIDE_NS)
		sched_yield();
	r = sys_seize(order->tid, options, true);
	return r == -EPERM ? -ESRCH : r;
}

/* Reading the call */

/* At an event stop PTRACE_GET_SYSCALL_INFO says nothing but the ABI, so the registers are read. */
#ifdef __x86_64__
static int call_from_registers(pid_t tid, struct stop_call *call)
{
	const struct user_regs_struct *r = &last.registers;

	if (read_registers(tid) < 0)
		return -ESRCH;
	if (last.length < sizeof(*r)) { /* a 32-bit task: struct user_regs_struct of i386 */
		const uint32_t *i = (const uint32_t *)r;
		enum { EBX, ECX, EDX, ESI, EDI, EBP, EAX, DS, ES, FS, GS, ORIG_EAX, EIP, CS, EFLAGS, ESP };

		*call = (struct stop_call){ .audit_arch = AUDIT_ARCH_I386,
					    .nr = i[ORIG_EAX],
					    .args = { i[EBX], i[ECX], i[EDX], i[ESI], i[EDI], i[EBP] },
					    .sp = i[ESP],
					    .value = (int32_t)i[EAX] };
		return 0;
	}
	call->sp = r->rsp;
	if (call->audit_arch == AUDIT_ARCH_I386) {
		const uint64_t args[6] = { r->rbx, r->rcx, r->rdx, r->rsi, r->rdi, r->rbp };

		call->nr = (uint32_t)r->orig_rax;
		call->value = (int32_t)r->rax;
		for (int a = 0; a < 6; a++)
			call->args[a] = (uint32_t)args[a];
	} else {
		const uint64_t args[6] = { r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9 };

		call->nr = r->orig_rax;
		call->value = (int64_t)r->rax;
		memcpy(call->args, args, sizeof(args));
	}
	return 0;
}

/* The ABI of a creation at its event stop, if the registers show it; else 0. The numbers by which one ABI creates tasks
 * are other calls in the other ABI. But clone3 has the same number in all ABIs: the instruction `syscall` leaves its
 * return address in rcx, which for i386 holds a size, of a page at most. */
static uint32_t creation_arch(const struct stop *stop)
{
	const int event = stop_event(stop->status);
	const struct user_regs_struct *r = &last.registers;
	const struct abi *abi;
	enum call call;

	if ((event != STOP_EVENT_FORK && event != STOP_EVENT_VFORK && event != STOP_EVENT_CLONE) ||
	    read_registers(stop->tid) < 0)
		return 0;
	if (last.length < sizeof(*r))
		return AUDIT_ARCH_I386;
	abi = abi_find(AUDIT_ARCH_X86_64, r->orig_rax);
	call = abi ? abi_call(abi, r->orig_rax) : CALL_NONE;
	return call_is_creation(call) && (call != CALL_CLONE3 || r->rcx == r->rip) ? AUDIT_ARCH_X86_64 : 0;
}
#else
static int call_from_registers(pid_t tid, struct stop_call *call)
{
	(void)tid, (void)call;
	return -ENOTSUP;
}

static uint32_t creation_arch(const struct stop *stop)
{
	(void)stop;
	return 0;
}
#endif

/* For any ABI, some twenty times slower: "NR 0xARG0 ... 0xARG5 0xSP 0xPC" (proc(5)). */
static int call_from_proc(pid_t tid, struct stop_call *call)
{
	unsigned long long v[7];
	char path[64], line[256];
	long long nr;
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/syscall", proc_number(tid));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = (int)read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n <= 0)
		return -ESRCH;
	line[n] = '\0';
	if (sscanf(line, "%lld %llx %llx %llx %llx %llx %llx %llx", &nr, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
		   &v[6]) != 8)
		return -EINVAL;
	call->nr = (uint64_t)nr;
	for (int a = 0; a < 6; a++)
		call->args[a] = v[a];
	call->sp = v[6];
	return 0;
}

/* process_vm_readv(2) reads each of what it is given whole or not at all: so page by page. */
size_t sys_read(pid_t tid, uint64_t address, void *to, size_t size)
{
	enum { PAGE = 4096, PAGES = 64 };
	struct iovec local = { to, 0 }, remote[PAGES];
	ssize_t n;
	int pages;

	for (pages = 0; local.iov_len < size && pages < PAGES; pages++) {
		const size_t page = PAGE - address % PAGE, left = size - local.iov_len;

		remote[pages] = (struct iovec){ (void *)(uintptr_t)address, page < left ? page : left };
		local.iov_len += remote[pages].iov_len;
		address += remote[pages].iov_len;
	}
	n = process_vm_readv(tid, &local, 1, remote, (unsigned long)pages, 0);
	return n < 0 ? 0 : (size_t)n;
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

bool sys_is_unreadable(pid_t tid, uint64_t address)
{
	char byte;
	const struct iovec local = { &byte, 1 }, remote = { (void *)(uintptr_t)address, 1 };

	return process_vm_readv(tid, &local, 1, &remote, 1, 0) < 0 && errno == EPERM && is_undumpable(tid);
}

/* clone3's struct. One that ends at the edge of a page is read as far as it can be: what is missing counts as unread.
 */
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

/* Reads page by page: the page after the end of the string need not be mapped. */
int sys_string(pid_t tid, uint64_t address, size_t limit, struct text *text)
{
	const size_t start = text->length;
	char part[4096];

	while (text->length - start < limit) {
		const size_t page = sizeof(part) - address % sizeof(part), left = limit - (text->length - start);
		const size_t wanted = page < left ? page : left, length = sys_read(tid, address, part, wanted);

		text_add_bytes(text, part, strnlen(part, length));
		if (memchr(part, '\0', length))
			return 0;
		if (length < wanted) {
			text_cut(text, start);
			return -EFAULT;
		}
		address += length;
	}
	return 0;
}

int sys_name(pid_t tid, uint64_t address, struct text *text)
{
	return sys_string(tid, address, 15, text); /* TASK_COMM_LEN - 1 */
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
		if (call_from_registers(stop->tid, &stop->call) < 0 && call_from_proc(stop->tid, &stop->call) < 0)
			return;
		break;
	}
	stop->have |= STOP_CALL;
	abi = abi_find(stop->call.audit_arch, stop->call.nr);
	if (abi && abi_call(abi, stop->call.nr) == CALL_CLONE3)
		read_clone_args(stop);
}

/* Whether MESSAGE can be the exit status that a task has for a message at its PTRACE_EVENT_EXIT: an exit code in the
 * second byte, or a signal in the first (wait(2)). Of the tids only few look like that. */
static bool may_be_status(unsigned long message)
{
	return message <= 0xffff && (!(message & 0xff) || !(message & 0xff00));
}

/* The message of the stop that was reported. A task that was killed since is at its PTRACE_EVENT_EXIT by now, and the
 * message is its exit status: the siginfo of the stop, read behind it, tells. */
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

/* The siginfo of the signal that is about to be delivered. Which of its fields mean something is up to its origin. */
static void gather_siginfo(struct stop *stop)
{
	struct stop_siginfo *ret = &stop->siginfo;
	siginfo_t info;

	/* Of a task that was killed meanwhile it is that of another stop. */
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

#ifdef __x86_64__
int sys_registers(pid_t tid, uint64_t ret[17])
{
	enum { CODE32 = 0x23 }; /* __USER32_CS, arch/x86/include/asm/segment.h */
	const struct user_regs_struct *r = &last.registers;
	int error = read_registers(tid);

	if (error < 0)
		return error;
	if (last.length < sizeof(*r) || r->cs == CODE32)
		return -ENOTSUP;
	memcpy(ret,
	       ((const uint64_t[17]){ r->rax, r->rdx, r->rcx, r->rbx, r->rsi, r->rdi, r->rbp, r->rsp, r->r8, r->r9,
				      r->r10, r->r11, r->r12, r->r13, r->r14, r->r15, r->rip }),
	       17 * sizeof(*ret));
	return 0;
}
#else
int sys_registers(pid_t tid, uint64_t ret[17])
{
	(void)tid, (void)ret;
	return -ENOTSUP;
}
#endif

uint32_t sys_audit_arch(void)
{
#if defined(__x86_64__)
	return AUDIT_ARCH_X86_64;
#elif defined(__i386__)
	return AUDIT_ARCH_I386;
#elif defined(__aarch64__)
	return AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
	return AUDIT_ARCH_RISCV64;
#elif defined(__arm__)
	return AUDIT_ARCH_ARM;
#else
	return 0;
#endif
}
