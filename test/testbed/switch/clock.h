/* SPDX-License-Identifier: MIT */
/* Times are nanoseconds of CLOCK_MONOTONIC. */
#ifndef SWITCH_CLOCK_H
#define SWITCH_CLOCK_H

#include <stdint.h>
#include <time.h>

static const uint64_t NS_PER_SECOND = 1000000000;
static const uint64_t NS_PER_US = 1000;
static const uint64_t NEVER = UINT64_MAX;

static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

#endif
