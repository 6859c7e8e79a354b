/* SPDX-License-Identifier: MIT */
/* The counters, as the driver sees them. */
#ifndef SWITCH_STATS_H
#define SWITCH_STATS_H

#include <stdbool.h>

/* Answers with all counters, those of the queues as they are now. */
void stats_answer(bool realtime);

/* Sets all counters to zero, and says so. */
void stats_reset(void);

#endif
