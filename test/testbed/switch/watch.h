/* SPDX-License-Identifier: MIT */
/* Waiting for input: from the driver, which is watched as NONE, and from the hosts, each watched as its index. */
#ifndef SWITCH_WATCH_H
#define SWITCH_WATCH_H

#include <stdint.h>

#include "table.h"

enum { MAX_WATCHED = MAX_HOSTS + 1 };

/* Both return -1 with errno when they fail. */
int watch_open(void);
int watch_add(int fd, uint32_t which);

/* Fills in which have input, waiting from at_ns until wake_ns for the first. Returns how many, or -1 with errno. */
int watch_wait(uint32_t ready[MAX_WATCHED], uint64_t at_ns, uint64_t wake_ns);

#endif
