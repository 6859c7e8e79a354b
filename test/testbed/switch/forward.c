// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "clock.h"
#include "delivery.h"
#include "forward.h"
#include "host.h"
#include "model.h"
#include "packet.h"
#include "totals.h"

enum { BATCH = 32 };

static bool packet_arrive(uint32_t from, uint32_t index, ssize_t length);

void forward_from(uint32_t host)
{
	static uint8_t discarded[MAX_PACKET_BYTES];
	int left;

	for (left = BATCH; left > 0; left--) {
		uint32_t index = packet_alloc();
		void *data = index == NONE ? discarded : packets[index].data;
		ssize_t length = read(hosts[host].fd, data, MAX_PACKET_BYTES);

		if (index == NONE) {
			if (length <= 0)
				return;
			totals.over_limit++;
		} else if (length <= 0) {
			packet_free(index);
			return;
		} else if (!packet_arrive(host, index, length)) {
			packet_free(index);
		}
	}
}

void forward_due(void)
{
	uint64_t at_ns = now_ns();
	int left;

	model_advance(at_ns);
	for (left = BATCH; left > 0 && delivery_next_ns() <= at_ns; left--) {
		struct delivery delivery = delivery_pop();
		const struct packet *packet = &packets[delivery.packet];

		lateness_count(at_ns - delivery.due_ns);
		/* The write runs the receiver's whole TCP input, so the clock has moved on after it. */
		if (write(hosts[packet->to].fd, packet->data, packet->length) == packet->length)
			totals.delivered++;
		else
			totals.undeliverable++;
		packet_free(delivery.packet);
		at_ns = now_ns();
	}
}

/* Returns false when the packet goes no further. */
static bool packet_arrive(uint32_t from, uint32_t index, ssize_t length)
{
	struct packet *packet = &packets[index];
	uint32_t to = host_addressed(packet->data, length);

	if (to == NONE) {
		totals.unrouted++;
		return false;
	}
	packet->length = (uint16_t)length;
	packet->from = (uint8_t)from;
	packet->to = (uint8_t)to;
	packet->cross = false;
	return model_send(index, now_ns());
}
