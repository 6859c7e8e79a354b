// SPDX-License-Identifier: MIT
#include <string.h>

#include "clock.h"
#include "packet.h"
#include "queue.h"

struct queue queues[MAX_QUEUES];
uint32_t queue_count;

static uint64_t service_ns(const struct queue *queue, uint64_t bytes);

uint32_t queue_named(const char *name)
{
	uint32_t index;

	for (index = 0; index < queue_count; index++)
		if (strcmp(queues[index].name, name) == 0)
			return index;
	return NONE;
}

uint32_t queue_add(const char *name)
{
	struct queue *queue = &queues[queue_count];

	if (queue_count == MAX_QUEUES)
		return NONE;
	strcpy(queue->name, name);
	queue->head = NONE;
	queue->min_delay_ns = NO_ROUTE_DELAY_NS;
	return queue_count++;
}

void queue_set_rate(struct queue *queue, uint64_t rate_bits, uint64_t at_ns)
{
	if (queue->head != NONE)
		queue->head_departs_ns = at_ns + (uint64_t)((double)(queue->head_departs_ns - at_ns) *
							    (double)queue->rate_bits / (double)rate_bits);
	queue->rate_bits = rate_bits;
}

uint64_t queue_depth(const struct queue *queue, uint64_t at_ns)
{
	uint64_t left_bytes;

	if (queue->head == NONE)
		return 0;
	left_bytes = (queue->head_departs_ns - at_ns) * queue->rate_bits / (8 * NS_PER_SECOND);
	return queue->queued_bytes - packets[queue->head].length + left_bytes;
}

bool queue_push(struct queue *queue, uint32_t index, uint64_t at_ns)
{
	struct packet *packet = &packets[index];
	uint64_t depth = queue_depth(queue, at_ns) + packet->length;

	if (depth > queue->buffer_bytes)
		return false;
	if (depth > queue->counters.max_depth_bytes)
		queue->counters.max_depth_bytes = depth;
	packet->next = NONE;
	if (queue->head == NONE) {
		queue->head = index;
		queue->head_departs_ns = at_ns + service_ns(queue, packet->length);
	} else {
		packets[queue->tail].next = index;
	}
	queue->tail = index;
	queue->queued_bytes += packet->length;
	if (!packet->cross)
		queue->waiting++;
	return true;
}

uint32_t queue_pop(struct queue *queue)
{
	uint32_t index = queue->head;
	const struct packet *packet = &packets[index];

	queue->head = packet->next;
	queue->queued_bytes -= packet->length;
	if (queue->head != NONE)
		queue->head_departs_ns += service_ns(queue, packets[queue->head].length);
	if (!packet->cross)
		queue->waiting--;
	return index;
}

static uint64_t service_ns(const struct queue *queue, uint64_t bytes)
{
	return bytes * 8 * NS_PER_SECOND / queue->rate_bits;
}
