// SPDX-License-Identifier: MIT
#include "deadline.h"
#include "fail.h"
#include "watch.h"

static int epoll_fd;

void watch_open(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		fail("create an epoll instance");
}

void watch(int operation, int fd, uint32_t events, uint32_t number)
{
	struct epoll_event event = { .events = events, .data.u32 = number };

	if (epoll_ctl(epoll_fd, operation, fd, &event) < 0)
		fail("watch a connection");
}

int watch_wait(struct epoll_event *events, int max_events, uint64_t until_us)
{
	return epoll_wait(epoll_fd, events, max_events, wait_ms_until(until_us));
}
