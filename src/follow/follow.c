/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state machine that turns stops into events and orders.
 *
 * The hard part is who made a task that shows up. The kernel links a new task to the tracer before it wakes it, then
 * puts the creator into its event stop (kernel/fork.c: kernel_clone). So:
 * - normally the creator's event names the child, before or after the child's own first stop: a child that comes first
 * is held, stopped, until the event is there. Consumers always see the creator's event first.
 * - a creator that is killed in between never shows its event (ptrace_stop() gives way to a pending SIGKILL). At its
 *   PTRACE_EVENT_EXIT the result register still names the child. Where that stop is missed too, its entry stop, kept in
 * a grave, or the child's own registers, a copy of the creator's, tell what was asked.
 * - a child killed before its first stop is only reported as dead: it is kept among the lost until its creator's event,
 *   or a grave, explains it. */
#include "follow/follow.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <uthash.h>

#include "base/mem.h"
#include "clone/flags.h"
#include "clone/rules.h"
#include "event/signal.h"

#define PR_SET_CHILD_SUBREAPER_NR 36 /* <linux/prctl.h> */
#define ERRNO_MAX 4095		     /* MAX_ERRNO, include/linux/err.h */
#define ERESTART_FIRST 512 /* ERESTARTSYS .. ERESTART_RESTARTBLOCK, include/linux/errno.h: seen by tracers only */
#define ERESTART_LAST 516
#define GRAVES 64	    /* dead tasks that are remembered as possible creators */
#define GRAVE_NS 1000000000 /* how long a dead task may explain one that was lost */
#define IDLES_MAX 50	    /* calls of follow_idle() after which a held task's creator is taken as gone */
#define REPEATS_MAX 100	    /* identical fatal signals to an init of a pid namespace before it is let go */

/* A call between its entry and its end. */
struct pending {
	struct request request;
	struct stop_call call;
	uint64_t when;
	bool untraced; /* CLONE_UNTRACED was cleared */
};

/* A thread group with at least one traced task. */
struct group {
	pid_t tgid, ppid;
	struct group *parent; /* NULL: not traced */
	struct group *children, *next, *prev;
	unsigned live;	  /* traced tasks that have not been reported as ended */
	unsigned leaving; /* those of them that are on their way out by exit(2), a zombie leader too */
	unsigned stops;	  /* group stops so far */
	int stopped;	  /* the signal of the group stop that was told, 0 for none */
	bool foreign_ids; /* its new tasks may see other pids than we do */
	bool ending;	  /* exit_group is known to be under way */
	bool ending_told; /* who called it is known, too */
	bool bereft;	  /* a child of it has ended, and may still be a zombie */
	bool unreaped_told;
	unsigned taken; /* tasks that have ended by neither exit(2) nor exit_group(2): another's call, or an exec */
	bool launched;
	uint64_t exec; /* sequence number of its last exec */
	UT_hash_handle hh;
};

struct tracee {
	pid_t tid;
	struct group *group; /* NULL: held, its creator is not known yet */
	struct pending *pending;
	struct pending *restore; /* the creator's call, whose flags are to be written back before the first run */
	unsigned stop;		 /* the group stop that it told of last: group->stops then */
	pid_t announced;	 /* the last task that it was told to have made */
	bool seen;		 /* its first stop has come */
	int first;		 /* held: the status of that stop; 0: it runs, towards its end */
	bool exit_stop;		 /* stops at PTRACE_EVENT_EXIT */
	bool taken;		 /* ends by what another one of its group did */
	bool alone;		 /* ends by exit(2), not with its group, and with `own_status` */
	int own_status;
	bool listening;
	bool init; /* pid 1 of a pid namespace */
	uint8_t idles;
	uint8_t repeats;
	int repeated;	/* the signal that `repeats` counts */
	uint64_t shown; /* held: sequence number when it showed up */
	UT_hash_handle hh;
};

struct grave {
	pid_t tid, tgid, ppid;
	struct pending *pending; /* a creation under way at its death, or NULL */
	uint64_t when;
};

/* A task that was reported as ended before anybody announced it; at most one of each tid. */
struct lost {
	struct stop stop;
	uint8_t idles;
	struct lost *next;
};

/* A tid that was let go. */
struct let_go {
	pid_t tid;
	UT_hash_handle hh;
};

struct follow {
	struct follow_config config;
	const struct follow_ops *ops;
	void *data;
	uint64_t seq;
	struct event event; /* scratch */
	struct tracee *tracees;
	struct group *groups;
	struct grave graves[GRAVES];
	unsigned grave_next;
	unsigned held;
	struct lost *lost;
	struct let_go *let_go;
	bool detaching, resolving;
	bool outlived_told, duration_told;
};

/* Events */

static struct event *event_start(struct follow *f, enum event_kind kind, pid_t tid, uint64_t when)
{
	memset(&f->event, 0, sizeof(f->event));
	f->event.kind = kind;
	f->event.tid = tid;
	f->event.when = when;
	return &f->event;
}

static void event_emit(struct follow *f)
{
	f->event.seq = ++f->seq;
	f->ops->event(f->data, &f->event);
}

static void note(struct follow *f, enum event_note code, pid_t tid, int64_t number, int64_t value, uint64_t when)
{
	struct event *e = event_start(f, EVENT_NOTE, tid, when);

	e->note.code = code;
	e->note.number = number;
	e->note.value = value;
	event_emit(f);
}

/* Tables */

static struct tracee *tracee_find(const struct follow *f, pid_t tid)
{
	struct tracee *t;

	HASH_FIND_INT(f->tracees, &tid, t);
	return t;
}

static struct group *group_find(const struct follow *f, pid_t tgid)
{
	struct group *g;

	HASH_FIND_INT(f->groups, &tgid, g);
	return g;
}

static void pending_drop(struct pending **pending)
{
	free(*pending);
	*pending = NULL;
}

/* What a task made cannot have come from another call. */
static void pending_keep_creation(struct pending **pending)
{
	if (*pending && !call_is_creation((*pending)->request.call))
		pending_drop(pending);
}

static void group_link(struct group *g, struct group *parent)
{
	g->parent = parent;
	g->prev = NULL;
	g->next = parent ? parent->children : NULL;
	if (g->next)
		g->next->prev = g;
	if (parent)
		parent->children = g;
}

static void group_unlink(struct group *g)
{
	if (g->prev)
		g->prev->next = g->next;
	else if (g->parent)
		g->parent->children = g->next;
	if (g->next)
		g->next->prev = g->prev;
	g->parent = g->next = g->prev = NULL;
}

static struct group *group_add(struct follow *f, pid_t tgid, pid_t ppid)
{
	struct group *g = group_find(f, tgid);

	if (g)
		return g;
	g = mem_zalloc(1, sizeof(*g));
	g->tgid = tgid;
	g->ppid = ppid;
	HASH_ADD_INT(f->groups, tgid, g);
	group_link(g, ppid == tgid ? NULL : group_find(f, ppid));
	return g;
}

static void group_remove(struct follow *f, struct group *g)
{
	struct group *child;

	while ((child = g->children))
		group_unlink(child);
	group_unlink(g);
	HASH_DEL(f->groups, g);
	free(g);
}

/* Takes TID from those that were let go; true when it was there. */
static bool let_go_take(struct follow *f, pid_t tid)
{
	struct let_go *entry;

	HASH_FIND_INT(f->let_go, &tid, entry);
	if (!entry)
		return false;
	HASH_DEL(f->let_go, entry);
	free(entry);
	return true;
}

static void let_go_put(struct follow *f, pid_t tid)
{
	struct let_go *entry = mem_zalloc(1, sizeof(*entry));

	let_go_take(f, tid);
	entry->tid = tid;
	HASH_ADD_INT(f->let_go, tid, entry);
}

static struct tracee *tracee_add(struct follow *f, pid_t tid, struct group *g)
{
	struct tracee *t = mem_zalloc(1, sizeof(*t));

	let_go_take(f, tid); /* another's now */
	t->tid = tid;
	t->group = g;
	if (g)
		g->live++;
	HASH_ADD_INT(f->tracees, tid, t);
	return t;
}

static void tracee_hold(struct follow *f, struct tracee *t)
{
	t->shown = f->seq;
	f->held++;
}

static void tracee_leave_group(const struct tracee *t)
{
	t->group->live--;
	t->group->leaving -= t->alone;
}

static void tracee_remove(struct follow *f, struct tracee *t)
{
	if (!t->group)
		f->held--;
	pending_drop(&t->pending);
	pending_drop(&t->restore);
	HASH_DEL(f->tracees, t);
	free(t);
}

/* Orders */

/* G, of which TID is a stopped task, is about to end or to be let go: has it zombies? */
static void on_last_look(struct follow *f, struct group *g, pid_t tid, uint64_t when)
{
	struct stop look = { .tid = tid, .when = when };

	if (!g->bereft || g->unreaped_told)
		return;
	g->unreaped_told = true;
	f->ops->gather(f->data, &look, STOP_UNREAPED);
	if ((look.have & STOP_UNREAPED) && look.unreaped)
		note(f, NOTE_UNREAPED, g->tgid, look.unreaped, 0, when);
}

/* Lets go of T as ORDER says: its signal is delivered and its changes are made all the same. */
static void detach(struct follow *f, struct tracee *t, struct order *order, uint64_t when)
{
	struct group *g = t->group;

	if (g && g->live == 1)
		on_last_look(f, g, t->tid, when);
	order->tid = t->tid;
	order->how = ORDER_DETACH;
	f->ops->order(f->data, order);
	let_go_put(f, t->tid);
	if (g) {
		event_start(f, EVENT_DETACH, t->tid, when);
		event_emit(f);
		tracee_leave_group(t);
	}
	tracee_remove(f, t);
	if (g && !g->live)
		group_remove(f, g);
}

static void order_set_flags(struct order *order, const struct pending *p, bool untraced)
{
	uint64_t flags = p->request.call == CALL_CLONE ? p->call.args[0] : p->request.flags;

	order->change |= ORDER_SET_FLAGS;
	order->audit_arch = p->call.audit_arch;
	order->flags = untraced ? flags : flags & ~FLAG_UNTRACED;
	order->address = p->request.call == CALL_CLONE3 ? p->call.args[0] : 0;
}

/* A task that makes others stops at its exit: killed within the call, it can then still say what it made. A leader of
 * several threads is always such a task, for only it can make the second one: its own exit shows before theirs. */
static void order_exit_stop(struct tracee *t, struct order *order)
{
	if (!t->exit_stop)
		order->change |= ORDER_EXIT_STOP;
	t->exit_stop = true;
}

/* Of a task that makes none, or none yet; with --signals all do, to tell who ends its process and who ends alone. */
static void order_no_exit_stop(const struct follow *f, struct tracee *t, struct order *order)
{
	if (f->config.signals) {
		order_exit_stop(t, order);
		return;
	}
	if (t->exit_stop)
		order->change |= ORDER_NO_EXIT_STOP;
	t->exit_stop = false;
}

static void resume(struct follow *f, struct tracee *t, struct order *order, const struct stop *stop)
{
	if (f->detaching) {
		detach(f, t, order, stop->when);
		return;
	}
	order->tid = t->tid;
	if (order->how == ORDER_CONT && f->config.mode == EVENT_MODE_CALLS)
		order->how = ORDER_SYSCALL;
	f->ops->order(f->data, order);
}

static void resume_plain(struct follow *f, struct tracee *t, int signal, const struct stop *stop)
{
	struct order order = { .how = ORDER_CONT, .signal = signal };

	resume(f, t, &order, stop);
}

/* A new task's first run: what it inherited from its creator for our sake is taken back. */
static void resume_first(struct follow *f, struct tracee *t, enum order_how how, const struct stop *stop)
{
	struct order order = { .how = how };

	order_no_exit_stop(f, t, &order);
	if (t->restore)
		order_set_flags(&order, t->restore, true);
	pending_drop(&t->restore);
	resume(f, t, &order, stop);
}

/* New tasks */

static void on_first(struct follow *f, struct tracee *t, const struct stop *stop);
static void on_death(struct follow *f, struct tracee *t, const struct stop *stop);
static void lost_tell(struct follow *f, pid_t tid, uint64_t when);
static void grave_dig(struct follow *f, struct tracee *t, uint64_t when);
static void on_exit_in_creation(struct follow *f, struct tracee *t, const struct stop *stop);

/* Takes the death of TID from the lost; true when it was there. */
static bool lost_take(struct follow *f, pid_t tid, struct stop *ret)
{
	for (struct lost **at = &f->lost; *at; at = &(*at)->next) {
		struct lost *lost = *at;

		if (lost->stop.tid != tid)
			continue;
		*ret = lost->stop;
		*at = lost->next;
		free(lost);
		return true;
	}
	return false;
}

static const struct lost *lost_find(const struct follow *f, pid_t tid)
{
	const struct lost *lost = f->lost;

	while (lost && lost->stop.tid != tid)
		lost = lost->next;
	return lost;
}

/* What is known of a creation, from whichever source. */
struct creation {
	pid_t creator;	    /* 0: not known */
	pid_t creator_tgid; /* 0: not known */
	pid_t creator_ppid;
	struct group *group;				 /* the creator's, while it is traced */
	const struct pending *pending;			 /* NULL: the request is not known */
	const struct stop_ids *ids;			 /* the child's, NULL: not read */
	const struct stop_memory *memory, *child_memory; /* NULL: not read */
	const struct check_answers *answers;		 /* NULL: not asked */
	bool duration;
	uint64_t when;
};

static bool creation_is_thread(const struct creation *c, pid_t child)
{
	if (c->pending && c->pending->request.have & REQUEST_FLAGS)
		return c->pending->request.flags & FLAG_THREAD;
	return c->ids && c->ids->tgid != child; /* clone3's struct could not be read */
}

static pid_t creation_ppid(const struct creation *c, bool thread)
{
	if (c->ids && c->ids->ppid)
		return c->ids->ppid;
	if (thread || (c->pending && (c->pending->request.flags & FLAG_PARENT)))
		return c->group ? c->group->ppid : c->creator_ppid;
	return c->creator_tgid;
}

static void creation_emit(struct follow *f, const struct creation *c, pid_t child, pid_t child_tgid, pid_t ppid)
{
	struct event *e = event_start(f, EVENT_SPAWN, c->creator, c->when);

	e->spawn.child = child;
	e->spawn.child_tgid = child_tgid;
	e->spawn.creator_tgid = c->creator_tgid;
	e->spawn.ppid = ppid;
	if (c->creator)
		e->have |= EVENT_HAVE_CREATOR;
	if (ppid)
		e->have |= EVENT_HAVE_PPID;
	if (c->pending) {
		e->have |= EVENT_HAVE_REQUEST;
		e->spawn.request = c->pending->request;
	}
	if (c->duration && c->pending) {
		e->have |= EVENT_HAVE_DURATION;
		e->spawn.duration = c->when - c->pending->when;
	}
	if (c->memory) {
		e->have |= EVENT_HAVE_MEMORY;
		e->spawn.page_tables = c->memory->page_tables;
		e->spawn.resident = c->memory->resident;
		e->spawn.child_page_tables = c->child_memory ? c->child_memory->page_tables : 0;
	}
	if (c->ids && c->ids->depth > 1) {
		e->have |= EVENT_HAVE_NSPID;
		e->spawn.nspid = c->ids->nspid;
	}
	event_emit(f);
}

/* What the kernel said of TID and OTHER, and each thing in which that is not what was SAID. */
static void tell_answers(struct follow *f, pid_t tid, pid_t other, const struct check_masks *said,
			 const struct check_answers *answers, uint64_t when)
{
	uint64_t differences = check_differences(said, answers);
	struct event *e = event_start(f, EVENT_VERIFY, tid, when);

	e->verify.other = other;
	e->verify.said = *said;
	e->verify.answers = *answers;
	event_emit(f);
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const uint64_t bit = differences & UINT64_C(1) << i;

		if (!bit)
			continue;
		e = event_start(f, EVENT_DIFFERENCE, tid, when);
		e->verify.other = other;
		e->verify.said = (struct check_masks){ said->shared & bit, said->apart & bit };
		e->verify.answers.shared = answers->shared & bit;
		e->verify.answers.apart = answers->apart & bit;
		e->verify.answers.neither = answers->neither & bit;
		e->verify.cause = check_cause((enum check)i, answers);
		event_emit(f);
	}
}

static void creation_verify(struct follow *f, const struct creation *c, pid_t child)
{
	struct check_masks said = { 0 };

	if (!c->answers)
		return;
	if (c->pending)
		check_expect(&c->pending->request, &said);
	tell_answers(f, c->creator, child, &said, c->answers, c->when);
}

/* T has changed what it has, as SAID: what does the kernel say of it and of another task of GROUP? Nobody else has
 * anything to do with it where there is none. */
static void verify_beside(struct follow *f, const struct tracee *t, const struct group *group,
			  const struct check_masks *said, uint64_t when)
{
	struct stop look = { .tid = t->tid, .when = when };
	const struct tracee *other, *next;

	if (!f->config.verify || !group || !(said->shared | said->apart))
		return;
	HASH_ITER (hh, f->tracees, other, next) {
		if (other->group == group && other != t && other->seen && !other->alone) {
			look.beside = other->tid;
			break;
		}
	}
	if (!look.beside)
		return;
	f->ops->gather(f->data, &look, STOP_ANSWERS);
	if (look.have & STOP_ANSWERS)
		tell_answers(f, t->tid, look.beside, said, &look.answers, when);
}

/* Whether tasks of a new group may see other pids than we: its creator's did, or it begins a pid namespace. */
static bool creation_foreign(const struct creation *c)
{
	return (c->group && c->group->foreign_ids) || (c->ids && c->ids->depth > 1) ||
	       (c->pending && (c->pending->request.flags & FLAG_NEWPID));
}

/* Tells of CHILD and lets it run if it was waiting for that. EXIT_STOP: it inherited that option. */
static void creation_apply(struct follow *f, const struct creation *c, pid_t child, bool exit_stop)
{
	bool thread = creation_is_thread(c, child);
	struct tracee *t = tracee_find(f, child);
	bool foreign = creation_foreign(c);
	struct group *g = c->group;
	struct stop death, first = { .tid = child, .when = c->when };
	bool held = t;
	pid_t ppid = creation_ppid(c, thread);

	if (t && t->group)
		return; /* told before, as one whose creator was lost */
	if (!thread)
		g = group_add(f, child, ppid);
	else if (!g)
		g = group_add(f, c->creator_tgid ? c->creator_tgid : c->ids ? c->ids->tgid : child, ppid);
	g->foreign_ids |= foreign;
	if (t) {
		f->held--;
		t->group = g;
		g->live++;
	} else {
		t = tracee_add(f, child, g);
	}
	t->exit_stop = exit_stop;
	t->stop = g->stops;
	t->init = c->ids && c->ids->depth > 1 && c->ids->nspid == 1;
	if (c->pending && c->pending->untraced) {
		t->restore = mem_alloc(sizeof(*t->restore));
		*t->restore = *c->pending;
	}
	creation_emit(f, c, child, g->tgid, ppid);
	if (c->pending && c->pending->untraced)
		note(f, NOTE_UNTRACED, c->creator, child, 0, c->when);
	creation_verify(f, c, child);
	if (lost_take(f, child, &death)) {
		death.when = c->when; /* never before its beginning */
		on_death(f, t, &death);
	} else if (held && t->first) {
		first.status = t->first;
		on_first(f, t, &first);
	}
}

/* Decodes the call in STOP; NULL when it is none of ours. */
static struct pending *pending_decode(const struct stop *stop)
{
	const struct abi *abi = abi_find(stop->call.audit_arch, stop->call.nr);
	struct pending *p;

	if (!abi || abi_call(abi, stop->call.nr) == CALL_NONE)
		return NULL;
	p = mem_zalloc(1, sizeof(*p));
	if (request_decode(abi, stop->call.nr, stop->call.args, &stop->clone_args, &p->request) < 0) {
		free(p);
		return NULL;
	}
	p->call = stop->call;
	p->when = stop->when;
	return p;
}

/* The call of the task that has stopped. The stack pointer that it has anyway, given as the child's, is no stack of the
 * child's own: glibc's vfork() where there is no call vfork (sysdeps/unix/sysv/linux/aarch64/vfork.S). A newborn's
 * registers cannot tell, its stack pointer is that argument. */
static struct pending *pending_of_caller(const struct stop *stop)
{
	struct pending *p = pending_decode(stop);

	if (p && p->request.call == CALL_CLONE && p->request.have & REQUEST_STACK &&
	    p->request.stack == stop->call.sp) {
		p->request.have &= ~(unsigned)REQUEST_STACK;
		p->request.stack = 0;
	}
	return p;
}

/* The tid that an event's message names; 0 when it could not be had. */
static pid_t message_tid(const struct stop *stop)
{
	return stop->have & STOP_MESSAGE ? (pid_t)stop->message : 0;
}

static void gather_call(struct follow *f, struct stop *stop)
{
	if (!(stop->have & (STOP_CALL | STOP_RESULT)))
		f->ops->gather(f->data, stop, STOP_CALL);
}

/* The child's ids are read where its flags do not tell them: in or next to another pid namespace. Where we do not see
 * each call, or have not from the beginning, unshare(CLONE_NEWPID) may have gone unseen: then the namespace that T puts
 * its children into is asked for, which takes a small part of the time. */
static bool creation_wants_ids(struct follow *f, const struct tracee *t, struct stop *stop)
{
	const struct request *r = t->pending ? &t->pending->request : NULL;

	if (!r || !(r->have & REQUEST_FLAGS) || t->group->foreign_ids || (r->flags & FLAG_NEWPID))
		return true;
	if (f->config.mode == EVENT_MODE_FILTER || (r->flags & FLAG_THREAD))
		return false;
	f->ops->gather(f->data, stop, STOP_PID_NS);
	return !(stop->have & STOP_PID_NS) || stop->other_pid_ns;
}

/* What the creation has copied: the child has not run yet, for its creator's event comes before its first order. */
static void creation_memory(struct follow *f, struct creation *c, struct stop *stop, struct stop *child)
{
	f->ops->gather(f->data, stop, STOP_MEMORY);
	f->ops->gather(f->data, child, STOP_MEMORY);
	if (stop->have & STOP_MEMORY)
		c->memory = &stop->memory;
	if (child->have & STOP_MEMORY)
		c->child_memory = &child->memory;
}

/* PTRACE_EVENT_FORK, VFORK or CLONE: t has made the task in the event message. */
static void on_creation(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT };
	struct creation c = {
		.creator = t->tid, .creator_tgid = t->group->tgid, .group = t->group, .when = stop->when
	};
	bool exit_stop = t->exit_stop;
	struct stop child = { .when = stop->when };
	const struct lost *lost;
	bool entered;

	pending_keep_creation(&t->pending);
	entered = t->pending;
	f->ops->gather(f->data, stop, STOP_MESSAGE);
	child.tid = message_tid(stop);
	if (!child.tid) { /* killed meanwhile: it may be at its exit already */
		gather_call(f, stop);
		if (stop->have & STOP_CALL)
			on_exit_in_creation(f, t, stop);
		if (f->detaching)
			grave_dig(f, t, stop->when); /* we shall not hear of its end */
		resume_plain(f, t, 0, stop);
		return;
	}
	if (!t->pending) {
		gather_call(f, stop);
		if (stop->have & STOP_CALL)
			t->pending = pending_of_caller(stop);
		pending_keep_creation(&t->pending);
	}
	if (creation_wants_ids(f, t, stop)) {
		f->ops->gather(f->data, &child, STOP_IDS);
		if (child.have & STOP_IDS)
			c.ids = &child.ids;
	}
	if (f->config.memory)
		creation_memory(f, &c, stop, &child);
	if (f->config.verify) { /* neither runs: the child's first order comes behind this event */
		stop->beside = child.tid;
		f->ops->gather(f->data, stop, STOP_ANSWERS);
		c.answers = stop->have & STOP_ANSWERS ? &stop->answers : NULL;
	}
	c.pending = t->pending;
	c.duration = entered && f->config.duration;
	lost = entered ? lost_find(f, child.tid) : NULL;
	if (lost && lost->stop.when < t->pending->when)
		lost_tell(f, child.tid, stop->when); /* died before this call began: it had the tid before */
	creation_apply(f, &c, child.tid, exit_stop);
	if (t->pending && t->pending->untraced)
		order_set_flags(&order, t->pending, true);
	pending_drop(&t->pending);
	t->announced = child.tid;
	order_exit_stop(t, &order);
	resume(f, t, &order, stop);
}

/* Creators that never showed their event */

/* Whether the held child's registers in LOOK, of which SEEN was made, are a copy of those of call P by a task of TGID.
 */
static bool call_matches(const struct pending *p, pid_t tgid, const struct stop *look, const struct request *seen)
{
	const struct stop_call *a = &p->call, *b = &look->call;

	if (!call_is_creation(p->request.call) || a->audit_arch != b->audit_arch || a->nr != b->nr)
		return false;
	if (p->request.call == CALL_CLONE &&
	    ((a->args[0] ^ b->args[0]) & ~FLAG_UNTRACED || memcmp(a->args + 1, b->args + 1, 4 * sizeof(a->args[0]))))
		return false;
	if (p->request.flags & FLAG_THREAD && look->have & STOP_IDS && look->ids.tgid != tgid)
		return false;
	if (p->request.call == CALL_CLONE3 && (a->args[0] != b->args[0] || a->args[1] != b->args[1]))
		return false;
	if (seen->have & p->request.have & REQUEST_FLAGS && (seen->flags ^ p->request.flags) & ~FLAG_UNTRACED)
		return false; /* another struct has taken that place */
	return p->request.stack || !a->sp || !b->sp || a->sp == b->sp;
}

static struct grave *grave_at(struct follow *f, unsigned back)
{
	return &f->graves[(f->grave_next + GRAVES - 1 - back) % GRAVES];
}

/* Whether anybody died while creating whose child is not known. */
static bool grave_any(struct follow *f)
{
	for (unsigned i = 0; i < GRAVES; i++)
		if (f->graves[i].pending)
			return true;
	return false;
}

/* Whether a task that lives is in such a call: its event may well be about to name that child. Forked workers make the
 * same calls from the same stacks. */
static bool creator_may_live(const struct follow *f, const struct stop *look, const struct request *seen)
{
	const struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group && t->pending && call_matches(t->pending, t->group->tgid, look, seen))
			return true;
	}
	return false;
}

/* The dead that can have made one task. Only what they have in common is certain. */
struct suspects {
	struct grave *grave; /* of the one who died last; NULL: there is none */
	unsigned count;
	bool several; /* processes */
};

static void suspects_add(struct suspects *suspects, struct grave *grave)
{
	if (!suspects->count++)
		suspects->grave = grave;
	suspects->several |= suspects->grave->tgid != grave->tgid;
}

static void creation_from_suspects(struct follow *f, struct creation *c, const struct suspects *suspects)
{
	const struct grave *grave = suspects->grave;

	if (!grave || suspects->several)
		return;
	c->creator = suspects->count == 1 ? grave->tid : 0;
	c->creator_tgid = grave->tgid;
	c->creator_ppid = grave->ppid;
	c->group = group_find(f, grave->tgid);
}

static void grave_find(struct follow *f, const struct stop *look, const struct request *seen, bool final,
		       struct suspects *ret)
{
	for (unsigned i = 0; i < GRAVES; i++) {
		struct grave *grave = grave_at(f, i);

		if (grave->pending && call_matches(grave->pending, grave->tgid, look, seen))
			suspects_add(ret, grave);
	}
	if (ret->count && !final && creator_may_live(f, look, seen))
		*ret = (struct suspects){ 0 };
}

static void grave_dig(struct follow *f, struct tracee *t, uint64_t when)
{
	struct grave *grave = &f->graves[f->grave_next++ % GRAVES];

	pending_drop(&grave->pending);
	*grave = (struct grave){ .tid = t->tid, .tgid = t->group->tgid, .ppid = t->group->ppid, .when = when };
	if (t->pending && call_is_creation(t->pending->request.call)) {
		grave->pending = t->pending;
		t->pending = NULL;
	}
}

/* No entry stops to compare with: which process can the creator of the held task T have belonged to? Its group must
 * have ended or exec'ed since, else its event would still come. Fills C and returns true when that is settled. */
static bool creator_by_elimination(struct follow *f, const struct tracee *t, const struct stop *look,
				   const struct pending *p, struct creation *c)
{
	struct group *parent = group_find(f, look->ids.ppid);
	struct suspects suspects = { 0 };

	if (!(look->have & STOP_IDS) || !p || !(p->request.have & REQUEST_FLAGS) ||
	    p->request.flags & (FLAG_THREAD | FLAG_PARENT))
		return false; /* its parent does not tell its creator */
	if (parent && parent->exec > t->shown) {
		c->creator_tgid = parent->tgid;
		c->creator_ppid = parent->ppid;
		c->group = parent;
		return true;
	}
	if (parent)
		return false;
	for (unsigned i = 0; i < GRAVES; i++) {
		struct grave *grave = grave_at(f, i);

		if (grave->tid && grave->when + GRAVE_NS >= look->when && !group_find(f, grave->tgid))
			suspects_add(&suspects, grave);
	}
	creation_from_suspects(f, c, &suspects);
	return suspects.count;
}

/* Tells of a held task whose creator is known to be gone; with FINAL in any case. */
static void held_resolve(struct follow *f, struct tracee *t, bool final, uint64_t when)
{
	struct stop look = { .tid = t->tid, .when = when };
	struct creation c = { .when = when };
	struct suspects suspects = { 0 };
	struct pending *p = NULL;
	bool settled;

	f->ops->gather(f->data, &look, t->first ? STOP_CALL | STOP_IDS : STOP_IDS);
	if (look.have & STOP_CALL)
		p = pending_decode(&look);
	pending_keep_creation(&p);
	if (p)
		grave_find(f, &look, &p->request, final, &suspects);
	if (look.have & STOP_IDS)
		c.ids = &look.ids;
	settled = suspects.count;
	creation_from_suspects(f, &c, &suspects);
	if (!settled && f->config.mode == EVENT_MODE_EVENTS)
		settled = creator_by_elimination(f, t, &look, p, &c);
	if (settled || final) {
		pid_t tid = t->tid;

		c.pending = suspects.count ? suspects.grave->pending : p;
		creation_apply(f, &c, tid, true);
		note(f, NOTE_CREATOR_LOST, tid, 0, 0, when);
		if (suspects.count == 1)
			pending_drop(&suspects.grave->pending);
	}
	free(p);
}

static void held_resolve_all(struct follow *f, bool final, uint64_t when)
{
	struct tracee *t, *next;

	if (!f->held || f->resolving)
		return;
	f->resolving = true; /* a death that is told of meanwhile must not begin it anew: NEXT could be freed */
	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group)
			continue;
		held_resolve(f, t, final || t->idles > IDLES_MAX, when);
	}
	f->resolving = false;
}

/* Tells of TID, which died before anybody announced it. Of the creations that were under way when their callers died it
 * can have come from any: only what all of them have in common is certain. */
static void lost_tell(struct follow *f, pid_t tid, uint64_t when)
{
	struct creation c = { .when = when };
	struct suspects suspects = { 0 };
	bool one_request = true;
	struct stop rest;

	for (unsigned i = 0; i < GRAVES; i++) {
		struct grave *grave = grave_at(f, i);

		if (!grave->pending || grave->when + GRAVE_NS < when)
			continue;
		suspects_add(&suspects, grave);
		one_request &= suspects.grave->pending->request.call == grave->pending->request.call &&
			       suspects.grave->pending->request.flags == grave->pending->request.flags;
	}
	creation_from_suspects(f, &c, &suspects);
	c.creator = 0; /* nothing speaks for the one but that there is no other */
	if (suspects.count && one_request)
		c.pending = suspects.grave->pending;
	if (c.pending && c.pending->request.flags & FLAG_THREAD && !c.creator_tgid)
		c.pending = NULL; /* a thread of nobody knows whom: it would be said to be a process */
	creation_apply(f, &c, tid, false);
	note(f, NOTE_CREATOR_LOST, tid, 0, 0, when);
	if (suspects.count == 1)
		pending_drop(&suspects.grave->pending);
	lost_take(f, tid, &rest); /* the tid may be somebody else's by now */
}

/* Whether a task that lives began a creation before WHEN: its event, or its end, may yet name what died then. On a busy
 * machine it may be long before it runs again. */
static bool creating_since(const struct follow *f, uint64_t when)
{
	const struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group && t->pending && call_is_creation(t->pending->request.call) && t->pending->when <= when)
			return true;
	}
	return false;
}

/* Whether nothing better can be expected for LOST than what is known now. */
static bool lost_is_ripe(struct follow *f, const struct lost *lost)
{
	return lost->idles > IDLES_MAX || (grave_any(f) && !creating_since(f, lost->stop.when));
}

static void lost_resolve(struct follow *f, bool final, uint64_t when)
{
	struct lost *lost = f->lost;

	while (lost) {
		if (final || lost_is_ripe(f, lost)) {
			lost_tell(f, lost->stop.tid, when);
			lost = f->lost;
		} else {
			lost = lost->next;
		}
	}
}

static void on_unknown(struct follow *f, const struct stop *stop)
{
	struct tracee *t;

	if (lost_find(f, stop->tid)) /* its tid is in use again */
		lost_tell(f, stop->tid, stop->when);
	if (!WIFSTOPPED(stop->status)) {
		struct lost *lost = mem_zalloc(1, sizeof(*lost));

		lost->stop = *stop;
		lost->next = f->lost;
		f->lost = lost;
		return;
	}
	t = tracee_add(f, stop->tid, NULL);
	t->first = stop->status;
	tracee_hold(f, t);
	if (grave_any(f))
		held_resolve(f, t, false, stop->when);
}

/* Ends */

/* The children of a process that has ended have another parent now: the kernel says which. */
static void on_orphans(struct follow *f, struct group *g, uint64_t when)
{
	struct group *child;

	while ((child = g->children)) {
		struct stop look = { .tid = child->tgid, .when = when };
		struct event *e;

		group_unlink(child);
		f->ops->gather(f->data, &look, STOP_IDS);
		if (!(look.have & STOP_IDS) || !look.ids.ppid || look.ids.ppid == child->ppid)
			continue;
		e = event_start(f, EVENT_REPARENT, child->tgid, when);
		e->reparent.from = child->ppid;
		e->reparent.to = look.ids.ppid;
		child->ppid = look.ids.ppid;
		group_link(child, group_find(f, child->ppid));
		event_emit(f);
	}
}

static unsigned count_stopped(const struct follow *f)
{
	const struct group *g, *next;
	unsigned stopped = 0;

	HASH_ITER (hh, f->groups, g, next)
		stopped += g->stopped != 0;
	return stopped;
}

static void on_group_end(struct follow *f, struct group *g, uint64_t when)
{
	bool launched = g->launched;

	if (g->parent)
		g->parent->bereft = true;
	on_orphans(f, g, when);
	group_remove(f, g);
	if (launched && f->tracees && !f->outlived_told) {
		f->outlived_told = true;
		note(f, NOTE_OUTLIVED, 0, HASH_COUNT(f->tracees), count_stopped(f), when);
	}
}

static void on_death(struct follow *f, struct tracee *t, const struct stop *stop)
{
	struct event *e = event_start(f, EVENT_EXIT, t->tid, stop->when);
	struct group *g = t->group;
	bool creating = t->pending && call_is_creation(t->pending->request.call);

	e->exit.status = stop->status;
	if (t->alone && t->tid != g->tgid) {
		/* wait() tells the status of the group where that ends meanwhile (kernel/exit.c: wait_task_zombie()).
		 */
		e->exit.status = t->own_status;
		e->have |= EVENT_HAVE_LEADER;
	} else if (g->ending || (WIFSIGNALED(stop->status) && WTERMSIG(stop->status) != SIGSYS) || g->live == 1) {
		e->have |= EVENT_HAVE_LEADER;
		e->exit.with_group = true;
	}
	event_emit(f);
	g->taken += t->taken;
	grave_dig(f, t, stop->when);
	tracee_leave_group(t);
	tracee_remove(f, t);
	if (!g->live)
		on_group_end(f, g, stop->when);
	if (f->held && (creating || f->config.mode == EVENT_MODE_EVENTS))
		held_resolve_all(f, false, stop->when);
}

/* T dies within a creation call, or on its way out of it. The result register says whether a task was made whose event
 * was lost to the SIGKILL: the child's tid as T sees it, or still -ENOSYS, or the error. */
static void on_exit_in_creation(struct follow *f, struct tracee *t, const struct stop *stop)
{
	struct creation c = {
		.creator = t->tid, .creator_tgid = t->group->tgid, .group = t->group, .when = stop->when
	};
	bool entered = t->pending;
	pid_t child = stop->call.value > 0 ? (pid_t)stop->call.value : 0;

	if (!entered && !child)
		return; /* no, or a newborn whose registers are its creator's */
	if (!entered)
		t->pending = pending_of_caller(stop);
	if (!stop->call.value || !t->pending || creation_foreign(&c) || (t->pending->request.flags & FLAG_NEWPID))
		return; /* not known, or a number of another pid namespace: the grave may explain the child */
	/* Without an entry stop the call may be one that was told long ago, or one whose child we cannot see. */
	if (child && (entered || (child != t->announced && !(t->pending->request.flags & FLAG_UNTRACED)))) {
		c.pending = t->pending;
		c.duration = entered && f->config.duration;
		creation_apply(f, &c, child, t->exit_stop);
	}
	pending_drop(&t->pending);
}

/* T ends by CALL, if that is exit(2) or exit_group(2). Whom exit_group() takes along is known only where every task
 * stops at its exit: a thread that has been joined may not have been waited for yet. */
static void on_exit_call(struct follow *f, struct tracee *t, enum call call, const struct stop *stop)
{
	struct group *g = t->group;
	enum event_kind kind;

	if (call == CALL_EXIT_GROUP && !g->ending_told && f->config.signals)
		kind = EVENT_GROUP_EXIT;
	else if (call == CALL_EXIT && t->tid == g->tgid)
		kind = EVENT_LEADER_EXIT;
	else
		kind = EVENT_KIND_COUNT;
	g->ending |= call == CALL_EXIT_GROUP && f->config.signals;
	t->taken = call != CALL_EXIT && call != CALL_EXIT_GROUP;
	g->ending_told |= kind == EVENT_GROUP_EXIT;
	if (kind != EVENT_KIND_COUNT && g->live + g->taken > (kind == EVENT_GROUP_EXIT ? g->leaving + 1 : 1)) {
		struct event *e = event_start(f, kind, t->tid, stop->when);

		e->exit.status = (int)stop->message;
		e->exit.tasks = kind == EVENT_GROUP_EXIT ? g->live + g->taken - g->leaving : 0;
		event_emit(f);
	}
	if (call == CALL_EXIT && !t->alone) {
		t->alone = true;
		t->own_status = (int)stop->message;
		g->leaving++;
	}
}

/* Whether the end of T by CALL, or by a signal, is that of its process. */
static bool ends_group(const struct tracee *t, enum call call, const struct stop *stop)
{
	const struct group *g = t->group;
	const int status = (int)stop->message;

	if (!(stop->have & STOP_MESSAGE))
		return false;
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGSYS)
		return true;
	return g->ending || call == CALL_EXIT_GROUP || g->live == 1 || g->live == g->leaving;
}

/* PTRACE_EVENT_EXIT, asked for on tasks that make others. exit(2), unlike exit_group(2), ends the leader alone; it
 * then stays as a zombie, and wait() tells of it only after the last thread (kernel/exit.c: delay_group_leader()). */
static void on_exit_stop(struct follow *f, struct tracee *t, struct stop *stop)
{
	enum call call = CALL_NONE;

	f->ops->gather(f->data, stop, STOP_MESSAGE | STOP_CALL);
	if (stop->have & STOP_CALL) {
		const struct abi *abi = abi_find(stop->call.audit_arch, stop->call.nr);

		call = abi ? abi_call(abi, stop->call.nr) : CALL_NONE;
	}
	if (call_is_creation(call) && (!t->pending || t->pending->request.call == call))
		on_exit_in_creation(f, t, stop);
	if (stop->have & STOP_MESSAGE && WIFEXITED((int)stop->message))
		on_exit_call(f, t, call, stop);
	if (ends_group(t, call, stop))
		on_last_look(f, t->group, t->tid, stop->when);
	resume_plain(f, t, 0, stop);
}

/* The tid that the caller of exec had, who is in G now under the leader's: the event's message. When it was killed
 * since, there is none: but at this stop all other threads have been waited for, so another one that is left is the
 * caller. */
static pid_t exec_former(struct follow *f, const struct group *g, struct stop *stop)
{
	struct tracee *t, *next;

	if (stop->have & STOP_MESSAGE)
		return (pid_t)stop->message;
	f->ops->gather(f->data, stop, STOP_MESSAGE);
	if (!message_tid(stop)) {
		stop->message = (uint64_t)stop->tid;
		HASH_ITER (hh, f->tracees, t, next) {
			if (t->group == g && t->tid != stop->tid)
				stop->message = (uint64_t)t->tid;
		}
		stop->have |= STOP_MESSAGE;
	}
	return (pid_t)stop->message;
}

/* exec. By a thread that is not the leader: the others have died, and the caller has taken the leader's tid; the
 * leader's own end is never reported (fs/exec.c: de_thread()). */
static void on_exec(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT };
	struct group *g = t->group;
	struct tracee *caller;
	struct event *e;
	pid_t former;
	bool leave = f->config.detach_on_exec && (g->exec || !g->launched);
	struct check_masks said;

	former = exec_former(f, g, stop);
	f->ops->gather(f->data, stop, STOP_COMMAND | STOP_USER);
	caller = tracee_find(f, former);
	if (caller && caller != t && caller->group == g) {
		grave_dig(f, t, stop->when);
		grave_at(f, 0)->tid = 0; /* that is the caller's now */
		tracee_leave_group(t);
		tracee_remove(f, t);
		HASH_DEL(f->tracees, caller);
		caller->tid = stop->tid;
		HASH_ADD_INT(f->tracees, tid, caller);
		t = caller;
	}
	pending_drop(&t->pending);
	g->ending = g->ending_told = false;
	g->taken = 0;
	g->exec = f->seq + 1;
	e = event_start(f, EVENT_EXEC, stop->tid, stop->when);
	e->exec.former = former;
	if (stop->have & STOP_COMMAND) {
		e->have |= EVENT_HAVE_COMMAND;
		e->exec.command = stop->command;
	}
	if (stop->have & STOP_USER) {
		e->have |= EVENT_HAVE_UID;
		e->exec.uid = stop->user;
	}
	event_emit(f);
	if ((stop->have & STOP_COMMAND) && stop->set_id.ignored)
		note(f, NOTE_SET_ID, stop->tid, stop->set_id.file_id, stop->set_id.actual_id, stop->when);
	check_expect_exec(&said);
	verify_beside(f, t, g->parent, &said, stop->when);
	if (f->held)
		held_resolve_all(f, false, stop->when);
	if (g->children || g->bereft)
		order_exit_stop(t, &order); /* for on_last_look() */
	else
		order_no_exit_stop(f, t, &order); /* alone again */
	if (leave)
		detach(f, t, &order, stop->when);
	else
		resume(f, t, &order, stop);
}

/* Calls */

static bool call_is_followed(const struct pending *p)
{
	switch (p->request.call) {
	case CALL_CLONE:
	case CALL_CLONE3:
	case CALL_FORK:
	case CALL_VFORK:
	case CALL_UNSHARE:
	case CALL_SETNS:
	case CALL_SETSID:
	case CALL_SETPGID:
		return true;
	case CALL_PRCTL:
		return (int)p->request.args[0] == PR_SET_CHILD_SUBREAPER_NR;
	case CALL_CLOSE_RANGE:
		return p->request.args[2] & REQUEST_CLOSE_UNSHARE;
	case CALL_NONE:
	case CALL_EXIT:
	case CALL_EXIT_GROUP:
	case CALL_COUNT:
		break;
	}
	return false;
}

static void on_call_entry(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_SYSCALL };

	pending_drop(&t->pending);
	if (stop->have & STOP_CALL)
		t->pending = pending_of_caller(stop);
	if (t->pending && !call_is_followed(t->pending))
		pending_drop(&t->pending);
	if (!t->pending) {
		resume_plain(f, t, 0, stop);
		return;
	}
	if ((t->pending->request.call == CALL_CLONE || t->pending->request.call == CALL_CLONE3) &&
	    (t->pending->request.flags & FLAG_UNTRACED) && !f->detaching) {
		t->pending->untraced = true;
		order_set_flags(&order, t->pending, false);
	}
	if (call_is_creation(t->pending->request.call))
		order_exit_stop(t, &order);
	resume(f, t, &order, stop);
}

/* Has looked at what a refusal of P can have run into, as long as that is so. */
static const struct facts *gather_facts(struct follow *f, struct stop *stop, const struct request *request)
{
	if (stop->result >= 0)
		return NULL;
	stop->wanted = (struct stop_wanted){
		.facts = rules_facts(request, (int)-stop->result),
		.namespaces = request_namespaces(request),
		.descriptor = request->call == CALL_SETNS ? (int)request->args[0] : -1,
	};
	if (stop->wanted.facts)
		f->ops->gather(f->data, stop, STOP_FACTS);
	return stop->have & STOP_FACTS ? stop->facts : NULL;
}

static void on_call_done(struct follow *f, struct tracee *t, struct stop *stop, const struct pending *p)
{
	const struct facts *facts = gather_facts(f, stop, &p->request);
	struct event *e = event_start(f, EVENT_CALL, t->tid, stop->when);
	struct check_masks said;

	if (call_is_creation(p->request.call) && stop->result < 0) {
		e->kind = EVENT_REFUSED;
		e->refused.request = p->request;
		e->refused.error = (int)-stop->result;
		e->refused.facts = facts;
		e->refused.duration = stop->when - p->when;
	} else if (call_is_creation(p->request.call)) {
		return; /* a success whose event came before, or a task that we cannot follow */
	} else {
		e->call.request = p->request;
		e->call.result = stop->result;
		e->call.facts = facts;
		e->call.duration = stop->when - p->when;
		if (stop->result >= 0 && ((p->request.flags & FLAG_NEWPID) ||
					  (p->request.call == CALL_SETNS && (int)p->request.args[1] == 0)))
			t->group->foreign_ids = true;
	}
	if (f->config.duration)
		e->have |= EVENT_HAVE_DURATION;
	if (facts)
		e->have |= EVENT_HAVE_FACTS;
	event_emit(f);
	if ((p->request.call == CALL_UNSHARE || p->request.call == CALL_CLOSE_RANGE) && stop->result >= 0) {
		check_expect(&p->request, &said);
		verify_beside(f, t, t->group, &said, stop->when);
	}
}

static void on_call_exit(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT };
	bool restart = stop->result <= -ERESTART_FIRST && stop->result >= -ERESTART_LAST;

	if (t->pending && !restart)
		on_call_done(f, t, stop, t->pending);
	if (t->pending && t->pending->untraced)
		order_set_flags(&order, t->pending, true);
	pending_drop(&t->pending);
	resume(f, t, &order, stop);
}

/* A stop of a filter that the program brought itself, for a tracer that is not there: the call fails with ENOSYS, as it
 * does without us (seccomp(2), SECCOMP_RET_TRACE). */
static void on_foreign_filter(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT, .change = ORDER_SKIP_CALL };
	struct pending *p = pending_of_caller(stop);

	stop->result = -ENOSYS;
	if (p && call_is_followed(p))
		on_call_done(f, t, stop, p);
	free(p);
	resume(f, t, &order, stop);
}

static void on_seccomp(struct follow *f, struct tracee *t, struct stop *stop)
{
	gather_call(f, stop);
	if ((stop->have & STOP_CALL) && stop->call.seccomp_data != f->config.seccomp_data)
		on_foreign_filter(f, t, stop);
	else
		on_call_entry(f, t, stop);
}

static void on_syscall_stop(struct follow *f, struct tracee *t, struct stop *stop)
{
	gather_call(f, stop);
	if (stop->have & STOP_CALL)
		on_call_entry(f, t, stop);
	else if ((stop->have & STOP_RESULT) && stop->result >= -ERRNO_MAX)
		on_call_exit(f, t, stop);
	else
		resume_plain(f, t, 0, stop);
}

/* Signals and group stops */

/* A pid namespace's init that faults: traced, it is immune even to this and faults for ever; untraced, the fault would
 * kill it (kernel/signal.c: force_sig_info_to_task()). So it is let go, for its program's sake. */
static bool signal_repeats(struct follow *f, struct tracee *t, int signo, const struct stop *stop)
{
	struct order order = { .signal = signo };
	bool fault = signo == SIGSEGV || signo == SIGBUS || signo == SIGILL || signo == SIGFPE || signo == SIGTRAP;

	if (!t->init || !fault)
		return false;
	t->repeats = t->repeated == signo ? t->repeats + 1 : 1;
	t->repeated = signo;
	if (t->repeats < REPEATS_MAX)
		return false;
	note(f, NOTE_SIGNAL_REPEATS, t->tid, signo, t->repeats, stop->when);
	detach(f, t, &order, stop->when);
	return true;
}

/* --signals: what is known of the signal that is about to be delivered. */
static void tell_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop)
{
	bool write = signal_write_error(signo);
	struct event *e;

	f->ops->gather(f->data, stop, STOP_SIGINFO | STOP_ACTION | STOP_IDS | (write ? STOP_CALL : 0));
	e = event_start(f, EVENT_SIGNAL, t->tid, stop->when);
	e->signal.signo = signo;
	if (stop->have & STOP_SIGINFO) {
		e->have |= EVENT_HAVE_SIGINFO;
		e->signal.code = stop->siginfo.code;
		e->signal.sender = stop->siginfo.sender;
		e->signal.value = stop->siginfo.value;
		e->signal.inside = stop->have & STOP_IDS ? stop->ids.depth > 1 : t->group->foreign_ids;
	}
	if (write && stop->have & STOP_CALL && stop->call.value < 0 && stop->call.value >= -ERRNO_MAX)
		e->signal.error = (int)-stop->call.value;
	if (stop->have & STOP_ACTION) {
		e->have |= EVENT_HAVE_ACTION;
		e->signal.caught = stop->action.caught;
		e->signal.ignored = stop->action.ignored;
	}
	event_emit(f);
}

static void on_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop)
{
	if (f->config.signals)
		tell_signal(f, t, signo, stop);
	if (!signal_repeats(f, t, signo, stop))
		resume_plain(f, t, signo, stop);
}

static void group_event(struct follow *f, struct tracee *t, enum event_kind kind, int signo, uint64_t when)
{
	struct event *e = event_start(f, kind, t->group->tgid, when);

	e->signal.signo = signo;
	t->group->stopped = kind == EVENT_GROUP_STOP ? signo : 0;
	event_emit(f);
}

/* A thread's part in a group stop. Reports come in any order and may be overtaken by SIGCONT: one of a thread that has
 * not yet told of the last stop belongs to that one, and only threads that told of a stop can tell of its end. */
static void on_group_stop(struct follow *f, struct tracee *t, int signo, uint64_t when)
{
	struct group *g = t->group;

	if (!g->stopped && t->stop == g->stops) {
		g->stops++;
		group_event(f, t, EVENT_GROUP_STOP, signo, when);
	}
	t->stop = g->stops;
}

/* PTRACE_EVENT_STOP: the first stop of a new task, a group stop, its end, or our own PTRACE_INTERRUPT. */
static void on_trap(struct follow *f, struct tracee *t, const struct stop *stop)
{
	int signo = WSTOPSIG(stop->status);
	bool group_stop = signo == SIGSTOP || signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU;
	struct order listen = { .how = ORDER_LISTEN };
	bool first = !t->seen;

	t->seen = true;
	if (group_stop)
		on_group_stop(f, t, signo, stop->when);
	else if (t->listening && t->group->stopped && t->stop == t->group->stops && !f->detaching)
		group_event(f, t, EVENT_GROUP_CONT, SIGCONT, stop->when);
	t->listening = group_stop;
	if (first)
		resume_first(f, t, group_stop ? ORDER_LISTEN : ORDER_CONT, stop);
	else if (group_stop)
		resume(f, t, &listen, stop);
	else
		resume_plain(f, t, 0, stop);
}

/* The stop that a held task came with: mostly PTRACE_EVENT_STOP, as of one that is not held; its end when it was killed
 * at once. */
static void on_first(struct follow *f, struct tracee *t, const struct stop *stop)
{
	if (stop_event(stop->status) == STOP_EVENT_STOP) {
		on_trap(f, t, stop);
		return;
	}
	t->seen = true;
	resume_first(f, t, ORDER_CONT, stop);
}

/* exec by a thread of a process whose leader had exited before we attached, or was let go: the thread has the leader's
 * tid now, which was no tracee. Adds it; NULL when that is not what has happened. */
static struct tracee *exec_leader(struct follow *f, struct stop *stop)
{
	struct group *g = group_find(f, stop->tid);
	struct tracee *t;

	if (!g)
		return NULL;
	t = tracee_find(f, exec_former(f, g, stop));
	if (!t || t->group != g)
		return NULL;
	t = tracee_add(f, stop->tid, g);
	t->seen = true;
	return t;
}

static void on_stopped(struct follow *f, struct tracee *t, struct stop *stop)
{
	int signo = WSTOPSIG(stop->status);

	switch (stop_event(stop->status)) {
	case STOP_EVENT_FORK:
	case STOP_EVENT_VFORK:
	case STOP_EVENT_CLONE:
		on_creation(f, t, stop);
		return;
	case STOP_EVENT_EXEC:
		on_exec(f, t, stop);
		return;
	case STOP_EVENT_EXIT:
		on_exit_stop(f, t, stop);
		return;
	case STOP_EVENT_SECCOMP:
		on_seccomp(f, t, stop);
		return;
	case STOP_EVENT_STOP:
		on_trap(f, t, stop);
		return;
	case 0:
		if (signo == (SIGTRAP | 0x80))
			on_syscall_stop(f, t, stop);
		else
			on_signal(f, t, signo, stop);
		return;
	default: /* VFORK_DONE, and whatever a newer kernel brings */
		resume_plain(f, t, 0, stop);
		return;
	}
}

/* Public */

struct follow *follow_new(const struct follow_config *config, const struct follow_ops *ops, void *data)
{
	struct follow *f = mem_zalloc(1, sizeof(*f));

	f->config = *config;
	f->ops = ops;
	f->data = data;
	return f;
}

void follow_free(struct follow *f)
{
	struct tracee *t, *next_t;
	struct group *g, *next_g;

	if (!f)
		return;
	HASH_ITER (hh, f->tracees, t, next_t)
		tracee_remove(f, t);
	HASH_ITER (hh, f->groups, g, next_g)
		group_remove(f, g);
	for (unsigned i = 0; i < GRAVES; i++)
		pending_drop(&f->graves[i].pending);
	while (f->lost) {
		struct lost *lost = f->lost;

		f->lost = lost->next;
		free(lost);
	}
	while (f->let_go)
		let_go_take(f, f->let_go->tid);
	free(f);
}

void follow_begin(struct follow *f, bool launched, uint32_t audit_arch, uint64_t when, uint64_t realtime)
{
	struct event *e = event_start(f, EVENT_BEGIN, 0, when);

	e->begin.realtime = realtime;
	e->begin.mode = f->config.mode;
	e->begin.launched = launched;
	e->begin.audit_arch = audit_arch;
	event_emit(f);
	if (f->config.clone3_hidden)
		note(f, NOTE_CLONE3_HIDDEN, 0, f->config.clone3_hidden, 0, when);
	if (f->config.duration && f->config.mode == EVENT_MODE_EVENTS)
		note(f, NOTE_NO_DURATION, 0, 0, 0, when);
	else if (f->config.duration && f->config.stop_cost)
		note(f, NOTE_STOP_COST, 0, (int64_t)f->config.stop_cost, (int64_t)f->config.stop_cost_most, when);
}

void follow_set_mode(struct follow *f, enum event_mode mode, int error, uint64_t when)
{
	f->config.mode = mode;
	note(f, NOTE_NO_FILTER, 0, error, 0, when);
	if (f->config.duration && mode == EVENT_MODE_EVENTS)
		note(f, NOTE_NO_DURATION, 0, 0, 0, when);
}

void follow_attach(struct follow *f, const struct follow_attached *a, uint64_t when)
{
	struct group *g = group_add(f, a->tgid, a->ppid);
	struct tracee *t;
	struct event *e;

	if (!a->zombie && !tracee_find(f, a->tid)) {
		t = tracee_add(f, a->tid, g);
		t->seen = true;
		t->exit_stop = a->exit_stop;
		t->init = a->nspid == 1;
	}
	g->launched |= a->launched;
	g->foreign_ids |= a->nspid != 0;
	e = event_start(f, EVENT_ATTACH, a->tid, when);
	e->attach.tgid = a->tgid;
	e->attach.ppid = a->ppid;
	e->attach.creator = a->creator;
	e->attach.inferred = a->inferred;
	e->attach.nlwp = a->nlwp;
	e->attach.launched = a->launched;
	e->attach.zombie = a->zombie;
	e->attach.nspid = a->nspid;
	e->attach.command = a->command;
	e->attach.uid = a->uid;
	e->have = (a->has_uid ? EVENT_HAVE_UID : 0) | (a->inferred ? EVENT_HAVE_INFERRED : 0) |
		  (a->nspid ? EVENT_HAVE_NSPID : 0) | (a->ppid ? EVENT_HAVE_PPID : 0) |
		  (a->command ? EVENT_HAVE_COMMAND : 0);
	event_emit(f);
}

/* A task that was let go is heard of again when PTRACE_DETACH came too late, because it was being killed, and its end
 * when it is a child of ours. False when STOP is of another task, which has its tid. */
static bool on_let_go(struct follow *f, const struct stop *stop)
{
	const struct order order = { .tid = stop->tid, .how = ORDER_DETACH };

	if (!let_go_take(f, stop->tid))
		return false;
	if (!WIFSTOPPED(stop->status))
		return true;
	if (!f->detaching || stop_event(stop->status) != STOP_EVENT_EXIT)
		return false;
	f->ops->order(f->data, &order);
	let_go_put(f, stop->tid);
	return true;
}

void follow_stop(struct follow *f, struct stop *stop)
{
	const struct order run_out = { .tid = stop->tid, .how = ORDER_CONT };
	struct tracee *t = tracee_find(f, stop->tid);

	if (!t && WIFSTOPPED(stop->status) && stop_event(stop->status) == STOP_EVENT_EXEC)
		t = exec_leader(f, stop);
	if (!t) {
		if (!on_let_go(f, stop))
			on_unknown(f, stop);
	} else if (!t->group) { /* held: only its end can come, by SIGKILL */
		if (!WIFSTOPPED(stop->status)) {
			tracee_remove(f, t);
			on_unknown(f, stop);
		} else if (stop_event(stop->status) == STOP_EVENT_EXIT) {
			t->first = 0;
			f->ops->order(f->data, &run_out); /* never DETACH: we want to hear of its end */
		} else {
			t->first = stop->status;
		}
	} else if (!WIFSTOPPED(stop->status)) {
		on_death(f, t, stop);
	} else {
		on_stopped(f, t, stop);
	}
}

bool follow_is_holding(const struct follow *f)
{
	return f->held || f->lost;
}

void follow_idle(struct follow *f, uint64_t when)
{
	struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (!t->group)
			t->idles++;
	}
	for (struct lost *lost = f->lost; lost; lost = lost->next)
		lost->idles++;
	held_resolve_all(f, false, when);
	lost_resolve(f, false, when);
}

void follow_detach(struct follow *f, uint64_t when)
{
	(void)when;
	/* A held task stays so: its creator is about to tell of it, and would announce it as one whose first stop is
	 * yet to come. */
	f->detaching = true;
}

void follow_leave(struct follow *f, uint64_t when)
{
	struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		struct group *g = t->group;

		if (g) {
			event_start(f, EVENT_DETACH, t->tid, when);
			event_emit(f);
			tracee_leave_group(t);
		}
		tracee_remove(f, t);
		if (g && !g->live)
			group_remove(f, g);
	}
}

size_t follow_count(const struct follow *f)
{
	return HASH_COUNT(f->tracees);
}

size_t follow_remembers(const struct follow *f)
{
	size_t count = HASH_COUNT(f->tracees) + HASH_COUNT(f->groups) + HASH_COUNT(f->let_go);

	for (const struct lost *lost = f->lost; lost; lost = lost->next)
		count++;
	return count;
}

size_t follow_count_processes(const struct follow *f)
{
	return HASH_COUNT(f->groups);
}

bool follow_knows(const struct follow *f, pid_t tid)
{
	return tracee_find(f, tid);
}

size_t follow_tids(const struct follow *f, pid_t **ret)
{
	struct tracee *t, *next;
	size_t n = 0;

	*ret = mem_zalloc(HASH_COUNT(f->tracees) + 1, sizeof(**ret));
	HASH_ITER (hh, f->tracees, t, next)
		(*ret)[n++] = t->tid;
	return n;
}

void follow_end(struct follow *f, int status, uint64_t when)
{
	struct event *e;

	held_resolve_all(f, true, when);
	lost_resolve(f, true, when);
	e = event_start(f, EVENT_END, 0, when);
	e->end.status = status;
	event_emit(f);
}
