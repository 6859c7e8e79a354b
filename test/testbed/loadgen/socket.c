// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "socket.h"

enum { IO_BYTES = 256 * 1024 };

static uint8_t io_buffer[IO_BYTES];

int set_congestion(int fd, const char *congestion)
{
	if (congestion == NULL)
		return 0;
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, congestion, (socklen_t)strlen(congestion));
}

void set_nodelay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

ssize_t send_some(int fd, uint64_t left_bytes)
{
	return send(fd, io_buffer, left_bytes < IO_BYTES ? left_bytes : IO_BYTES, MSG_NOSIGNAL);
}

ssize_t receive_some(int fd, uint64_t left_bytes)
{
	return recv(fd, io_buffer, left_bytes < IO_BYTES ? left_bytes : IO_BYTES, 0);
}
