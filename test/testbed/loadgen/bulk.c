// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "deadline.h"
#include "modes.h"
#include "request.h"
#include "transfer.h"
#include "watch.h"

int run_bulk(const struct options *options)
{
	struct transfer transfer;
	struct epoll_event event;
	const char *error = transfer_start(&transfer, 0, options);
	double took_seconds;

	while (error == NULL && !out_of_time()) {
		if (watch_wait(&event, 1, deadline_us()) <= 0)
			continue;
		if (transfer_continue(&transfer, ENDLESS_BYTES, CLOSE_AFTER) != 0)
			error = strerrorname_np(errno);
	}
	took_seconds = (double)(now_us() - transfer.start_us) / (double)US_PER_SECOND;
	printf("{\"bytes\":%llu,\"seconds\":%.3f,\"gigabitsPerSecond\":%.4f,\"error\":%s%s%s}\n",
	       (unsigned long long)transfer.got_bytes, took_seconds,
	       (double)transfer.got_bytes * 8 / took_seconds / 1e9, error == NULL ? "" : "\"",
	       error == NULL ? "null" : error, error == NULL ? "" : "\"");
	return error == NULL ? 0 : 1;
}
