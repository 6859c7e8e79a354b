// SPDX-License-Identifier: MIT
#include "clock.h"
#include "delivery.h"
#include "host.h"
#include "model.h"
#include "packet.h"
#include "queue.h"
#include "totals.h"

enum { CROSS_PACKET_BYTES = 1500 };

/* Cross traffic is accounted for when anything happens, and at least this often so that the work stays small. */
static const uint64_t CROSS_CATCH_UP_NS = 2000000;

struct route {
	bool exists;
	uint16_t queue;
	uint32_t loss_ppm;
	uint64_t delay_ns;
	uint64_t last_due_ns;	/* a delay made shorter must not reorder what is already on its way */
};

static struct route routes[MAX_HOSTS][MAX_HOSTS];
static uint64_t random_state = 0x9e3779b97f4a7c15;	/* fixed seed: the same losses in every run */

static void queue_advance(struct queue *queue, uint64_t until_ns);
static void queue_depart(struct queue *queue);
static void cross_arrive(struct queue *queue);
static void update_min_delays(void);
static uint32_t random_below(uint32_t bound);

bool model_send(uint32_t index, uint64_t at_ns)
{
	const struct packet *packet = &packets[index];
	const struct route *route = &routes[packet->from][packet->to];
	struct queue *queue = &queues[route->queue];

	if (!route->exists) {
		totals.unrouted++;
		return false;
	}
	if (route->loss_ppm > 0 && random_below(PPM) < route->loss_ppm) {
		queue->counters.random_drops++;
		return false;
	}
	queue_advance(queue, at_ns);
	if (!queue_push(queue, index, at_ns)) {
		queue->counters.buffer_drops++;
		return false;
	}
	return true;
}

void model_advance(uint64_t until_ns)
{
	uint32_t index;

	for (index = 0; index < queue_count; index++)
		queue_advance(&queues[index], until_ns);
}

uint64_t model_wake_ns(uint64_t at_ns)
{
	uint64_t wake_ns = delivery_next_ns();
	uint32_t index;

	for (index = 0; index < queue_count; index++) {
		const struct queue *queue = &queues[index];

		if (queue->waiting > 0 && queue->head_departs_ns + queue->min_delay_ns < wake_ns)
			wake_ns = queue->head_departs_ns + queue->min_delay_ns;
		if (queue->cross_rate_bits > 0 && at_ns + CROSS_CATCH_UP_NS < wake_ns)
			wake_ns = at_ns + CROSS_CATCH_UP_NS;
	}
	return wake_ns;
}

void model_set_queue(uint32_t index, uint64_t rate_bits, uint64_t buffer_bytes, uint64_t at_ns)
{
	struct queue *queue = &queues[index];

	queue_advance(queue, at_ns);
	queue_set_rate(queue, rate_bits, at_ns);
	queue->buffer_bytes = buffer_bytes;
}

void model_set_cross(uint32_t index, uint64_t rate_bits, uint64_t at_ns)
{
	struct queue *queue = &queues[index];

	queue_advance(queue, at_ns);
	queue->cross_rate_bits = rate_bits;
	queue->cross_next_ns = at_ns;
}

void model_set_route(uint32_t from, uint32_t to, uint32_t queue, uint64_t delay_ns, uint32_t loss_ppm, uint64_t at_ns)
{
	struct route *route = &routes[from][to];

	if (route->exists) {
		struct queue *old = &queues[route->queue];

		/* Until now the old delay was true; what waits in the old queue leaves it with the new one. */
		queue_advance(old, at_ns);
		if (delay_ns < old->min_delay_ns)
			old->min_delay_ns = delay_ns;
	}
	route->exists = true;
	route->queue = (uint16_t)queue;
	route->delay_ns = delay_ns;
	route->loss_ppm = loss_ppm;
	update_min_delays();
}

/* Everything that happens in this queue up to until_ns, in the order in which it happens. */
static void queue_advance(struct queue *queue, uint64_t until_ns)
{
	for (;;) {
		uint64_t departs_ns = queue->head == NONE ? NEVER : queue->head_departs_ns;
		uint64_t cross_ns = queue->cross_rate_bits == 0 ? NEVER : queue->cross_next_ns;

		if (departs_ns > until_ns && cross_ns > until_ns)
			return;
		if (departs_ns <= cross_ns)
			queue_depart(queue);
		else
			cross_arrive(queue);
	}
}

static void queue_depart(struct queue *queue)
{
	uint64_t departed_ns = queue->head_departs_ns;
	uint32_t index = queue_pop(queue);
	const struct packet *packet = &packets[index];
	struct route *route;
	uint64_t due_ns;

	if (packet->cross) {
		queue->counters.cross_packets++;
		packet_free(index);
		return;
	}
	queue->counters.forwarded_packets++;
	queue->counters.forwarded_bytes += packet->length;
	route = &routes[packet->from][packet->to];
	due_ns = departed_ns + route->delay_ns;
	if (due_ns < route->last_due_ns)
		due_ns = route->last_due_ns;
	route->last_due_ns = due_ns;
	delivery_push(due_ns, index);
}

static void cross_arrive(struct queue *queue)
{
	uint64_t at_ns = queue->cross_next_ns;
	uint64_t gap_ns = CROSS_PACKET_BYTES * 8 * NS_PER_SECOND / queue->cross_rate_bits;
	uint32_t index;

	/* Gaps of 0.5 to 1.5 times the mean: an exact rhythm would lock in phase with drop-tail and the other flows. */
	queue->cross_next_ns += gap_ns * (500 + random_below(1001)) / 1000;
	index = packet_alloc();
	if (index == NONE) {
		totals.over_limit++;
		return;
	}
	packets[index].length = CROSS_PACKET_BYTES;
	packets[index].cross = true;
	if (!queue_push(queue, index, at_ns)) {
		queue->counters.cross_drops++;
		packet_free(index);
	}
}

static void update_min_delays(void)
{
	uint32_t index, from, to;

	/* While packets wait it may only fall: they keep their route. */
	for (index = 0; index < queue_count; index++)
		if (queues[index].waiting == 0)
			queues[index].min_delay_ns = NO_ROUTE_DELAY_NS;
	for (from = 0; from < host_count; from++) {
		for (to = 0; to < host_count; to++) {
			const struct route *route = &routes[from][to];

			if (route->exists && route->delay_ns < queues[route->queue].min_delay_ns)
				queues[route->queue].min_delay_ns = route->delay_ns;
		}
	}
}

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016). */
static uint32_t random_below(uint32_t bound)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)(((random_state * 0x2545f4914f6cdd1d) >> 32) * bound >> 32);
}
