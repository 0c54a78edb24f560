/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks kcmp(2), and keeps a zombie to compare with. */
#include "source/kernel/kcmp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

struct kcmp {
	pid_t zombie;
	pid_t keeper; /* the zombie's parent */
	int socket;   /* to it: it ends when this is closed, also by our own exit */
};

/* The zombie's parent. It must not keep our descriptors open (a pipe's reader would wait for it), and must not end by
 * ^C. */
static void keep(int socket)
{
	pid_t zombie;
	siginfo_t info;
	sigset_t all;
	char end;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	if (socket != STDIN_FILENO && dup2(socket, STDIN_FILENO) < 0)
		_exit(1);
	if (syscall(SYS_close_range, STDIN_FILENO + 1, ~0U, 0) < 0) { /* before 5.9 */
		for (int fd = STDIN_FILENO + 1; fd < (int)sysconf(_SC_OPEN_MAX); fd++)
			close(fd);
	}
	zombie = fork();
	if (!zombie)
		_exit(0);
	if (zombie < 0 || waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT) < 0)
		_exit(1);
	if (write(STDIN_FILENO, &zombie, sizeof(zombie)) == sizeof(zombie))
		while (read(STDIN_FILENO, &end, 1) > 0)
			;
	waitpid(zombie, NULL, 0);
	_exit(0);
}

struct kcmp *kcmp_new(void)
{
	struct kcmp kcmp = { 0 }, *ret;
	int sockets[2];
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return NULL;
	kcmp.keeper = fork();
	if (!kcmp.keeper)
		keep(sockets[1]);
	close(sockets[1]);
	kcmp.socket = sockets[0];
	do
		n = read(kcmp.socket, &kcmp.zombie, sizeof(kcmp.zombie));
	while (n < 0 && errno == EINTR);
	ret = mem_alloc(sizeof(*ret));
	*ret = kcmp;
	if (n == sizeof(kcmp.zombie))
		return ret;
	kcmp_free(ret);
	return NULL;
}

void kcmp_free(struct kcmp *kcmp)
{
	if (!kcmp)
		return;
	close(kcmp->socket);
	while (kcmp->keeper > 0 && waitpid(kcmp->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	free(kcmp);
}

int kcmp_order(pid_t one, pid_t other, enum task_object object, int *ret)
{
	static const int types[OBJECT_COUNT] = {
#define TYPE(NAME, KEY, WORDS, FLAG, KCMP, ...) [OBJECT_##NAME] = KCMP,
		TASK_OBJECTS(TYPE)
#undef TYPE
	};
	long r = syscall(SYS_kcmp, one, other, types[object], 0UL, 0UL);

	if (r < 0)
		return -errno;
	*ret = r == 1 ? -1 : r == 2 ? 1 : (int)r; /* 3: unequal, without an order */
	return 0;
}

int kcmp_has(const struct kcmp *kcmp, pid_t tid, enum task_object object)
{
	int order, r;

	if (!kcmp)
		return -ECHILD;
	r = kcmp_order(tid, kcmp->zombie, object, &order);
	if (r == -ESRCH && kcmp_order(kcmp->zombie, kcmp->zombie, object, &order) < 0)
		return -ECHILD;
	return r < 0 ? r : order != 0;
}

pid_t kcmp_without(const struct kcmp *kcmp)
{
	return kcmp ? kcmp->zombie : 0;
}
