// SPDX-License-Identifier: MIT
#include "clock.h"
#include "totals.h"

struct totals totals;

void lateness_count(uint64_t late_ns)
{
	uint64_t bucket = late_ns / NS_PER_US;

	if (bucket >= LATENESS_BUCKETS)
		bucket = LATENESS_BUCKETS - 1;
	totals.lateness[bucket]++;
	if (late_ns > totals.lateness_max_ns)
		totals.lateness_max_ns = late_ns;
}

double lateness_quantile_us(double quantile)
{
	uint64_t total = 0, seen = 0;
	uint32_t bucket;

	for (bucket = 0; bucket < LATENESS_BUCKETS; bucket++)
		total += totals.lateness[bucket];
	if (total == 0)
		return 0;
	for (bucket = 0; bucket < LATENESS_BUCKETS; bucket++) {
		seen += totals.lateness[bucket];
		if ((double)seen >= quantile * (double)total)
			break;
	}
	return bucket + 1;
}
