/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many numbers in little memory: counted in ranges that grow with them, so that quantiles are known to 1.6 %. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

/* Numbers below 64 have a range each; each doubling from there on has 32 ranges, so no range is wider than 1/32 of the
 * numbers in it, and its middle is within 1/64 of each of them. */
#define HISTOGRAM_STEPS 32
#define HISTOGRAM_RANGES (2 * HISTOGRAM_STEPS + 58 * HISTOGRAM_STEPS)

/* Zeroed: nothing is in it. */
struct histogram {
	uint64_t count;
	uint64_t least, most; /* exact, if the histogram is not empty */
	uint64_t ranges[HISTOGRAM_RANGES];
};

void histogram_add(struct histogram *histogram, uint64_t number);

/* The smallest added number that PER_MILLE (1 to 1000) of all numbers do not exceed: 500 is the median (the lower one,
 * if two numbers are in the middle). The result is within 1/64 of it. It is exact below 64, if all numbers are the
 * same, and for the greatest number. 0 if the histogram is empty. */
uint64_t histogram_quantile(const struct histogram *histogram, unsigned per_mille);

#endif
