/* SPDX-License-Identifier: MIT */
/* What is counted for the whole network; what a queue counts is in queue.h. */
#ifndef SWITCH_TOTALS_H
#define SWITCH_TOTALS_H

#include <stdint.h>

enum { LATENESS_BUCKETS = 10000 };	/* one microsecond each; the last one holds all that is later */

struct totals {
	uint64_t delivered;
	uint64_t unrouted;	/* no such destination, or not IP: neighbour discovery, multicast */
	uint64_t over_limit;	/* MAX_PACKETS in flight */
	uint64_t undeliverable;	/* the device refused it: host gone or interface down */
	uint64_t max_in_flight;
	uint64_t lateness_max_ns;
	uint64_t lateness[LATENESS_BUCKETS];
};

extern struct totals totals;

/* Lateness is by how much a delivery comes after the time the model has for it. */
void lateness_count(uint64_t late_ns);

/* The upper end of the bucket the quantile falls into, microseconds; 0 before the first delivery. */
double lateness_quantile_us(double quantile);

#endif
