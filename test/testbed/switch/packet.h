/* SPDX-License-Identifier: MIT */
/* The packets in flight, and the memory they are in. */
#ifndef SWITCH_PACKET_H
#define SWITCH_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "table.h"

enum { MAX_PACKET_BYTES = 1500 };	/* the MTU; no offloads, so nothing larger arrives */

struct packet {
	uint32_t next;		/* in its queue, or in the free list */
	uint16_t length;
	uint8_t from;
	uint8_t to;
	bool cross;		/* takes its turn in the queue and is delivered to nobody */
	uint8_t data[MAX_PACKET_BYTES];
};

extern struct packet *packets;

/* Returns -1 with errno when there is no room for the table. */
int packets_reserve(void);

/* A packet with nothing filled in, or NONE when MAX_PACKETS are in flight. */
uint32_t packet_alloc(void);
void packet_free(uint32_t index);

uint32_t packets_in_flight(void);

#endif
