// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "deadline.h"
#include "modes.h"
#include "request.h"
#include "results.h"
#include "transfer.h"
#include "watch.h"

static struct transfer transfers[MAX_AT_ONCE];

static void run_round(const struct options *options);
static uint64_t expire(const struct options *options);

int run_connect(const struct options *options)
{
	uint64_t round, index, began_us = 0;
	struct options then = *options;

	if (options->then_bytes > 0)
		then.bytes = options->then_bytes;
	for (round = 0; round < options->rounds && !out_of_time(); round++) {
		if (round > 0) {
			pause_ms(options->gap_ms);
			pause_until(began_us + options->every_ms * 1000);
		}
		if (out_of_time())
			break;
		began_us = now_us();
		run_round(round % 2 == 0 ? options : &then);
		for (index = 0; index < options->at_once; index++)
			result_record(&transfers[index], options->compact);
		fflush(stdout);
	}
	return results_summarize();
}

static void run_round(const struct options *options)
{
	struct epoll_event events[MAX_EVENTS];
	uint64_t next_expiry_us = 0;
	uint64_t open = options->at_once;
	uint32_t started;

	for (started = 0; started < options->at_once; started++) {
		const char *error = transfer_start(&transfers[started], started, options);

		if (error != NULL) {
			transfer_end(&transfers[started], error, false);
			open--;
		}
	}
	while (open > 0) {
		int count, index;

		if (is_stopped() || now_us() >= next_expiry_us) {
			open = expire(options);
			next_expiry_us = now_us() + MAX_WAIT_MS * 1000;
			continue;
		}
		count = watch_wait(events, MAX_EVENTS, next_expiry_us);
		for (index = 0; index < count; index++) {
			struct transfer *transfer = &transfers[events[index].data.u32];
			int state = transfer_continue(transfer, options->bytes, CLOSE_AFTER);

			if (state == 0)
				continue;
			transfer_end(transfer, state < 0 ? strerrorname_np(errno) : NULL, false);
			open--;
		}
	}
}

/* Ends what has run into a limit. Returns how many are still open. */
static uint64_t expire(const struct options *options)
{
	uint64_t at_us = now_us();
	uint64_t open = 0, index;

	for (index = 0; index < options->at_once; index++) {
		struct transfer *transfer = &transfers[index];

		if (transfer->fd < 0)
			continue;
		if (is_stopped() || at_us >= deadline_us())
			transfer_end(transfer, "DEADLINE", true);
		else if (at_us - transfer->start_us >= options->transfer_limit_ms * 1000)
			transfer_end(transfer, "TIMEOUT", true);
		else
			open++;
	}
	return open;
}
