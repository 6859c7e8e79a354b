// SPDX-License-Identifier: MIT
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "fail.h"
#include "modes.h"
#include "request.h"
#include "socket.h"
#include "watch.h"

enum {
	BACKLOG = 4096,
	ACCEPT_BATCH = 64,
};

struct served {
	struct request request;
	uint32_t request_bytes;	/* read so far */
	uint64_t upload_left;
	uint64_t response_left;
	uint32_t watched;
	bool close_after;
};

static struct served served[MAX_CONNECTIONS];	/* by file descriptor */

static int listen_on(const struct options *options);
static void serve_new_connections(int listener);
static void served_continue(int fd);
static int served_read_request(int fd, struct served *connection);
static int served_write_response(int fd, struct served *connection);
static void served_close(int fd);

int run_server(const struct options *options)
{
	struct epoll_event events[MAX_EVENTS];
	int listener = listen_on(options);

	watch(EPOLL_CTL_ADD, listener, EPOLLIN, (uint32_t)listener);
	printf("{\"listening\":true,\"port\":%u}\n", options->port);
	fflush(stdout);
	while (!out_of_time()) {
		int count = watch_wait(events, MAX_EVENTS, deadline_us());
		int index;

		for (index = 0; index < count; index++) {
			int fd = (int)events[index].data.u32;

			if (fd == listener)
				serve_new_connections(listener);
			else
				served_continue(fd);
		}
	}
	return 0;
}

static int listen_on(const struct options *options)
{
	const struct sockaddr *address = (const struct sockaddr *)&options->addresses[0];
	int listener = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (listener < 0)
		fail("open a socket");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* Accepted connections inherit the listener's congestion control. */
	if (set_congestion(listener, options->congestion) < 0)
		fail("set the congestion control");
	if (bind(listener, address, options->address_length[0]) < 0 || listen(listener, BACKLOG) < 0)
		fail("listen");
	return listener;
}

static void serve_new_connections(int listener)
{
	int left;

	for (left = ACCEPT_BATCH; left > 0; left--) {
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0)
			return;
		if (fd >= MAX_CONNECTIONS) {
			close(fd);
			continue;
		}
		set_nodelay(fd);
		served_continue(fd);
	}
}

static void served_continue(int fd)
{
	struct served *connection = &served[fd];
	uint32_t wanted = EPOLLIN;
	int state = served_read_request(fd, connection);

	if (state == 1) {
		state = served_write_response(fd, connection);
		wanted = EPOLLOUT;
	}
	if (state < 0 || (state == 1 && connection->close_after))
		return served_close(fd);
	if (state == 1) {
		connection->request_bytes = 0;
		wanted = EPOLLIN;
	}
	if (connection->watched != wanted) {
		watch(connection->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, wanted, (uint32_t)fd);
		connection->watched = wanted;
	}
}

/* Returns 1 when a whole request is there, 0 when it has to wait, -1 when the connection is over. */
static int served_read_request(int fd, struct served *connection)
{
	while (connection->request_bytes < sizeof(connection->request)) {
		ssize_t got = recv(fd, (uint8_t *)&connection->request + connection->request_bytes,
				   sizeof(connection->request) - connection->request_bytes, 0);

		if (got < 0 && errno == EAGAIN)
			return 0;
		if (got <= 0)
			return -1;
		connection->request_bytes += (uint32_t)got;
		if (connection->request_bytes == sizeof(connection->request)) {
			uint64_t upload = be64toh(connection->request.upload_bytes_and_flags);

			connection->response_left = be64toh(connection->request.response_bytes);
			connection->upload_left = upload & ~CLOSE_AFTER;
			connection->close_after = (upload & CLOSE_AFTER) != 0;
		}
	}
	while (connection->upload_left > 0) {
		ssize_t got = receive_some(fd, connection->upload_left);

		if (got < 0 && errno == EAGAIN)
			return 0;
		if (got <= 0)
			return -1;
		connection->upload_left -= (uint64_t)got;
	}
	return 1;
}

/* Returns 1 when the response is written, 0 when it has to wait, -1 when the connection is over. */
static int served_write_response(int fd, struct served *connection)
{
	int turn;

	for (turn = 0; connection->response_left > 0; turn++) {
		ssize_t sent;

		if (turn == IO_TURNS)
			return 0;
		sent = send_some(fd, connection->response_left);
		if (sent < 0 && errno == EAGAIN)
			return 0;
		if (sent < 0)
			return -1;
		connection->response_left -= (uint64_t)sent;
	}
	return 1;
}

static void served_close(int fd)
{
	close(fd);
	memset(&served[fd], 0, sizeof(served[fd]));
}
