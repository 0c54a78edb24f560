/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes tasks in every way, each from a function that is named after it, for the tests of stacks and origins: origins
 * SCENE. A line that a test looks for ends in a comment "at NAME". */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#ifndef NO_THREADS_H
#include <threads.h>
#endif

#define NOINLINE __attribute__((noinline, noclone, used))

extern char **environ;

static volatile int after; /* what follows a call, so that it is no jump */

static void *thread(void *argument) /* at thread */
{
	return argument;
}

static void reap(void)
{
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	after++;
}

NOINLINE static void by_pthread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, thread, (void *)7) == 0) /* at pthread */
		pthread_join(t, NULL);
	after++;
}

NOINLINE static void by_fork(void)
{
	if (fork() == 0) /* at fork */
		_exit(0);
	reap();
}

NOINLINE static void by_vfork(void)
{
	if (vfork() == 0) /* at vfork */
		_exit(0);
	reap();
}

NOINLINE static void by_spawn(void)
{
	char *const arguments[] = { (char *)"true", NULL };
	pid_t pid;

	if (posix_spawnp(&pid, "true", NULL, NULL, arguments, environ) == 0) /* at spawn */
		reap();
	after++;
}

NOINLINE static void by_system(void)
{
	after += system("true"); /* at system */
}

NOINLINE static void by_popen(void)
{
	FILE *file = popen("true", "r"); /* at popen */

	if (file)
		pclose(file);
	after++;
}

NOINLINE static void by_syscall(void)
{
	if (syscall(SYS_fork) == 0) /* at syscall */
		_exit(0);
	reap();
}

/* Refused: CLONE_THREAD without CLONE_SIGHAND. */
NOINLINE static void by_refused(void)
{
	after += (int)syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0); /* at refused */
}

static int child(void *argument) /* at child */
{
	(void)argument;
	return 0;
}

NOINLINE static void by_clone(void)
{
	static char stack[65536];

	clone(child, stack + sizeof(stack), SIGCHLD, NULL); /* at clone */
	reap();
}

#ifndef NO_THREADS_H
NOINLINE static void by_thrd(void)
{
	thrd_t t;

	if (thrd_create(&t, child, NULL) == thrd_success) /* at thrd */
		thrd_join(t, NULL);
	after++;
}
#endif

static inline __attribute__((always_inline)) void put_into_main(void)
{
	if (fork() == 0) /* at inlined */
		_exit(0);
	reap();
}

NOINLINE static void all(void)
{
	by_pthread();
	by_fork();
	by_vfork();
	by_spawn();
	by_system();
	by_popen();
	by_syscall();
	by_refused();
	by_clone();
#ifndef NO_THREADS_H
	by_thrd();
#endif
}

/* Functions of the program's own that have the names of the C library's, of which it has others, too. */
NOINLINE static void create_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, thread, NULL) == 0) /* at create_thread */
		pthread_join(t, NULL);
	after++;
}

NOINLINE int daemon(int nochdir, int noclose)
{
	if (fork() == 0) /* at daemon */
		_exit(0);
	reap();
	return nochdir + noclose;
}

NOINLINE static void do_system(void)
{
	after += system("true"); /* at do_system */
}

NOINLINE static void namesakes(void)
{
	create_thread();
	after += daemon(0, 0);
	do_system();
}

static void on_signal(int signo)
{
	by_fork();
	after += signo;
}

NOINLINE static void in_handler(void)
{
	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	after++;
}

static void *thread_that_forks(void *argument)
{
	by_fork();
	return argument;
}

static void in_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, thread_that_forks, NULL) == 0)
		pthread_join(t, NULL);
}

NOINLINE static int deep(int frames)
{
	if (!frames) {
		by_fork();
		return after;
	}
	return deep(frames - 1) + after;
}

/* Descendants create from a copy of their creator's memory. */
static void generations(int left)
{
	if (!left)
		return;
	if (fork() == 0) {
		generations(left - 1);
		_exit(0);
	}
	reap();
}

#ifdef __x86_64__
/* A fork with the stack pointer at SP: the child exits at once, the parent gets its own back. */
NOINLINE static void fork_on(unsigned long sp, unsigned long bp)
{
	register unsigned long stack asm("rdi") = sp;
	register unsigned long frame asm("rsi") = bp;
	long result = SYS_fork;

	asm volatile("mov %%rsp, %%r12\n\t"
		     "mov %%rbp, %%r13\n\t"
		     "mov %[stack], %%rsp\n\t"
		     "mov %[frame], %%rbp\n\t"
		     "syscall\n\t"
		     "test %%rax, %%rax\n\t"
		     "jnz 1f\n\t"
		     "mov %[exit], %%eax\n\t"
		     "xor %%edi, %%edi\n\t"
		     "syscall\n"
		     "1:\n\t"
		     "mov %%r12, %%rsp\n\t"
		     "mov %%r13, %%rbp\n\t"
		     : "+a"(result)
		     : [stack] "r"(stack), [frame] "r"(frame), [exit] "i"(SYS_exit_group)
		     : "rcx", "r11", "r12", "r13", "memory", "cc");
	reap();
}

/* Stacks that make no sense: unmapped, not canonical, zeros, addresses of code, themselves. */
static void broken(void)
{
	static unsigned long words[8192];

	fork_on(0x10, 0x10);
	fork_on(0x8000000000000000, 0xffffffffffffff00);
	fork_on((unsigned long)(words + 4096), (unsigned long)(words + 4096));
	for (size_t i = 0; i < 8192; i++)
		words[i] = (unsigned long)by_fork + i % 64;
	fork_on((unsigned long)(words + 4096), (unsigned long)(words + 4096));
	for (size_t i = 0; i < 8192; i++)
		words[i] = (unsigned long)(words + i);
	fork_on((unsigned long)(words + 4096), (unsigned long)(words + 4096));
}

/* Code without a file, as a JIT makes it: push rbp; mov rbp, rsp; call rdi; pop rbp; ret. */
static void jit(void)
{
	static const unsigned char code[] = { 0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3 };
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void (*function)(void (*)(void));

	memcpy(memory, code, sizeof(code));
	mprotect(memory, 4096, PROT_READ | PROT_EXEC);
	memcpy(&function, &memory, sizeof(memory));
	function(by_fork);
	after++;
}
#else
static void broken(void)
{
}

static void jit(void)
{
}
#endif

/* With a frame that is larger each time, from another place in the program. */
NOINLINE static void with_room(size_t size)
{
	volatile char *room = __builtin_alloca(size);

	room[0] = room[size - 1] = 1;
	by_fork();
	if (size % 2)
		by_pthread();
	after += room[0];
}

/* The same places again, with the same stacks and with others. */
static void again(void)
{
	for (int round = 0; round < 3; round++) {
		all();
		in_thread();
		jit();
		in_handler();
		generations(2);
		deep(round * 7);
		with_room(1 + 900 * round);
	}
}

/* `in_library` of each FILE, each closed before the next is opened, which may then get its place. */
static void libraries(char *files[])
{
	for (; *files; files++) {
		void *library = dlopen(*files, RTLD_NOW), *symbol = library ? dlsym(library, "in_library") : NULL;
		void (*function)(void);

		if (!symbol) {
			fprintf(stderr, "%s\n", dlerror());
			exit(1);
		}
		memcpy(&function, &symbol, sizeof(symbol));
		function();
		dlclose(library);
	}
}

/* Waits for a line on stdin, then forks: for those who attach. */
static void asked(void)
{
	char line[8];

	printf("%d\n", (int)getpid());
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin))
		by_fork();
}

/* Cuts FILE, which has been looked into by then, as a linker does that writes it anew. */
static void cut(const char *file)
{
	by_fork();
	if (truncate(file, 64) < 0)
		exit(1);
	by_vfork();
}

static void *named(void *name)
{
	prctl(PR_SET_NAME, name);
	return NULL;
}

/* The last byte of a page, and nothing behind it; nothing at all. */
static void names(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_t t;

	munmap(pages + size, size);
	memcpy(pages + size - 4, "end", 4);
	prctl(PR_SET_NAME, "the first of the names");
	if (pthread_create(&t, NULL, named, "a \"b\"\n") == 0)
		pthread_join(t, NULL);
	if (pthread_create(&t, NULL, named, pages + size - 4) == 0)
		pthread_join(t, NULL);
	memcpy(pages + size - 4, "ends", 4);
	prctl(PR_SET_NAME, pages + size - 4);
	prctl(PR_SET_NAME, NULL);
}

/* What is reported of a thread with a stack of a chosen size. */
static void *report_attributes(void *unused)
{
	pthread_attr_t attributes;
	size_t size, guard;
	void *base;

	(void)unused;
	if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
		pthread_attr_getstack(&attributes, &base, &size);
		pthread_attr_getguardsize(&attributes, &guard);
		printf("attributes %#lx %zu\n", (unsigned long)base, guard);
		pthread_attr_destroy(&attributes);
	}
	return NULL;
}

static void attributes(void)
{
	pthread_attr_t chosen;
	pthread_t t;

	pthread_attr_init(&chosen);
	pthread_attr_setstacksize(&chosen, 256 << 10);
	pthread_attr_setguardsize(&chosen, 4 * (size_t)sysconf(_SC_PAGESIZE));
	if (pthread_create(&t, &chosen, report_attributes, NULL) == 0)
		pthread_join(t, NULL);
	pthread_attr_destroy(&chosen);
}

/* A thread on a stack that we make, whose guard only the page tables show; "refused": this kernel cannot make that, or
 * does not report it (Linux 6.13 and 6.15). */
static void madvised(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 256 << 10, guard = 3 * page;
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	const int fd = open("/proc/self/pagemap", O_RDONLY);
	pthread_attr_t chosen;
	uint64_t entry = 0;
	pthread_t t;

	if (stack == MAP_FAILED || madvise(stack, guard, 102 /* MADV_GUARD_INSTALL */) != 0 ||
	    pread(fd, &entry, sizeof(entry), (off_t)((uintptr_t)stack / page * sizeof(entry))) != sizeof(entry) ||
	    !(entry >> 58 & 1)) {
		puts("refused");
		return;
	}
	printf("madvised %#lx %zu\n", (unsigned long)(stack + guard), guard);
	pthread_attr_init(&chosen);
	pthread_attr_setstack(&chosen, stack, size);
	if (pthread_create(&t, &chosen, thread, NULL) == 0)
		pthread_join(t, NULL);
	pthread_attr_destroy(&chosen);
}

int main(int argc, char *argv[])
{
	const char *scene = argc > 1 ? argv[1] : "all";

	if (strcmp(scene, "all") == 0)
		all();
	else if (strcmp(scene, "inlined") == 0)
		put_into_main();
	else if (strcmp(scene, "thread") == 0)
		in_thread();
	else if (strcmp(scene, "deep") == 0)
		deep(10000);
	else if (strcmp(scene, "again") == 0)
		again();
	else if (strcmp(scene, "generations") == 0)
		generations(3);
	else if (strcmp(scene, "broken") == 0)
		broken();
	else if (strcmp(scene, "jit") == 0)
		jit();
	else if (strcmp(scene, "attributes") == 0)
		attributes();
	else if (strcmp(scene, "madvised") == 0)
		madvised();
	else if (strcmp(scene, "names") == 0)
		names();
	else if (strcmp(scene, "namesakes") == 0)
		namesakes();
	else if (strcmp(scene, "handler") == 0)
		in_handler();
	else if (strcmp(scene, "asked") == 0)
		asked();
	else if (strcmp(scene, "libraries") == 0)
		libraries(argv + 2);
	else if (strcmp(scene, "cut") == 0 && argc > 2)
		cut(argv[2]);
	else if (strcmp(scene, "exec") == 0 && argc > 2) {
		by_fork();
		execv(argv[2], argv + 2);
	}
	return 0;
}
