/* SPDX-License-Identifier: MIT */
/* What a client sends first, as it is on the wire: 16 bytes, big endian. */
#ifndef LOADGEN_REQUEST_H
#define LOADGEN_REQUEST_H

#include <stdint.h>

struct request {
	uint64_t response_bytes;		/* wanted in return */
	uint64_t upload_bytes_and_flags;	/* that follow the request */
};

/* The flag that asks the server to close afterwards. */
static const uint64_t CLOSE_AFTER = 1ULL << 63;

/* More than is ever sent, and still no flag. */
static const uint64_t ENDLESS_BYTES = 1ULL << 62;

#endif
