/* SPDX-License-Identifier: MIT */
/* Hosts, queues and packets are kept in tables of fixed size and known by their index. */
#ifndef SWITCH_TABLE_H
#define SWITCH_TABLE_H

#include <stdint.h>

enum {
	MAX_HOSTS = 64,
	MAX_QUEUES = 256,
	MAX_PACKETS = 32768,	/* in the whole network at once: 49 MB of full-sized packets */
	NAME_BYTES = 64,	/* of a host or a queue, with the final zero */
};

/* The index of nothing. */
#define NONE UINT32_MAX

#endif
