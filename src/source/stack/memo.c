/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memos of one layout, in a list: the memo that was used last is the first one. */
#include "source/stack/memo.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define GAP_MAX 2048 /* gaps of at most so many bytes between two answers are read with them */

struct memo {
	struct memo *next;
	struct memo_registers registers;
	struct code_log log; /* by address */
	struct stack stack;
};

struct memos {
	struct memo *first;
	unsigned count;
	unsigned age; /* code_age() of the strings */
};

static void memo_free(struct memo *memo)
{
	free(memo->log.answers);
	free((struct frame *)memo->stack.frames);
	free(memo);
}

static void forget_all(struct memos *memos)
{
	while (memos->first) {
		struct memo *memo = memos->first;

		memos->first = memo->next;
		memo_free(memo);
	}
	memos->count = 0;
}

void memos_free(struct memos *memos)
{
	if (!memos)
		return;
	forget_all(memos);
	free(memos);
}

static bool has_registers(const struct memo *memo, const uint64_t *values)
{
	for (uint64_t left = memo->registers.read; left; left &= left - 1) {
		const int i = __builtin_ctzll(left);

		if (memo->registers.values[i] != values[i])
			return false;
	}
	return true;
}

/* The heads of the files in which LOG looked for code. */
static size_t head_ranges(const struct code_log *log, struct code_range *ret, size_t count)
{
	size_t used = 0;

	for (size_t i = 0; i < log->mapping_count; i++) {
		bool known = !log->bases[i];

		for (size_t j = 0; j < used && !known; j++)
			known = ret[j].address == log->bases[i];
		if (!known && used < count)
			ret[used++] = (struct code_range){ log->bases[i], CODE_HEAD };
	}
	return used;
}

/* The memory of LOG's answers, and the gaps between answers that are near each other. */
static size_t answer_ranges(const struct code_log *log, struct code_range *ret, size_t count)
{
	size_t used = 0;

	for (size_t i = 0; i < log->count; i++) {
		const struct code_answer *answer = &log->answers[i];
		const uint64_t end = answer->address + answer->length;
		struct code_range *last = used ? &ret[used - 1] : NULL;

		if (last && answer->address - last->address <= last->length + GAP_MAX) {
			if (end - last->address > last->length)
				last->length = (size_t)(end - last->address);
		} else if (used == count) {
			break;
		} else {
			ret[used++] = (struct code_range){ answer->address, answer->length };
		}
	}
	return used;
}

/* The first memo that fits decides what to read. If several places have the same registers, their answers are near each
 * other, too, or are read one by one. */
size_t memos_ranges(const struct memos *memos, const uint64_t *values, struct code_range *ret, size_t count)
{
	const struct memo *memo = memos ? memos->first : NULL;
	size_t used;

	while (memo && !has_registers(memo, values))
		memo = memo->next;
	if (!memo)
		return 0;
	used = head_ranges(&memo->log, ret, count);
	return used + answer_ranges(&memo->log, ret + used, count - used);
}

const struct stack *memos_find(struct memos *memos, struct code *code, const uint64_t *values)
{
	const struct layout *layout = code_layout(code);
	struct memo **at;

	if (!memos)
		return NULL;
	if (memos->age != code_age(code)) {
		forget_all(memos);
		memos->age = code_age(code);
	}
	for (at = &memos->first; *at; at = &(*at)->next) {
		struct memo *memo = *at;

		if (!has_registers(memo, values))
			continue;
		if (code_repeats(code, &memo->log)) {
			*at = memo->next;
			memo->next = memos->first;
			memos->first = memo;
			return &memo->stack;
		}
		if (code_layout(code) != layout)
			return NULL; /* MEMOS may have been freed with their layout */
	}
	return NULL;
}

static void forget_last(struct memos *memos)
{
	struct memo **at = &memos->first;

	while ((*at)->next)
		at = &(*at)->next;
	memo_free(*at);
	*at = NULL;
	memos->count--;
}

static int compare_answers(const void *a, const void *b)
{
	const struct code_answer *left = a, *right = b;

	return (left->address > right->address) - (left->address < right->address);
}

/* A copy of LOG, in the order of addresses, with each answer once. */
static struct code_log copy_log(const struct code_log *log)
{
	struct code_log copy = *log;
	size_t kept = 0;

	copy.answers = mem_alloc(log->count * sizeof(*copy.answers) + 1);
	if (log->count)
		memcpy(copy.answers, log->answers, log->count * sizeof(*copy.answers));
	qsort(copy.answers, log->count, sizeof(*copy.answers), compare_answers);
	for (size_t i = 0; i < log->count; i++) {
		if (!kept || memcmp(&copy.answers[kept - 1], &copy.answers[i], sizeof(*copy.answers)) != 0)
			copy.answers[kept++] = copy.answers[i];
	}
	copy.count = copy.size = kept;
	copy.answers = mem_resize(copy.answers, kept + 1, sizeof(*copy.answers));
	return copy;
}

void memos_put(struct memos **memos, const struct code *code, const struct memo_registers *registers,
	       const struct code_log *log, const struct stack *stack)
{
	struct frame *frames;
	struct memo *memo;

	if (log->incomplete)
		return;
	if (!*memos) {
		*memos = mem_zalloc(1, sizeof(**memos));
		(*memos)->age = code_age(code);
	}
	if ((*memos)->count == MEMO_STACKS)
		forget_last(*memos);
	memo = mem_zalloc(1, sizeof(*memo));
	frames = mem_alloc(stack->count * sizeof(*frames) + 1);
	if (stack->count)
		memcpy(frames, stack->frames, stack->count * sizeof(*frames));
	memo->registers = *registers;
	memo->log = copy_log(log);
	memo->stack = *stack;
	memo->stack.frames = frames;
	memo->next = (*memos)->first;
	(*memos)->first = memo;
	(*memos)->count++;
}
