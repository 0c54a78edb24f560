/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the running kernel about thousands of requests, and holds its answers against what the rules predict.
 *
 * Each request is made by a worker of its own, which exits at once with the errno; whatever it made exits at once too,
 * and is waited for here. Nothing is traced. Prints what differs, then a summary. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../actor/raw.h"
#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/rules/rules.h"
#include "source/arch/arch.h"
#include "source/ptrace/causes.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#define EXIT_OTHER 255 /* the worker came to no answer */
#define BAD_ADDRESS 8  /* where nothing is mapped */

/* What raw.c wants of the actor. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
pid_t fork_stated(void);

pid_t fork_stated(void)
{
	return fork();
}

void die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

void skip(const char *format, ...)
{
	(void)format;
	_exit(EXIT_OTHER);
}

/* One request. clone3's struct is the worker's to change. */
struct trial {
	enum call call;
	struct raw_clone_args args; /* of clone3, or what clone has of it; unshare and setns: flags */
	size_t size;		    /* clone3's second argument */
	const void *address;	    /* clone3's first one; NULL: args */
	bool plain;		    /* the stack is as in args, not ours */
	int descriptor;		    /* setns */
	bool threads;		    /* with a second thread */
	bool children_elsewhere;    /* after unshare(CLONE_NEWPID) */
};

static unsigned asked, refused, open_answers, differing;
static bool filtered;	 /* by a seccomp filter, of a container or a service */
static int places[3][8]; /* where the kernel may write: nobody reads it */
static char tls[4096];
static char stack[16384] __attribute__((aligned(64)));

/* ---- asking the kernel ---- */

static int run_nothing(void *data)
{
	(void)data;
	return 0;
}

static void *wait_for_ever(void *data)
{
	(void)data;
	for (;;)
		pause();
	return NULL;
}

static struct raw_task task_of(const struct trial *trial)
{
	return (struct raw_task){
		.run = run_nothing,
		.stack = stack,
		.size = sizeof(stack),
		.parent_tid = (int *)(uintptr_t)trial->args.parent_tid,
		.child_tid = (int *)(uintptr_t)trial->args.child_tid,
	};
}

static long make_clone3(const struct trial *trial)
{
	const struct raw_task task = task_of(trial);
	struct raw_clone_args args = trial->args;
	long tid;

	if (!trial->address && !trial->plain)
		return raw_clone3_on(&args, trial->size, &task);
	tid = raw_clone3(trial->address ? trial->address : &args, trial->size);
	if (tid == 0)
		_exit(0);
	return tid;
}

static long make(const struct trial *trial)
{
	const struct raw_task task = task_of(trial);

	switch ((int)trial->call) {
	case CALL_CLONE:
		return raw_clone_on(trial->args.flags | trial->args.exit_signal, &task);
	case CALL_CLONE3:
		return make_clone3(trial);
	case CALL_UNSHARE:
		return syscall(SYS_unshare, (unsigned long)trial->args.flags) < 0 ? -errno : 0;
	default:
		return syscall(SYS_setns, trial->descriptor, (int)trial->args.flags) < 0 ? -errno : 0;
	}
}

static void work(const struct trial *trial)
{
	pthread_t thread;
	long made;

	if (trial->children_elsewhere && syscall(SYS_unshare, CLONE_NEWPID) < 0)
		_exit(EXIT_OTHER);
	if (trial->threads && pthread_create(&thread, NULL, wait_for_ever, NULL))
		_exit(EXIT_OTHER);
	made = make(trial);
	_exit(made < 0 ? (int)-made : 0);
}

/* The kernel's answer: 0 or the errno, -1 where the worker could not get as far. Everything it made has ended. */
static int ask(const struct trial *trial)
{
	pid_t pid = fork(), ended;
	int status, answer = -1;

	if (pid < 0)
		die("kernel_rules: no worker: %s", strerror(errno));
	if (pid == 0)
		work(trial);
	while ((ended = waitpid(-1, &status, __WALL)) > 0) {
		if (ended == pid && WIFEXITED(status) && WEXITSTATUS(status) != EXIT_OTHER)
			answer = WEXITSTATUS(status);
	}
	return answer;
}

/* ---- asking the rules ---- */

static void read_struct(const struct trial *trial, struct raw_clone_args *raw, struct clone_args_read *read)
{
	const void *from = trial->address ? trial->address : raw;

	if (trial->address == (void *)BAD_ADDRESS)
		return;
	if (!trial->address && !trial->plain) {
		raw->stack = (uintptr_t)stack;
		raw->stack_size = sizeof(stack) - 64;
	}
	read->length = trial->size < CLONE_ARGS_KEEP ? trial->size : CLONE_ARGS_KEEP;
	memcpy(read->bytes, from, read->length);
	if (raw->set_tid != BAD_ADDRESS && raw->set_tid) {
		read->set_tid_count =
			raw->set_tid_size < CLONE_SET_TID_MAX ? (size_t)raw->set_tid_size : CLONE_SET_TID_MAX;
		memcpy(read->set_tid, (void *)(uintptr_t)raw->set_tid, read->set_tid_count * sizeof(int));
	}
}

static struct request decode(const struct trial *trial)
{
	const struct abi *abi = abi_find(arch_native()->audit_arch, SYS_getpid);
	struct clone_args_read read = { 0 };
	struct raw_clone_args raw = trial->args;
	struct request request;
	uint64_t args[6] = { raw.flags };

	if (trial->call == CALL_CLONE) {
		args[0] |= raw.exit_signal;
		args[1] = (uintptr_t)stack;
		args[2] = raw.parent_tid;
		args[abi->clone_order == CLONE_ORDER_TLS_CHILD ? 4 : 3] = raw.child_tid;
	} else if (trial->call == CALL_CLONE3) {
		read_struct(trial, &raw, &read);
		args[0] = trial->address ? (uintptr_t)trial->address : (uintptr_t)&raw;
		args[1] = trial->size;
	} else if (trial->call == CALL_SETNS) {
		args[0] = (uint64_t)trial->descriptor;
		args[1] = raw.flags;
	}
	if (request_decode(abi, (uint64_t)abi->nr[trial->call] | abi->nr_mark, args, &read, &request) < 0)
		die("kernel_rules: no such call");
	return request;
}

/* What is known of a worker, which is as we are but for what it does before. */
static struct facts facts_of(const struct trial *trial, bool userns)
{
	const struct causes_wanted wanted = {
		.facts = 1U << FACT_KERNEL | 1U << FACT_CAPABILITIES | 1U << FACT_USER_NS | 1U << FACT_PID_DEPTH |
			 1U << FACT_NAMESPACES | 1U << FACT_DESCRIPTOR | 1U << FACT_PID_MAX,
		.descriptor = trial->descriptor,
	};
	static struct text cgroup = TEXT_INIT;
	struct facts facts;

	causes_look(getpid(), &wanted, &facts, &cgroup);
	for (size_t i = 0; i < facts.count; i++)
		if (facts.list[i].what == FACT_PID_DEPTH)
			facts.list[i].value = 2; /* a worker is no init, whatever we are */
	facts_add(&facts, &(struct fact){ FACT_THREADS, 0, trial->threads ? 2 : 1, 0 });
	facts_add(&facts, &(struct fact){ FACT_PID_NS, trial->children_elsewhere, 0, 0 });
	if (userns) { /* it has been seen to work */
		facts_add(&facts, &(struct fact){ FACT_ROOT, 1, 0, 0 });
		facts_add(&facts, &(struct fact){ FACT_MAPPED, 1, 0, 0 });
		facts_add(&facts, &(struct fact){ FACT_USERNS_POLICY, 0, 0, 0 });
	}
	return facts;
}

/* Whether ERROR is that of a rule that the facts leave open, or that depends on the machine. */
static bool may_be(const struct request *request, const struct facts *facts, int error, bool machine)
{
	struct rule_finding findings[RULES_MAX];
	const size_t count = rules_check(request, facts, findings);

	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = findings[i].rule;

		if (rule->error == error && (rule->about == RULE_MACHINE) == machine)
			return true;
	}
	return false;
}

static bool agrees(const struct request *request, const struct facts *facts, int predicted, int answer)
{
	if (answer == predicted)
		return true;
	if (filtered && (answer == EPERM || answer == ENOSYS))
		return true;
	if (predicted < 0 && (answer == 0 || may_be(request, facts, answer, false)))
		return true;
	/* a descriptor that is no cgroup, a number that is in use: what the rules say depends on the machine */
	return predicted <= 0 && (answer == EBADF || answer == EEXIST || answer == EFAULT) &&
	       may_be(request, facts, answer, true);
}

static void complain(const struct request *request, int predicted, int answer, const struct trial *trial)
{
	struct text text = TEXT_INIT;

	request_format(&text, request);
	printf("%s%s%s: predicted %s, the kernel says %s\n", text_get(&text), trial->threads ? " with threads" : "",
	       trial->children_elsewhere ? " with children elsewhere" : "",
	       predicted < 0 ? "open"
	       : predicted   ? errno_name(predicted)
			     : "success",
	       answer ? errno_name(answer) : "success");
	text_done(&text);
	differing++;
}

static bool userns_works;

static void hold(const struct trial *trial)
{
	struct request request = decode(trial);
	struct facts facts = facts_of(trial, userns_works);
	int predicted = rules_predict(&request, &facts), answer = ask(trial);

	if (answer < 0)
		return;
	asked++;
	refused += answer > 0;
	open_answers += predicted < 0;
	if (!agrees(&request, &facts, predicted, answer))
		complain(&request, predicted, answer, trial);
}

/* ---- which requests ---- */

/* What makes no more than a task: new network namespaces take the kernel long, and have turns of their own. */
static const uint64_t flags_clone[] = {
	FLAG_VM,
	FLAG_FS,
	FLAG_FILES,
	FLAG_SIGHAND,
	FLAG_PIDFD,
	FLAG_PTRACE,
	FLAG_VFORK,
	FLAG_PARENT,
	FLAG_THREAD,
	FLAG_NEWNS,
	FLAG_SYSVSEM,
	FLAG_SETTLS,
	FLAG_PARENT_SETTID,
	FLAG_CHILD_CLEARTID,
	FLAG_DETACHED,
	FLAG_UNTRACED,
	FLAG_CHILD_SETTID,
	FLAG_NEWCGROUP,
	FLAG_NEWUTS,
	FLAG_NEWIPC,
	FLAG_NEWUSER,
	FLAG_NEWPID,
	FLAG_IO,
};
static const uint64_t flags_clone3[] = {
	FLAG_NEWTIME,	     FLAG_CLEAR_SIGHAND, FLAG_INTO_CGROUP,  FLAG_AUTOREAP,     FLAG_NNP,
	FLAG_PIDFD_AUTOKILL, FLAG_EMPTY_MNTNS,	 UINT64_C(1) << 38, UINT64_C(1) << 63, UINT64_C(1),
};

#define FLAGS_MAX (ARRAY_LENGTH(flags_clone) + ARRAY_LENGTH(flags_clone3))

static size_t flags_of(enum call call, uint64_t ret[FLAGS_MAX])
{
	memcpy(ret, flags_clone, sizeof(flags_clone));
	if (call == CALL_CLONE)
		return ARRAY_LENGTH(flags_clone);
	memcpy(ret + ARRAY_LENGTH(flags_clone), flags_clone3, sizeof(flags_clone3));
	return FLAGS_MAX;
}

static struct trial creation(enum call call, uint64_t flags, uint64_t exit_signal)
{
	return (struct trial){
		.call = call,
		.size = RAW_SIZE_5_7,
		.descriptor = -1,
		.args = {
			.flags = flags,
			.exit_signal = exit_signal,
			.pidfd = (uintptr_t)places[0],
			.parent_tid = (uintptr_t)places[1],
			.child_tid = (uintptr_t)places[2],
			.tls = (uintptr_t)tls + 64,
			.cgroup = 0,
		},
	};
}

static void hold_creation(enum call call, uint64_t flags, uint64_t exit_signal)
{
	struct trial trial = creation(call, flags, exit_signal);

	if (call == CALL_CLONE3 && flags & (FLAG_THREAD | FLAG_PARENT) && exit_signal == SIGCHLD)
		trial.args.exit_signal = 0; /* else that rule hides all others; it is tried separately */
	hold(&trial);
}

/* All single flags, pairs and triples, alone and with what a thread shares, so that later rules have their turn. */
static void hold_combinations(enum call call)
{
	static const uint64_t bases[] = { 0, FLAG_VM | FLAG_SIGHAND, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD };
	uint64_t flags[FLAGS_MAX];
	const size_t count = flags_of(call, flags);

	for (size_t a = 0; a < count; a++)
		for (size_t b = a; b < count; b++) {
			for (size_t i = 1; i < ARRAY_LENGTH(bases); i++)
				hold_creation(call, bases[i] | flags[a] | flags[b], SIGCHLD);
			for (size_t c = b; c < count && (b > a || c == b); c++)
				hold_creation(call, flags[a] | flags[b] | flags[c], SIGCHLD);
		}
	hold_creation(call, 0, SIGCHLD);
	hold_creation(call, FLAG_NEWNET, SIGCHLD);
	hold_creation(call, FLAG_NEWNET | FLAG_NEWUSER, SIGCHLD);
	hold_creation(call, FLAG_NEWNET | FLAG_FS, SIGCHLD);
	hold_creation(call, FLAG_NEWNET | FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, SIGCHLD);
}

static void hold_signals(enum call call)
{
	static const uint64_t signals[] = { 0, SIGUSR1, 64, 65, 128, 255 };
	static const uint64_t flags[] = { 0, FLAG_PARENT, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, FLAG_VM };

	for (size_t s = 0; s < ARRAY_LENGTH(signals); s++)
		for (size_t f = 0; f < ARRAY_LENGTH(flags); f++) {
			struct trial trial = creation(call, flags[f], signals[s]);

			hold(&trial);
		}
	if (call == CALL_CLONE3) {
		struct trial trial = creation(call, 0, 256);

		hold(&trial);
		trial.args.exit_signal = UINT64_C(1) << 40 | SIGCHLD;
		hold(&trial);
	}
}

/* After unshare(CLONE_NEWPID), which root alone can do. */
static void hold_elsewhere(enum call call)
{
	static const uint64_t flags[] = {
		0, FLAG_VM, FLAG_VM | FLAG_SIGHAND, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD, FLAG_NEWPID, FLAG_PARENT
	};

	for (size_t f = 0; f < ARRAY_LENGTH(flags); f++) {
		struct trial trial = creation(call, flags[f], 0);

		trial.children_elsewhere = true;
		hold(&trial);
	}
}

/* What clone3's struct can be besides its flags. */
static void hold_struct(void)
{
	static const size_t sizes[] = { 0, 1, 63, 64, 72, 80, 87, 88, 96, 256, 4096, 4104, 65536, 70000, 1 << 20 };
	static unsigned char large[1 << 17];
	static int tids[40] = { 1 << 22 };
	static const struct {
		uint64_t set_tid, size;
		int first;
	} lists[] = { { 0, 1, 0 },  { 1, 0, 0 },       { 1, 33, 5 }, { BAD_ADDRESS, 1, 0 }, { 1, 1, 0 },
		      { 1, 1, -5 }, { 1, 1, 1 << 22 }, { 1, 1, 1 },  { 1, 32, 1 },	    { 1, 1, 4000000 } };
	static const uint64_t stacks[][2] = {
		{ 0x10000, 0 }, { 0, 0x10000 }, { UINT64_MAX - 4096, 4096 }, { UINT64_MAX - 4096, 8192 }
	};
	struct trial trial;

	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
		for (int set = 0; set < 2; set++) {
			trial = creation(CALL_CLONE3, 0, SIGCHLD);
			memset(large, 0, sizeof(large));
			((struct raw_clone_args *)(void *)large)->exit_signal = SIGCHLD;
			if (set && sizes[i] > RAW_SIZE_5_7 && sizes[i] <= CLONE_ARGS_KEEP)
				large[sizes[i] - 1] = 1;
			trial.address = large;
			trial.size = sizes[i];
			hold(&trial);
		}
	trial = creation(CALL_CLONE3, 0, SIGCHLD);
	trial.address = (void *)BAD_ADDRESS;
	hold(&trial);
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
		for (int ns = 0; ns < 3; ns++) {
			trial = creation(CALL_CLONE3,
					 ns == 0   ? 0
					 : ns == 1 ? FLAG_NEWPID
						   : FLAG_NEWPID | FLAG_NEWUSER,
					 SIGCHLD);
			tids[0] = lists[i].first;
			trial.args.set_tid = lists[i].set_tid == 1 ? (uintptr_t)tids : lists[i].set_tid;
			trial.args.set_tid_size = lists[i].size;
			hold(&trial);
		}
	for (size_t i = 0; i < ARRAY_LENGTH(stacks); i++) {
		trial = creation(CALL_CLONE3, 0, SIGCHLD);
		trial.plain = true;
		trial.args.stack = stacks[i][0];
		trial.args.stack_size = stacks[i][1];
		hold(&trial);
	}
	for (size_t i = 0; i < 3; i++) {
		trial = creation(CALL_CLONE3, FLAG_SETTLS, SIGCHLD);
		trial.args.tls = i == 0 ? 0 : i == 1 ? UINT64_C(1) << 60 : UINT64_MAX;
		hold(&trial);
	}
	trial = creation(CALL_CLONE3, FLAG_PIDFD | FLAG_PARENT_SETTID, SIGCHLD);
	trial.args.pidfd = trial.args.parent_tid;
	hold(&trial);
	trial = creation(CALL_CLONE3, FLAG_PIDFD, SIGCHLD);
	trial.args.pidfd = 0;
	hold(&trial);
	trial = creation(CALL_CLONE3, FLAG_INTO_CGROUP, SIGCHLD);
	trial.args.cgroup = UINT64_C(1) << 31;
	hold(&trial);
	trial.args.cgroup = 0;
	trial.size = RAW_SIZE_5_5;
	hold(&trial);
	trial = creation(CALL_CLONE3, FLAG_THREAD | FLAG_SIGHAND | FLAG_VM, SIGCHLD);
	hold(&trial);
	trial = creation(CALL_CLONE3, FLAG_PARENT, SIGCHLD);
	hold(&trial);
}

static void hold_unshare(void)
{
	static const uint64_t flags[] = {
		FLAG_VM,      FLAG_FS,
		FLAG_FILES,   FLAG_SIGHAND,
		FLAG_THREAD,  FLAG_NEWNS,
		FLAG_SYSVSEM, FLAG_NEWCGROUP,
		FLAG_NEWUTS,  FLAG_NEWIPC,
		FLAG_NEWUSER, FLAG_NEWPID,
		FLAG_NEWTIME, FLAG_UNSHARE_EMPTY_MNTNS,
		FLAG_PIDFD,   FLAG_PARENT,
		UINT64_C(1),  UINT64_C(1) << 33,
		FLAG_IO,
	};

	for (size_t a = 0; a < ARRAY_LENGTH(flags); a++)
		for (size_t b = a; b < ARRAY_LENGTH(flags); b++)
			for (size_t c = b; c < ARRAY_LENGTH(flags) && (b > a || c == b); c++) {
				struct trial trial = { .call = CALL_UNSHARE, .descriptor = -1 };

				trial.args.flags = flags[a] | flags[b] | flags[c];
				hold(&trial);
				if (c == b) {
					trial.threads = true;
					hold(&trial);
					trial.threads = false;
					trial.children_elsewhere = true;
					hold(&trial);
				}
			}
}

static void hold_setns(void)
{
	static const char *const kinds[] = { "user", "mnt", "uts", "ipc", "pid", "cgroup", "net", "time" };
	static const uint64_t flags[] = { 0,
					  FLAG_NEWUSER,
					  FLAG_NEWNS,
					  FLAG_NEWUTS,
					  FLAG_NEWIPC,
					  FLAG_NEWPID,
					  FLAG_NEWCGROUP,
					  FLAG_NEWNET,
					  FLAG_NEWTIME,
					  FLAG_NEWUTS | FLAG_NEWIPC,
					  FLAG_VM,
					  FLAG_NEWUTS | FLAG_FS,
					  1 };
	int descriptors[ARRAY_LENGTH(kinds) + 4], count = 0;
	char path[32];

	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		descriptors[count] = open(path, O_RDONLY | O_CLOEXEC);
		count += descriptors[count] >= 0;
	}
	descriptors[count] = (int)syscall(SYS_pidfd_open, getpid(), 0);
	count += descriptors[count] >= 0;
	descriptors[count++] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	descriptors[count++] = -1;
	descriptors[count++] = 1000;
	for (int d = 0; d < count; d++)
		for (size_t f = 0; f < ARRAY_LENGTH(flags); f++)
			for (int threads = 0; threads < 2; threads++) {
				struct trial trial = { .call = CALL_SETNS, .threads = threads };

				trial.descriptor = descriptors[d];
				trial.args.flags = flags[f];
				hold(&trial);
			}
	for (int d = 0; d < count; d++)
		if (descriptors[d] >= 0 && descriptors[d] != 1000)
			close(descriptors[d]);
}

static bool has_filter(void)
{
	const struct causes_wanted wanted = { .facts = 1U << FACT_SECCOMP };
	struct text cgroup = TEXT_INIT;
	struct facts facts;
	const struct fact *fact;

	causes_look(getpid(), &wanted, &facts, &cgroup);
	text_done(&cgroup);
	fact = facts_find(&facts, FACT_SECCOMP, 0);
	return fact && fact->value == 2;
}

int main(void)
{
	struct trial userns = { .call = CALL_UNSHARE, .args.flags = FLAG_NEWUSER, .descriptor = -1 };

	/* Whatever workers leave is ours to wait for, and signals that it ends with do no harm. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		die("kernel_rules: no subreaper: %s", strerror(errno));
	for (int signo = 1; signo <= SIGRTMAX; signo++)
		if (signo != SIGCHLD && signo != SIGINT && signo != SIGTERM && signo != SIGSEGV && signo != SIGABRT)
			signal(signo, SIG_IGN);
	filtered = has_filter();
	userns_works = ask(&userns) == 0;
	hold_combinations(CALL_CLONE);
	hold_combinations(CALL_CLONE3);
	hold_signals(CALL_CLONE);
	hold_signals(CALL_CLONE3);
	hold_elsewhere(CALL_CLONE);
	hold_elsewhere(CALL_CLONE3);
	hold_struct();
	hold_unshare();
	hold_setns();
	printf("%u requests, %u refused, %u open, %u differ\n", asked, refused, open_answers, differing);
	return differing ? 1 : 0;
}
