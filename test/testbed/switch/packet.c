// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <sys/mman.h>

#include "packet.h"
#include "totals.h"

struct packet *packets;

static uint32_t free_packet = NONE;
static uint32_t used_packets;	/* from here on never used: a quiet network touches little memory */
static uint32_t in_flight;

int packets_reserve(void)
{
	packets = mmap(NULL, sizeof(*packets) * MAX_PACKETS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	return packets == MAP_FAILED ? -1 : 0;
}

uint32_t packet_alloc(void)
{
	uint32_t index = free_packet;

	if (index != NONE)
		free_packet = packets[index].next;
	else if (used_packets < MAX_PACKETS)
		index = used_packets++;
	else
		return NONE;
	if (++in_flight > totals.max_in_flight)
		totals.max_in_flight = in_flight;
	return index;
}

void packet_free(uint32_t index)
{
	packets[index].next = free_packet;
	free_packet = index;
	in_flight--;
}

uint32_t packets_in_flight(void)
{
	return in_flight;
}
