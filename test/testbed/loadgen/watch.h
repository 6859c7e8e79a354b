/* SPDX-License-Identifier: MIT */
/* Waiting for sockets, each watched under a number. */
#ifndef LOADGEN_WATCH_H
#define LOADGEN_WATCH_H

#include <stdint.h>
#include <sys/epoll.h>

enum { MAX_EVENTS = 256 };

void watch_open(void);

/* The operation is one of epoll_ctl(). */
void watch(int operation, int fd, uint32_t events, uint32_t number);

/* Waits MAX_WAIT_MS at most. Returns how many events there are, 0 or less when none. */
int watch_wait(struct epoll_event *events, int max_events, uint64_t until_us);

#endif
