/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many numbers in little memory: counted in ranges that grow with them, so that quantiles are known to 1.6 %. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

/* Numbers below 64 have a range each; each doubling from there on has 32 ranges, so that none is wider than 1/32 of
 * what it holds, and its middle no further than 1/64 from it. */
#define HISTOGRAM_STEPS 32
#define HISTOGRAM_RANGES (2 * HISTOGRAM_STEPS + 58 * HISTOGRAM_STEPS)

/* Zeroed: nothing is in it. */
struct histogram {
	uint64_t count;
	uint64_t least, most; /* exact, once there is something */
	uint64_t ranges[HISTOGRAM_RANGES];
};

void histogram_add(struct histogram *histogram, uint64_t number);

/* The smallest number of those added that PER_MILLE (1 to 1000) of all do not exceed: 500 is the median (of an even
 * number the lower middle one). Within 1/64 of it, exact below 64, where all are the same, and for the greatest of all.
 * 0 of an empty one. */
uint64_t histogram_quantile(const struct histogram *histogram, unsigned per_mille);

#endif
