// SPDX-License-Identifier: MIT
#include <stdbool.h>

#include "clock.h"
#include "delivery.h"
#include "table.h"

static struct delivery deliveries[MAX_PACKETS];	/* a binary heap, the earliest first */
static uint32_t delivery_count;
static uint64_t delivery_sequence;

static bool delivery_before(const struct delivery *a, const struct delivery *b);

void delivery_push(uint64_t due_ns, uint32_t packet)
{
	/* The heap has a place for every packet there can be, so it cannot overflow. */
	struct delivery new = { due_ns, delivery_sequence++, packet };
	uint32_t at = delivery_count++;

	while (at > 0) {
		uint32_t parent = (at - 1) / 2;

		if (!delivery_before(&new, &deliveries[parent]))
			break;
		deliveries[at] = deliveries[parent];
		at = parent;
	}
	deliveries[at] = new;
}

uint64_t delivery_next_ns(void)
{
	return delivery_count > 0 ? deliveries[0].due_ns : NEVER;
}

struct delivery delivery_pop(void)
{
	struct delivery top = deliveries[0];
	struct delivery last = deliveries[--delivery_count];
	uint32_t at = 0;

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= delivery_count)
			break;
		if (child + 1 < delivery_count && delivery_before(&deliveries[child + 1], &deliveries[child]))
			child++;
		if (!delivery_before(&deliveries[child], &last))
			break;
		deliveries[at] = deliveries[child];
		at = child;
	}
	deliveries[at] = last;
	return top;
}

static bool delivery_before(const struct delivery *a, const struct delivery *b)
{
	return a->due_ns < b->due_ns || (a->due_ns == b->due_ns && a->sequence < b->sequence);
}
