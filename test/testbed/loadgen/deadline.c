// SPDX-License-Identifier: MIT
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "deadline.h"

static volatile sig_atomic_t stopped;
static uint64_t end_us;

static void on_stop_signal(int signal);

void deadline_start(uint64_t seconds)
{
	struct sigaction action = { .sa_handler = on_stop_signal };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	end_us = now_us() + seconds * US_PER_SECOND;
}

uint64_t deadline_us(void)
{
	return end_us;
}

uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_SECOND + (uint64_t)now.tv_nsec / 1000;
}

bool is_stopped(void)
{
	return stopped;
}

bool out_of_time(void)
{
	return stopped || now_us() >= end_us;
}

int wait_ms_until(uint64_t until_us)
{
	uint64_t at_us = now_us();
	uint64_t left_ms = until_us > at_us ? (until_us - at_us + 999) / 1000 : 0;

	return left_ms < MAX_WAIT_MS ? (int)left_ms : MAX_WAIT_MS;
}

void pause_ms(uint64_t length_ms)
{
	pause_until(now_us() + length_ms * 1000);
}

void pause_until(uint64_t until_us)
{
	while (!out_of_time() && now_us() < until_us) {
		uint64_t left_us = until_us - now_us();

		usleep((useconds_t)(left_us < MAX_WAIT_MS * 1000 ? left_us : MAX_WAIT_MS * 1000));
	}
}

static void on_stop_signal(int signal)
{
	(void)signal;
	stopped = 1;
}
