/* SPDX-License-Identifier: MIT */
/* The packets that have left their queue and are on their way, the one due first on top. */
#ifndef SWITCH_DELIVERY_H
#define SWITCH_DELIVERY_H

#include <stdint.h>

struct delivery {
	uint64_t due_ns;
	uint64_t sequence;	/* keeps packets due at the same time in order */
	uint32_t packet;
};

void delivery_push(uint64_t due_ns, uint32_t packet);

/* When the first delivery is due, or NEVER when there is none. */
uint64_t delivery_next_ns(void);

/* Removes the first delivery; there has to be one. */
struct delivery delivery_pop(void);

#endif
