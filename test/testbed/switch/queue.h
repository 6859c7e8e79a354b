/* SPDX-License-Identifier: MIT */
/*
 * A queue with a rate and a drop-tail buffer. A packet's departure follows from the one before it. All times passed in
 * lie before the departure of the packet at the head: what was to leave by then has been taken out.
 */
#ifndef SWITCH_QUEUE_H
#define SWITCH_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "table.h"

struct queue_counters {
	uint64_t forwarded_packets;
	uint64_t forwarded_bytes;
	uint64_t buffer_drops;
	uint64_t random_drops;
	uint64_t cross_packets;
	uint64_t cross_drops;
	uint64_t max_depth_bytes;
};

struct queue {
	char name[NAME_BYTES];
	uint64_t rate_bits;	/* a second */
	uint64_t buffer_bytes;
	uint32_t head;
	uint32_t tail;
	uint32_t waiting;	/* real packets, without cross traffic */
	uint64_t queued_bytes;	/* with the whole of the packet now being sent */
	uint64_t head_departs_ns;
	uint64_t min_delay_ns;	/* over its routes: nothing can be due sooner after leaving */
	uint64_t cross_rate_bits;
	uint64_t cross_next_ns;
	struct queue_counters counters;
};

/* The delay of a queue without routes: half of never, as a departure time is added to it. */
static const uint64_t NO_ROUTE_DELAY_NS = UINT64_MAX / 2;

extern struct queue queues[MAX_QUEUES];
extern uint32_t queue_count;

/* The index, or NONE. */
uint32_t queue_named(const char *name);

/* An empty queue, still without rate and buffer, or NONE when there are MAX_QUEUES. The name fits NAME_BYTES. */
uint32_t queue_add(const char *name);

/* What is left of the packet being sent goes on at the new rate. */
void queue_set_rate(struct queue *queue, uint64_t rate_bits, uint64_t at_ns);

/* What is in the buffer: room is freed as the packet at the head is sent, not only when all of it has left. */
uint64_t queue_depth(const struct queue *queue, uint64_t at_ns);

/* Returns false when the packet was dropped; it is then still the caller's. */
bool queue_push(struct queue *queue, uint32_t index, uint64_t at_ns);

/* The packet at the head leaves; there has to be one. */
uint32_t queue_pop(struct queue *queue);

#endif
