/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to poll for the next stop before sleeping (see polling.h). */
#include "source/ptrace/polling.h"

/* How fast the averages follow: a new value weighs one in so many. */
#define GAP_WEIGHT 4
#define RUNNING_WEIGHT 8

void polling_init(struct polling *p, unsigned own, unsigned processors)
{
	*p = (struct polling){ .own = own, .processors = processors };
}

static void add_credit(struct polling *p, uint64_t now)
{
	const uint64_t earned = (now - p->credited) / POLLING_SHARE;

	if (!earned)
		return;
	p->credit = p->credit + earned < POLLING_CREDIT_MAX ? p->credit + earned : POLLING_CREDIT_MAX;
	p->credited = now;
}

/* All but the tasks that can run. */
static bool may_pay(const struct polling *p)
{
	return p->own > 1 && p->gap < POLLING_GAP;
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
	return p->running > p->processors * POLLING_UNIT + POLLING_UNIT / 2;
}

static enum polling_state decide(const struct polling *p)
{
	if (p->own == 1)
		return POLLING_ALONE;
	if (!may_pay(p))
		return POLLING_RARE;
	if (is_crowded(p))
		return POLLING_CROWDED;
	return p->credit < POLLING_LEAST ? POLLING_SPENT : POLLING_ON;
}

uint64_t polling_time(struct polling *p, uint64_t now)
{
	add_credit(p, now);
	p->state = decide(p);
	if (p->state != POLLING_ON)
		return 0;
	return p->credit < POLLING_NS ? p->credit : POLLING_NS;
}

const char *polling_name(enum polling_state state)
{
	static const char *const names[] = {
		[POLLING_UNDECIDED] = "undecided",
		[POLLING_ALONE] = "sleeping: there is one processor",
		[POLLING_RARE] = "sleeping: stops are rare",
		[POLLING_CROWDED] = "sleeping: all processors are busy",
		[POLLING_SPENT] = "sleeping: polling was in vain too often",
		[POLLING_ON] = "polling",
	};

	return names[state];
}

void polling_learn(struct polling *p, uint64_t begin, uint64_t end, bool found)
{
	const uint64_t gap = end - begin < POLLING_GAP_MAX ? end - begin : POLLING_GAP_MAX;

	if (found)
		p->gap = p->gap - p->gap / GAP_WEIGHT + gap / GAP_WEIGHT;
	else
		p->credit -= end - begin < p->credit ? end - begin : p->credit;
}
