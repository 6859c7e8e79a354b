/* SPDX-License-Identifier: MIT */
/* The hosts: their devices and their addresses. */
#ifndef SWITCH_HOST_H
#define SWITCH_HOST_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/types.h>

#include "table.h"

struct host {
	char name[NAME_BYTES];
	int fd;			/* of its TUN device */
	struct in_addr address4;
	struct in6_addr address6;
};

extern struct host hosts[MAX_HOSTS];
extern uint32_t host_count;

/* The index, or NONE. */
uint32_t host_named(const char *name);

/* The index of the host that owns the packet's destination address, or NONE. */
uint32_t host_addressed(const uint8_t *packet, ssize_t length);

#endif
