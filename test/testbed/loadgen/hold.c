// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "deadline.h"
#include "modes.h"
#include "results.h"
#include "transfer.h"
#include "watch.h"

static int hold_one(struct transfer *transfer, const struct options *options);

int run_hold(const struct options *options)
{
	struct transfer transfer;
	const char *error = transfer_start(&transfer, 0, options);

	while (error == NULL && results_good() < MAX_TRANSFERS) {
		int state = hold_one(&transfer, options);

		if (state < 0)
			error = strerrorname_np(errno);
		if (state <= 0)
			break;
		transfer.took_us = now_us() - transfer.start_us;
		result_record(&transfer, options->compact);
		fflush(stdout);
		pause_ms(options->gap_ms);
		if (out_of_time())
			break;
		transfer_repeat(&transfer);
	}
	transfer_end(&transfer, error, false);
	if (error != NULL)
		result_record(&transfer, options->compact);
	return results_summarize();
}

/* Waits until the one transfer is complete. Same results as transfer_continue(), 0 when it is time to stop. */
static int hold_one(struct transfer *transfer, const struct options *options)
{
	uint64_t limit_us = transfer->start_us + options->transfer_limit_ms * 1000;
	struct epoll_event event;

	while (!out_of_time()) {
		int state = 0;

		if (watch_wait(&event, 1, limit_us) > 0)
			state = transfer_continue(transfer, options->bytes, 0);
		if (state != 0)
			return state;
		if (now_us() >= limit_us) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return 0;
}
