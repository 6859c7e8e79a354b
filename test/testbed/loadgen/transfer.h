/* SPDX-License-Identifier: MIT */
/* One request and its response, as the client sees them. */
#ifndef LOADGEN_TRANSFER_H
#define LOADGEN_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

struct transfer {
	int fd;			/* -1 when over */
	uint32_t number;	/* under which its socket is watched */
	bool connected;
	uint32_t request_sent;
	uint64_t upload_bytes;
	uint64_t upload_left;
	uint64_t got_bytes;
	uint64_t start_us;
	uint64_t took_us;
	const char *error;	/* an errno name, or which limit it ran into */
};

/* Opens a new connection for it. Returns NULL, or the errno name for which it is to be ended. */
const char *transfer_start(struct transfer *transfer, uint32_t number, const struct options *options);

/* Once more on the same connection, when the response is complete. */
void transfer_repeat(struct transfer *transfer);

/*
 * As far as it goes without waiting: connect, send, receive. Returns 1 when the response is complete, 0 when it has to
 * wait, -1 with errno; an early end is ENODATA. The flags are those of a request.
 */
int transfer_continue(struct transfer *transfer, uint64_t response_bytes, uint64_t flags);

/* Closes its connection and takes the time. A reset leaves no TIME_WAIT. */
void transfer_end(struct transfer *transfer, const char *error, bool reset);

#endif
