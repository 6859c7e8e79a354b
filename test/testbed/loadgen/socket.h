/* SPDX-License-Identifier: MIT */
/* What both ends do with a socket. */
#ifndef LOADGEN_SOCKET_H
#define LOADGEN_SOCKET_H

#include <stdint.h>
#include <sys/types.h>

enum {
	MAX_CONNECTIONS = 16384,
	IO_TURNS = 16,		/* reads or writes of one connection before the others get a turn */
};

/* NULL leaves it as it is. Returns -1 with errno. */
int set_congestion(int fd, const char *congestion);
void set_nodelay(int fd);

/* One call of send() or recv() for as much of what is left as fits a buffer; what the bytes are does not matter. */
ssize_t send_some(int fd, uint64_t left_bytes);
ssize_t receive_some(int fd, uint64_t left_bytes);

#endif
