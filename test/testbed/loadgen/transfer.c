// SPDX-License-Identifier: MIT
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "fail.h"
#include "request.h"
#include "socket.h"
#include "transfer.h"
#include "watch.h"

static int transfer_send(struct transfer *transfer, uint64_t response_bytes, uint64_t flags);
static int transfer_receive(struct transfer *transfer, uint64_t response_bytes);

const char *transfer_start(struct transfer *transfer, uint32_t number, const struct options *options)
{
	uint32_t to = number % options->address_count;
	const struct sockaddr *address = (const struct sockaddr *)&options->addresses[to];

	memset(transfer, 0, sizeof(*transfer));
	transfer->number = number;
	transfer->upload_bytes = options->upload_bytes;
	transfer->upload_left = options->upload_bytes;
	transfer->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (transfer->fd < 0 || set_congestion(transfer->fd, options->congestion) < 0)
		fail("open a socket");
	set_nodelay(transfer->fd);
	transfer->start_us = now_us();
	if (connect(transfer->fd, address, options->address_length[to]) < 0 && errno != EINPROGRESS)
		return strerrorname_np(errno);
	watch(EPOLL_CTL_ADD, transfer->fd, EPOLLOUT, number);
	return NULL;
}

void transfer_repeat(struct transfer *transfer)
{
	transfer->request_sent = 0;
	transfer->upload_left = transfer->upload_bytes;
	transfer->got_bytes = 0;
	transfer->start_us = now_us();
	watch(EPOLL_CTL_MOD, transfer->fd, EPOLLOUT, transfer->number);
}

int transfer_continue(struct transfer *transfer, uint64_t response_bytes, uint64_t flags)
{
	bool sent = transfer->request_sent == sizeof(struct request) && transfer->upload_left == 0;
	int state, error = 0;
	socklen_t length = sizeof(error);

	if (!transfer->connected) {
		if (getsockopt(transfer->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 || error != 0) {
			errno = error != 0 ? error : errno;
			return -1;
		}
		transfer->connected = true;
	}
	if (!sent) {
		state = transfer_send(transfer, response_bytes, flags);
		if (state <= 0)
			return state;
		watch(EPOLL_CTL_MOD, transfer->fd, EPOLLIN, transfer->number);
	}
	return transfer_receive(transfer, response_bytes);
}

void transfer_end(struct transfer *transfer, const char *error, bool reset)
{
	struct linger linger = { .l_onoff = 1 };

	transfer->took_us = now_us() - transfer->start_us;
	transfer->error = error;
	if (reset)
		setsockopt(transfer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(transfer->fd);
	transfer->fd = -1;
}

/* Returns 1 when all is sent, 0 when it has to wait, -1 with errno. */
static int transfer_send(struct transfer *transfer, uint64_t response_bytes, uint64_t flags)
{
	struct request request = { htobe64(response_bytes), htobe64(transfer->upload_bytes | flags) };
	ssize_t sent;

	while (transfer->request_sent < sizeof(request)) {
		sent = send(transfer->fd, (uint8_t *)&request + transfer->request_sent,
			    sizeof(request) - transfer->request_sent, MSG_NOSIGNAL);
		if (sent < 0)
			return errno == EAGAIN ? 0 : -1;
		transfer->request_sent += (uint32_t)sent;
	}
	while (transfer->upload_left > 0) {
		sent = send_some(transfer->fd, transfer->upload_left);
		if (sent < 0)
			return errno == EAGAIN ? 0 : -1;
		transfer->upload_left -= (uint64_t)sent;
	}
	return 1;
}

/* Returns as transfer_continue() does. */
static int transfer_receive(struct transfer *transfer, uint64_t response_bytes)
{
	int turn;

	for (turn = 0; transfer->got_bytes < response_bytes; turn++) {
		ssize_t got;

		if (turn == IO_TURNS)
			return 0;
		got = receive_some(transfer->fd, response_bytes - transfer->got_bytes);
		if (got == 0)
			errno = ENODATA;
		if (got <= 0)
			return got < 0 && errno == EAGAIN ? 0 : -1;
		transfer->got_bytes += (uint64_t)got;
	}
	return 1;
}
