/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creations without libc's hand in them: the flags that are given here are those that the kernel sees. */
#include "raw.h"

#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

static long result(long value)
{
	return value < 0 ? -errno : value;
}

long raw_clone(uint64_t flags, int *parent_tid, int *child_tid)
{
#if defined(__x86_64__)
	return result(syscall(SYS_clone, flags, 0UL, parent_tid, child_tid, 0UL));
#else
	return result(syscall(SYS_clone, (unsigned long)flags, 0UL, parent_tid, 0UL, child_tid));
#endif
}

long raw_clone3(const struct raw_clone_args *args, size_t size)
{
	return result(syscall(SYS_clone3, args, size));
}

#if RAW_HAVE_STACK
/* Puts RUN and DATA where the child pops them, so that the stack is aligned as the ABI wants it before a call. */
static void **prepare(const struct raw_task *task)
{
	uintptr_t top = ((uintptr_t)task->stack + task->size) & ~(uintptr_t)63;
#if defined(__x86_64__)
	void **sp = (void **)(top - 16);
#else
	void **sp = (void **)(top - 36);
#endif

	sp[0] = (void *)task->run;
	sp[1] = task->data;
	return sp;
}
#endif

#if defined(__x86_64__)
/* What the child does on its new stack, after a system call by GATE that left its result in rax. */
#define CHILD_OR_RETURN(gate)        \
	gate "\n\t"                  \
	     "test %%rax, %%rax\n\t" \
	     "jnz 1f\n\t"            \
	     "xor %%ebp, %%ebp\n\t"  \
	     "pop %%rax\n\t"         \
	     "pop %%rdi\n\t"         \
	     "call *%%rax\n\t"       \
	     "mov %%eax, %%edi\n\t"  \
	     "mov $60, %%eax\n\t"    \
	     "syscall\n\t"           \
	     "hlt\n"                 \
	     "1:"

long raw_clone_on(uint64_t flags, const struct raw_task *task)
{
	register int *child_tid __asm__("r10") = task->child_tid;
	register void *tls __asm__("r8") = task->tls;
	long ret;

	__asm__ volatile(CHILD_OR_RETURN("syscall")
			 : "=a"(ret)
			 : "a"((long)SYS_clone), "D"(flags), "S"(prepare(task)), "d"(task->parent_tid), "r"(child_tid),
			   "r"(tls)
			 : "rcx", "r11", "memory");
	return ret;
}

static long clone3_child(struct raw_clone_args *args, size_t size)
{
	long ret;

	__asm__ volatile(CHILD_OR_RETURN("syscall")
			 : "=a"(ret)
			 : "a"((long)SYS_clone3), "D"(args), "S"(size)
			 : "rcx", "r11", "memory");
	return ret;
}

/* The numbers of i386's table. */
enum { INT80_FORK = 2, INT80_CLONE = 120, INT80_GETPID = 20 };

static long int80(long number, long first)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(number), "b"(first), "c"(0L), "d"(0L), "S"(0L), "D"(0L)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)ret;
}

/* A kernel without the gate answers int $0x80 with SIGSEGV: let a child find out. */
static int has_int80(void)
{
	int status = -1;
	pid_t pid = fork_stated();

	if (pid == 0)
		_exit(int80(INT80_GETPID, 0) == getpid() ? 0 : 1);
	if (waitpid(pid, &status, 0) != pid)
		return 0;
	return status == 0;
}

long raw_int80_fork(void)
{
	return has_int80() ? int80(INT80_FORK, 0) : -ENOSYS;
}

long raw_int80_clone(uint32_t flags)
{
	return has_int80() ? int80(INT80_CLONE, flags) : -ENOSYS;
}

long raw_int80_clone_on(uint32_t flags, const struct raw_task *task)
{
	long ret;

	if (!has_int80())
		return -ENOSYS;
	__asm__ volatile(CHILD_OR_RETURN("int $0x80\n\tmovslq %%eax, %%rax")
			 : "=a"(ret)
			 : "a"((long)INT80_CLONE), "b"((long)flags), "c"(prepare(task)), "d"(task->parent_tid), "S"(0L),
			   "D"(task->child_tid)
			 : "r8", "r9", "r10", "r11", "memory");
	return ret;
}
#else
long raw_int80_fork(void)
{
	return -ENOSYS;
}

long raw_int80_clone(uint32_t flags)
{
	(void)flags;
	return -ENOSYS;
}

long raw_int80_clone_on(uint32_t flags, const struct raw_task *task)
{
	(void)flags;
	(void)task;
	return -ENOSYS;
}
#endif

#if defined(__i386__)
#define CHILD_OR_RETURN         \
	"int $0x80\n\t"         \
	"test %%eax, %%eax\n\t" \
	"jnz 1f\n\t"            \
	"xor %%ebp, %%ebp\n\t"  \
	"pop %%eax\n\t"         \
	"call *%%eax\n\t"       \
	"mov %%eax, %%ebx\n\t"  \
	"mov $1, %%eax\n\t"     \
	"int $0x80\n\t"         \
	"hlt\n"                 \
	"1:"

long raw_clone_on(uint64_t flags, const struct raw_task *task)
{
	long ret;

	__asm__ volatile(CHILD_OR_RETURN
			 : "=a"(ret)
			 : "a"((long)SYS_clone), "b"((long)flags), "c"(prepare(task)), "d"(task->parent_tid), "S"(0L),
			   "D"(task->child_tid)
			 : "memory");
	return ret;
}

static long clone3_child(struct raw_clone_args *args, size_t size)
{
	long ret;

	__asm__ volatile(CHILD_OR_RETURN : "=a"(ret) : "a"((long)SYS_clone3), "b"(args), "c"(size) : "memory");
	return ret;
}
#endif

#if RAW_HAVE_STACK
long raw_clone3_on(struct raw_clone_args *args, size_t size, const struct raw_task *task)
{
	uintptr_t sp = (uintptr_t)prepare(task);

	args->stack = (uintptr_t)task->stack;
	args->stack_size = sp - args->stack;
	args->parent_tid = (uintptr_t)task->parent_tid;
	args->child_tid = (uintptr_t)task->child_tid;
	return clone3_child(args, size);
}
#else
long raw_clone_on(uint64_t flags, const struct raw_task *task)
{
	(void)flags;
	(void)task;
	skip("this needs raw clone on a new stack, which the actor has for x86_64 and i386");
}

long raw_clone3_on(struct raw_clone_args *args, size_t size, const struct raw_task *task)
{
	(void)args;
	(void)size;
	(void)task;
	skip("this needs raw clone3 on a new stack, which the actor has for x86_64 and i386");
}
#endif

void raw_wait_cleared(int *word)
{
	int value;

	while ((value = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != 0)
		syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

void *raw_stack(size_t size, int low)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	void *stack;

#ifdef MAP_32BIT
	if (low)
		flags |= MAP_32BIT;
#else
	(void)low;
#endif
	stack = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (stack == MAP_FAILED)
		die("no memory for a stack");
	return stack;
}
