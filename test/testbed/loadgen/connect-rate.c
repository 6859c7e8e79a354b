// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "deadline.h"
#include "fail.h"
#include "modes.h"
#include "request.h"
#include "transfer.h"
#include "watch.h"

static struct transfer transfers[MAX_AT_ONCE];

static void start_one(uint32_t number, const struct options *options);

int run_connect_rate(const struct options *options)
{
	struct epoll_event events[MAX_EVENTS];
	uint64_t start_us = now_us(), good_count = 0, error_count = 0;
	uint32_t started;
	double took_seconds;

	for (started = 0; started < options->at_once; started++)
		start_one(started, options);
	while (!out_of_time()) {
		int count = watch_wait(events, MAX_EVENTS, deadline_us());
		int index;

		for (index = 0; index < count; index++) {
			uint32_t number = events[index].data.u32;
			int state = transfer_continue(&transfers[number], 1, CLOSE_AFTER);

			if (state == 0)
				continue;
			/* By a reset, so that connecting at full speed does not run out of ports. */
			transfer_end(&transfers[number], NULL, true);
			if (state > 0)
				good_count++;
			else
				error_count++;
			start_one(number, options);
		}
	}
	took_seconds = (double)(now_us() - start_us) / (double)US_PER_SECOND;
	printf("{\"connections\":%llu,\"errors\":%llu,\"seconds\":%.3f,\"connectionsPerSecond\":%.1f}\n",
	       (unsigned long long)good_count, (unsigned long long)error_count, took_seconds,
	       (double)good_count / took_seconds);
	return error_count > 0 ? 1 : 0;
}

static void start_one(uint32_t number, const struct options *options)
{
	if (transfer_start(&transfers[number], number, options) != NULL)
		fail("connect");
}
