// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <sys/epoll.h>

#include "clock.h"
#include "watch.h"

/* Sleeping costs tens of microseconds in a virtual machine: for a wait this short, look again instead. */
static const uint64_t SPIN_NS = 15000;

static int epoll_fd;

int watch_open(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd < 0 ? -1 : 0;
}

int watch_add(int fd, uint32_t which)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = which };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

int watch_wait(uint32_t ready[MAX_WATCHED], uint64_t at_ns, uint64_t wake_ns)
{
	struct epoll_event events[MAX_WATCHED];
	struct timespec wait = { 0 };
	uint64_t wait_ns = wake_ns > at_ns ? wake_ns - at_ns : 0;
	int count, index;

	if (wait_ns > SPIN_NS) {
		wait.tv_sec = (time_t)(wait_ns / NS_PER_SECOND);
		wait.tv_nsec = (long)(wait_ns % NS_PER_SECOND);
	}
	count = epoll_pwait2(epoll_fd, events, MAX_WATCHED, wake_ns == NEVER ? NULL : &wait, NULL);
	for (index = 0; index < count; index++)
		ready[index] = events[index].data.u32;
	return count;
}
