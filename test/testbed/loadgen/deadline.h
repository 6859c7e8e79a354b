/* SPDX-License-Identifier: MIT */
/* The time, and when to stop: at the deadline, or on SIGTERM and SIGINT. Times are microseconds of CLOCK_MONOTONIC. */
#ifndef LOADGEN_DEADLINE_H
#define LOADGEN_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

static const uint64_t US_PER_SECOND = 1000000;

enum { MAX_WAIT_MS = 100 };	/* how long a signal that arrives just before a wait can go unseen */

void deadline_start(uint64_t seconds);
uint64_t deadline_us(void);

uint64_t now_us(void);

/* Whether a signal has asked to stop. */
bool is_stopped(void);

/* Whether a signal has asked to stop, or the deadline has passed. */
bool out_of_time(void);

/* For one wait, MAX_WAIT_MS at most. */
int wait_ms_until(uint64_t until_us);

/* Does nothing for this long, or until out of time. */
void pause_ms(uint64_t length_ms);

/* Likewise until this moment, which may have passed. */
void pause_until(uint64_t until_us);

#endif
