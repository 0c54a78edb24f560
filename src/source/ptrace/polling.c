/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to poll for the next stop before sleeping (see polling.h). */
#include "source/ptrace/polling.h"

/* How fast the averages change: a new value has the weight of one in so many. */
#define GAP_WEIGHT 16
#define RUNNING_WEIGHT 8

/* The machine is crowded if so many more tasks can run than there are processors, because threads of the kernel run now
 * and then, too. */
#define CROWD (POLLING_UNIT / 4)

void polling_init(struct polling *p, unsigned own, unsigned processors)
{
	*p = (struct polling){ .own = own, .processors = processors, .short_gaps = POLLING_ALL };
}

static void add_credit(struct polling *p, uint64_t ns)
{
	p->credit = p->credit + ns < POLLING_CREDIT_MAX ? p->credit + ns : POLLING_CREDIT_MAX;
}

static void add_share(struct polling *p, uint64_t now)
{
	const uint64_t earned = (now - p->credited) / POLLING_SHARE;

	add_credit(p, earned);
	p->credited += earned * POLLING_SHARE;
}

/* Whether polling may pay, whatever the number of tasks that can run and the credit are. */
static bool may_pay(const struct polling *p)
{
	return p->own > 1 && p->short_gaps >= POLLING_SHORT;
}

bool polling_wants_count(const struct polling *p, uint64_t now)
{
	return may_pay(p) && now - p->counted >= POLLING_COUNT_EVERY;
}

void polling_count(struct polling *p, unsigned running, uint64_t now)
{
	const int value = (int)(running * POLLING_UNIT), old = (int)p->running;

	p->counted = now;
	p->running = (unsigned)(old + (value - old) / RUNNING_WEIGHT);
}

static bool is_crowded(const struct polling *p)
{
	return p->running > p->processors * POLLING_UNIT + CROWD;
}

static enum polling_state decide(const struct polling *p)
{
	if (p->own == 1)
		return POLLING_ALONE;
	if (!may_pay(p))
		return POLLING_RARE;
	if (is_crowded(p))
		return POLLING_CROWDED;
	return p->credit < POLLING_NS ? POLLING_SPENT : POLLING_ON;
}

uint64_t polling_time(struct polling *p, uint64_t now)
{
	add_share(p, now);
	p->state = decide(p);
	return p->state == POLLING_ON ? POLLING_NS : 0;
}

const char *polling_name(enum polling_state state)
{
	static const char *const names[] = {
		[POLLING_UNDECIDED] = "undecided",
		[POLLING_ALONE] = "sleeping: there is one processor",
		[POLLING_RARE] = "sleeping: stops are rare",
		[POLLING_CROWDED] = "sleeping: more tasks can run than there are processors",
		[POLLING_SPENT] = "sleeping: polling found no stop too often",
		[POLLING_ON] = "polling",
	};

	return names[state];
}

void polling_pays(struct polling *p)
{
	p->found++;
	add_credit(p, POLLING_SAVES);
}

void polling_fails(struct polling *p, uint64_t ns)
{
	p->in_vain++;
	p->credit -= ns < p->credit ? ns : p->credit;
}

void polling_learn(struct polling *p, uint64_t ns)
{
	if (ns <= POLLING_NS)
		p->short_gaps += (POLLING_ALL - p->short_gaps + GAP_WEIGHT - 1) / GAP_WEIGHT;
	else
		p->short_gaps -= p->short_gaps / GAP_WEIGHT;
}
