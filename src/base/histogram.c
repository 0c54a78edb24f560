/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many numbers in little memory: counted in ranges that grow with them, so that quantiles are known to 1.6 %. */
#include "base/histogram.h"

#define STEPS_BITS 5 /* of HISTOGRAM_STEPS */

_Static_assert(1 << STEPS_BITS == HISTOGRAM_STEPS, "the steps are a power of two");

/* By how much the numbers of a range differ, as a power of two. */
static unsigned shift_of(uint64_t number)
{
	return number < 2 * HISTOGRAM_STEPS ? 0 : 63 - (unsigned)__builtin_clzll(number) - STEPS_BITS;
}

static unsigned range_of(uint64_t number)
{
	const unsigned shift = shift_of(number);

	return shift * HISTOGRAM_STEPS + (unsigned)(number >> shift);
}

/* The number in the middle of RANGE. */
static uint64_t middle_of(unsigned range)
{
	const unsigned shift = range < 2 * HISTOGRAM_STEPS ? 0 : range / HISTOGRAM_STEPS - 1;

	return ((uint64_t)(range - shift * HISTOGRAM_STEPS) << shift) + ((UINT64_C(1) << shift) >> 1);
}

void histogram_add(struct histogram *histogram, uint64_t number)
{
	if (!histogram->count || number < histogram->least)
		histogram->least = number;
	if (number > histogram->most)
		histogram->most = number;
	histogram->count++;
	histogram->ranges[range_of(number)]++;
}

uint64_t histogram_quantile(const struct histogram *histogram, unsigned per_mille)
{
	/* the rank, rounded up, without an overflow */
	const uint64_t rank = histogram->count / 1000 * per_mille + (histogram->count % 1000 * per_mille + 999) / 1000;
	unsigned range = 0;
	uint64_t middle;

	if (rank >= histogram->count)
		return histogram->most;
	for (uint64_t seen = histogram->ranges[0]; seen < rank; seen += histogram->ranges[range])
		range++;
	middle = middle_of(range);
	if (middle < histogram->least)
		return histogram->least;
	return middle > histogram->most ? histogram->most : middle;
}
