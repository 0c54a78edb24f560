/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks this kernel about many combinations of flags, through clone and clone3, and holds clone/needs.h against it.
 *
 * Every pair of flags, alone and with what threads need besides: refused exactly where the table says so. Limits and
 * privilege give other errors than EINVAL, which a request that breaks no rule may get. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../actor/actor.h"
#include "../actor/raw.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/needs.h"
#include "clone/request.h"

#define STACK_SIZE 16384
#define CSIGNAL_OF(call) ((call) == CALL_CLONE ? SIGCHLD : 0)

/* Not asked about: VFORK and PTRACE say nothing here; of what is newer than the kernel it knows nothing. */
#define FLAGS_LEFT_OUT                                                                                     \
	(FLAG_PTRACE | FLAG_UNTRACED | FLAG_INTO_CGROUP | FLAG_AUTOREAP | FLAG_NNP | FLAG_PIDFD_AUTOKILL | \
	 FLAG_EMPTY_MNTNS)

static unsigned asked, refused, wrong;
static int words[4];

/* What raw.c wants of the actor. */
void die(const char *format, ...)
{
	perror(format);
	exit(2);
}

pid_t fork_stated(void)
{
	return fork();
}

static int ends(void *data)
{
	(void)data;
	return 0;
}

static long ask(enum call call, uint64_t flags, uint64_t signo, void *stack)
{
	const struct raw_task task = { ends, NULL, stack, STACK_SIZE, &words[0], &words[1] };
	struct raw_clone_args args = {
		.flags = flags,
		.exit_signal = signo,
		.pidfd = (uintptr_t)&words[2],
		.parent_tid = (uintptr_t)&words[0],
		.child_tid = (uintptr_t)&words[1],
	};

	if (call == CALL_CLONE)
		return raw_clone_on(flags | signo, &task);
	return raw_clone3_on(&args, RAW_SIZE_5_7, &task);
}

static struct request request_of(enum call call, uint64_t flags, uint64_t signo)
{
	return (struct request){
		.call = call,
		.have = REQUEST_FLAGS | REQUEST_STACK | REQUEST_STACK_SIZE,
		.flags = flags,
		.exit_signal = signo,
		.stack = 1,
		.stack_size = 1,
		.pidfd = 1,
		.parent_tid = 2,
	};
}

/* In a child of its own: a new namespace or thread is nobody's burden then. Its status: 0 made, else the errno. */
static int ask_in_child(enum call call, uint64_t flags, uint64_t signo, void *stack)
{
	const pid_t pid = fork();
	int status;

	if (!pid) {
		const long result = ask(call, flags, signo, stack);

		if (result > 0 && !(flags & FLAG_THREAD))
			waitpid((pid_t)result, NULL, __WALL);
		_exit(result > 0 ? 0 : (int)-result);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void check(enum call call, uint64_t flags, uint64_t signo, void *stack)
{
	const struct request request = request_of(call, flags, signo);
	const struct need *need = need_broken(&request);
	size_t index = 0;
	int error;
	struct text text = TEXT_INIT;

	if (need_broken_once(&request, &index)) /* versions differ */
		return;
	error = ask_in_child(call, flags, signo, stack);
	/* privilege, a limit or a filter came first */
	if (error == EPERM || error == ENOSYS || error == ENOSPC || error == EAGAIN || error == ENOMEM)
		return;
	asked++;
	refused += need != NULL;
	if (error != (need ? need->error : 0) && (need || error == EINVAL || error < 0)) {
		flags_format(&text, flags, call);
		printf("# %s %s, exit signal %d: error %d, where the rule is: ", call_name(call), text_get(&text),
		       (int)signo, error);
		text_clear(&text);
		if (need)
			need_explain(&text, need, &request);
		printf("%s\n", text_get(&text));
		wrong++;
	}
	text_done(&text);
}

/* A pair of bits, below them what threads need or nothing. */
static void check_pairs(enum call call, void *stack)
{
	static const uint64_t bases[] = { 0, FLAG_VM | FLAG_SIGHAND, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD };
	const unsigned last = call == CALL_CLONE ? 31 : 33;

	for (size_t b = 0; b < sizeof(bases) / sizeof(bases[0]); b++)
		for (unsigned i = call == CALL_CLONE ? 8 : 7; i <= last; i++)
			for (unsigned j = i; j <= last; j++) {
				const uint64_t flags = UINT64_C(1) << i | UINT64_C(1) << j | bases[b];

				if (!(flags & FLAGS_LEFT_OUT) && !(flags & FLAG_SETTLS))
					check(call, flags, b == 2 ? CSIGNAL_OF(call) : SIGCHLD, stack);
			}
}

int main(void)
{
	void *stack;

	if (!RAW_HAVE_STACK) {
		puts("# skip");
		return 77;
	}
	stack = raw_stack(STACK_SIZE, 0);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGRTMAX, SIG_IGN); /* an exit signal below */
	check_pairs(CALL_CLONE, stack);
	check_pairs(CALL_CLONE3, stack);
	check(CALL_CLONE3, FLAG_PARENT, SIGCHLD, stack);
	check(CALL_CLONE3, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, SIGCHLD, stack);
	check(CALL_CLONE3, 0, 65, stack);
	check(CALL_CLONE3, 0, 64, stack);
	check(CALL_CLONE3, UINT64_C(1) << 63, SIGCHLD, stack);
	check(CALL_CLONE3, 0x11, SIGCHLD, stack);
	check(CALL_CLONE3, FLAG_DETACHED, SIGCHLD, stack);
	printf("asked %u, refused %u, wrong %u\n", asked, refused, wrong);
	return wrong || !refused;
}
