/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the scenes of the actor share: facts on what they made, plain words on stdout, and ways to wait without
 * sleeping. */
#ifndef ACTOR_ACTOR_H
#define ACTOR_ACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A scene makes one situation and returns the actor's exit status. */
struct scene {
	const char *name;
	const char *arguments; /* for --help; NULL: none */
	int (*play)(int argc, char *argv[]);
};

/* Each ends with a row without a name. */
extern const struct scene process_scenes[];
extern const struct scene thread_scenes[];
extern const struct scene signal_scenes[];
extern const struct scene call_scenes[];
extern const struct scene namespace_scenes[];
extern const struct scene remote_scenes[];
extern const struct scene combination_scenes[];
extern const struct scene standing_scenes[];
extern const struct scene job_scenes[];

#define ACTOR_SKIP 77

/* Facts: one JSON line each, on stdout or in -o's file. A line is one write to a descriptor opened for appending, so
 * several processes may state facts at once. */
struct fact {
	pid_t tid, tgid, ppid;
	pid_t creator;
	pid_t nspid;	  /* as the task sees itself; 0: as everybody does */
	const char *call; /* a system call ("clone3"), or the function that asked libc for one ("fork()") */
	bool raw;	  /* flags and exit_signal are known, because no library chose them */
	uint64_t flags;	  /* without the exit signal */
	int exit_signal;
};

enum { FACT_CSIGNAL = 0xff };

void fact_open(const char *path);
const char *fact_path(void);		 /* NULL: stdout */
void fact_task(const struct fact *fact); /* thread or process follows from tid and tgid */
void fact_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* {"fact":"exit"}: a status as wait gives it. */
void fact_exit(pid_t tid, int status);

/* Prints on stdout, unbuffered: nothing of it may depend on a task's number. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
const char *errno_name(int error);
const char *signal_name(int signal);

pid_t own_tid(void);
/* The caller's tid and its parent's pid as /proc shows them: through the eyes of the pid namespace that /proc belongs
 * to. */
pid_t outer_tid(void);
pid_t outer_ppid(void);
char process_state(pid_t pid); /* the letter of /proc/PID/stat, 0 when there is none */
int number_of(int argc, char *argv[], int index, int otherwise);

/* fork(), and states the fact. */
pid_t fork_stated(void);
/* Waits for PID, states its end; dies unless it exited with CODE. */
void expect_exit(pid_t pid, int code);
void expect_killed(pid_t pid, int signal);

/* pthread_create() of a thread that states its own fact before RUN. */
struct thread;
struct thread *thread_start(void *(*run)(void *), void *data);
void thread_join(struct thread *thread);

/* The actor's own file. */
void actor_find_path(void);
const char *actor_path(void);

/* Replaces the program by this scene of the actor. */
void become(const char *scene, const char *argument) __attribute__((noreturn));
void become_arguments(const char *scene, const char *argument, char *ret[6]);

/* A seccomp filter that answers the system call NUMBER with ACTION, SECCOMP_RET_...; a skip if there can be none. */
void install_filter(unsigned number, unsigned action);

/* A write to memory that may not be written: SIGSEGV. */
void fault(void);

/* A pipe that one side waits at until the other opens it, or is gone. */
struct gate {
	int in, out;
};
struct gate gate_make(void);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

#endif
