// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tun.h"

static const char DEVICE[] = "data0";

int tun_open(const char *namespace, const char **failed)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	char path[128];
	int home, there, fd;
	int error = 0;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	there = open(path, O_RDONLY | O_CLOEXEC);
	*failed = "namespace";
	if (home < 0 || there < 0 || setns(there, CLONE_NEWNET) < 0) {
		error = errno;
		fd = -1;
		goto out;
	}
	*failed = "TUN device";
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	memcpy(request.ifr_name, DEVICE, sizeof(DEVICE));
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) {
		error = errno;
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	/* Staying in the wrong namespace would put every later device there: that is not survivable. */
	if (setns(home, CLONE_NEWNET) < 0)
		abort();
out:
	if (home >= 0)
		close(home);
	if (there >= 0)
		close(there);
	errno = error;
	return fd;
}
