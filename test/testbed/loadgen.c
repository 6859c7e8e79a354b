// SPDX-License-Identifier: MIT
/*
 * loadgen: request and response over real kernel TCP, and how long it took.
 *
 *	loadgen --server --address A --port P [--congestion C] [--seconds S]
 *	loadgen --connect --address A --port P --bytes N [--upload N] [--at-once N] [--rounds N] [--gap-ms N]
 *	loadgen --hold --address A --port P --bytes N [--gap-ms N]
 *	loadgen --connect-rate --address A --port P --seconds S [--at-once N]
 *	loadgen --bulk --address A --port P --seconds S
 *
 * A request is 16 bytes: the bytes wanted in return, then the bytes that follow as an upload with a flag in the top
 * bit that asks the server to close afterwards; both big endian.
 *
 * Output is NDJSON: {"us":...,"bytes":...,"error":null|"..."} for each transfer, then one summary. Nothing is printed
 * while connections are open, so that printing disturbs no measurement. Exit status: 0 without errors, 1 with some
 * transfer in error, 2 when it could not run.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	MAX_CONNECTIONS = 16384,
	MAX_AT_ONCE = 4096,
	MAX_TRANSFERS = 1000000,
	EVENTS = 256,
	ACCEPT_BATCH = 64,
	IO_BYTES = 256 * 1024,
	IO_TURNS = 16,		/* reads or writes of one connection before the others get a turn */
	MAX_WAIT_MS = 100,	/* how long a signal that arrives just before a wait can go unseen */
};

static const uint64_t CLOSE_AFTER = 1ULL << 63;
static const uint64_t ENDLESS_BYTES = 1ULL << 62;
static const uint64_t US_PER_SECOND = 1000000;

struct request {
	uint64_t response_bytes;
	uint64_t upload_bytes_and_flags;
};

enum mode { MODE_NONE, MODE_SERVER, MODE_CONNECT, MODE_HOLD, MODE_CONNECT_RATE, MODE_BULK };

static struct {
	enum mode mode;
	struct sockaddr_storage address;
	socklen_t address_length;
	uint16_t port;
	uint64_t bytes;
	uint64_t upload_bytes;
	uint64_t at_once;
	uint64_t rounds;
	uint64_t gap_ms;
	uint64_t seconds;	/* the whole run, or the life of the server */
	uint64_t transfer_limit_ms;
	const char *congestion;
	bool compact;
} options = { .at_once = 1, .rounds = 1, .seconds = 60, .transfer_limit_ms = 30000, .bytes = 1 };

static volatile sig_atomic_t stopped;
static int epoll_fd;
static uint64_t deadline_us;
static uint8_t io_buffer[IO_BYTES];

static void on_stop_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_SECOND + (uint64_t)now.tv_nsec / 1000;
}

static void fail(const char *action)
{
	fprintf(stderr, "Cannot %s: errno %s\n", action, strerrorname_np(errno));
	exit(2);
}

static bool out_of_time(void)
{
	return stopped || now_us() >= deadline_us;
}

static int wait_ms_until(uint64_t until_us)
{
	uint64_t at_us = now_us();
	uint64_t left_ms = until_us > at_us ? (until_us - at_us + 999) / 1000 : 0;

	return left_ms < MAX_WAIT_MS ? (int)left_ms : MAX_WAIT_MS;
}

static void watch(int operation, int fd, uint32_t events, uint32_t index)
{
	struct epoll_event event = { .events = events, .data.u32 = index };

	if (epoll_ctl(epoll_fd, operation, fd, &event) < 0)
		fail("watch a connection");
}

static int set_congestion(int fd)
{
	if (options.congestion == NULL)
		return 0;
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, options.congestion, (socklen_t)strlen(options.congestion));
}

static void set_nodelay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* ---- server ---- */

struct served {
	struct request request;
	uint32_t request_bytes;	/* read so far */
	uint64_t upload_left;
	uint64_t response_left;
	uint32_t watched;
	bool close_after;
};

static struct served *served;	/* by file descriptor */

static void served_close(int fd)
{
	close(fd);
	memset(&served[fd], 0, sizeof(served[fd]));
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
		ssize_t got = recv(fd, io_buffer, connection->upload_left < IO_BYTES ? connection->upload_left : IO_BYTES, 0);

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
		sent = send(fd, io_buffer, connection->response_left < IO_BYTES ? connection->response_left : IO_BYTES,
			    MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN)
			return 0;
		if (sent < 0)
			return -1;
		connection->response_left -= (uint64_t)sent;
	}
	return 1;
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

static int run_server(void)
{
	struct epoll_event events[EVENTS];
	int on = 1;
	int listener = socket(options.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	served = calloc(MAX_CONNECTIONS, sizeof(*served));
	if (listener < 0 || served == NULL)
		fail("open a socket");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* Accepted connections inherit the listener's congestion control. */
	if (set_congestion(listener) < 0)
		fail("set the congestion control");
	if (bind(listener, (struct sockaddr *)&options.address, options.address_length) < 0 || listen(listener, 4096) < 0)
		fail("listen");
	watch(EPOLL_CTL_ADD, listener, EPOLLIN, (uint32_t)listener);
	printf("{\"listening\":true,\"port\":%u}\n", options.port);
	fflush(stdout);
	while (!out_of_time()) {
		int count = epoll_wait(epoll_fd, events, EVENTS, wait_ms_until(deadline_us));
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

/* ---- client ---- */

struct transfer {
	int fd;			/* -1 when over */
	bool connected;
	uint32_t request_sent;
	uint64_t upload_left;
	uint64_t got_bytes;
	uint64_t start_us;
	uint64_t took_us;
	const char *error;
};

static struct transfer *transfers;
static uint32_t *took_us;	/* of every good transfer, for the summary */
static uint64_t good_count;
static uint64_t error_count;

static void transfer_end(struct transfer *transfer, const char *error, bool reset)
{
	/* A reset leaves no TIME_WAIT, so that connecting at full speed does not run out of ports. */
	struct linger linger = { .l_onoff = 1 };

	transfer->took_us = now_us() - transfer->start_us;
	transfer->error = error;
	if (reset)
		setsockopt(transfer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(transfer->fd);
	transfer->fd = -1;
}

static const char *connect_new(struct transfer *transfer, uint32_t index)
{
	memset(transfer, 0, sizeof(*transfer));
	transfer->upload_left = options.upload_bytes;
	transfer->fd = socket(options.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (transfer->fd < 0 || set_congestion(transfer->fd) < 0)
		fail("open a socket");
	set_nodelay(transfer->fd);
	transfer->start_us = now_us();
	if (connect(transfer->fd, (struct sockaddr *)&options.address, options.address_length) < 0 && errno != EINPROGRESS)
		return strerrorname_np(errno);
	watch(EPOLL_CTL_ADD, transfer->fd, EPOLLOUT, index);
	return NULL;
}

/* Returns 1 when all is sent, 0 when it has to wait, -1 with errno. */
static int transfer_send(struct transfer *transfer, uint64_t response_bytes, uint64_t flags)
{
	struct request request = { htobe64(response_bytes), htobe64(options.upload_bytes | flags) };
	ssize_t sent;

	while (transfer->request_sent < sizeof(request)) {
		sent = send(transfer->fd, (uint8_t *)&request + transfer->request_sent,
			    sizeof(request) - transfer->request_sent, MSG_NOSIGNAL);
		if (sent < 0)
			return errno == EAGAIN ? 0 : -1;
		transfer->request_sent += (uint32_t)sent;
	}
	while (transfer->upload_left > 0) {
		sent = send(transfer->fd, io_buffer, transfer->upload_left < IO_BYTES ? transfer->upload_left : IO_BYTES,
			    MSG_NOSIGNAL);
		if (sent < 0)
			return errno == EAGAIN ? 0 : -1;
		transfer->upload_left -= (uint64_t)sent;
	}
	return 1;
}

/* Returns 1 when the response is complete, 0 when it has to wait, -1 with errno; an early end is ENODATA. */
static int transfer_receive(struct transfer *transfer, uint64_t response_bytes)
{
	int turn;

	for (turn = 0; transfer->got_bytes < response_bytes; turn++) {
		uint64_t left = response_bytes - transfer->got_bytes;
		ssize_t got;

		if (turn == IO_TURNS)
			return 0;
		got = recv(transfer->fd, io_buffer, left < IO_BYTES ? left : IO_BYTES, 0);
		if (got == 0)
			errno = ENODATA;
		if (got <= 0)
			return got < 0 && errno == EAGAIN ? 0 : -1;
		transfer->got_bytes += (uint64_t)got;
	}
	return 1;
}

/* As far as it goes without waiting: connect, send, receive. Same results as above. */
static int transfer_continue(struct transfer *transfer, uint32_t index, uint64_t response_bytes, uint64_t flags)
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
		watch(EPOLL_CTL_MOD, transfer->fd, EPOLLIN, index);
	}
	return transfer_receive(transfer, response_bytes);
}

static void record(const struct transfer *transfer)
{
	if (transfer->error != NULL)
		error_count++;
	else if (good_count < MAX_TRANSFERS)
		took_us[good_count++] = (uint32_t)(transfer->took_us < UINT32_MAX ? transfer->took_us : UINT32_MAX);
	if (options.compact)
		return;
	printf("{\"us\":%llu,\"bytes\":%llu,\"error\":", (unsigned long long)transfer->took_us,
	       (unsigned long long)transfer->got_bytes);
	if (transfer->error == NULL)
		printf("null}\n");
	else
		printf("\"%s\"}\n", transfer->error);
}

static int compare_us(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static uint32_t quantile_us(double quantile)
{
	uint64_t rank = (uint64_t)(quantile * (double)good_count);

	if (good_count == 0)
		return 0;
	return took_us[rank < good_count ? rank : good_count - 1];
}

static int summarize(void)
{
	qsort(took_us, good_count, sizeof(*took_us), compare_us);
	printf("{\"summary\":true,\"transfers\":%llu,\"errors\":%llu,\"minUs\":%u,\"p50Us\":%u,\"p99Us\":%u,\"maxUs\":%u}\n",
	       (unsigned long long)good_count, (unsigned long long)error_count, quantile_us(0), quantile_us(0.5),
	       quantile_us(0.99), quantile_us(1));
	fflush(stdout);
	return error_count > 0 ? 1 : 0;
}

/* Ends what has run into a limit. Returns how many are still open. */
static uint64_t expire(void)
{
	uint64_t at_us = now_us();
	uint64_t open = 0, index;

	for (index = 0; index < options.at_once; index++) {
		struct transfer *transfer = &transfers[index];

		if (transfer->fd < 0)
			continue;
		if (stopped || at_us >= deadline_us)
			transfer_end(transfer, "DEADLINE", true);
		else if (at_us - transfer->start_us >= options.transfer_limit_ms * 1000)
			transfer_end(transfer, "TIMEOUT", true);
		else
			open++;
	}
	return open;
}

static void run_round(void)
{
	struct epoll_event events[EVENTS];
	uint64_t next_expiry_us = 0;
	uint64_t open = options.at_once;
	uint32_t started;

	for (started = 0; started < options.at_once; started++) {
		const char *error = connect_new(&transfers[started], started);

		if (error != NULL) {
			transfer_end(&transfers[started], error, false);
			open--;
		}
	}
	while (open > 0) {
		int count, index;

		if (stopped || now_us() >= next_expiry_us) {
			open = expire();
			next_expiry_us = now_us() + MAX_WAIT_MS * 1000;
			continue;
		}
		count = epoll_wait(epoll_fd, events, EVENTS, wait_ms_until(next_expiry_us));
		for (index = 0; index < count; index++) {
			uint32_t which = events[index].data.u32;
			struct transfer *transfer = &transfers[which];
			int state = transfer_continue(transfer, which, options.bytes, CLOSE_AFTER);

			if (state == 0)
				continue;
			transfer_end(transfer, state < 0 ? strerrorname_np(errno) : NULL, false);
			open--;
		}
	}
}

static void pause_ms(uint64_t length_ms)
{
	uint64_t until_us = now_us() + length_ms * 1000;

	while (!out_of_time() && now_us() < until_us) {
		uint64_t left_us = until_us - now_us();

		usleep((useconds_t)(left_us < MAX_WAIT_MS * 1000 ? left_us : MAX_WAIT_MS * 1000));
	}
}

static int run_rounds(void)
{
	uint64_t round, index;

	for (round = 0; round < options.rounds && !out_of_time(); round++) {
		if (round > 0)
			pause_ms(options.gap_ms);
		if (out_of_time())
			break;
		run_round();
		for (index = 0; index < options.at_once; index++)
			record(&transfers[index]);
		fflush(stdout);
	}
	return summarize();
}

/* Waits until the one transfer is complete. Same results as transfer_continue(), 0 when it is time to stop. */
static int hold_one(struct transfer *transfer)
{
	uint64_t limit_us = transfer->start_us + options.transfer_limit_ms * 1000;
	struct epoll_event event;

	while (!out_of_time()) {
		int state = 0;

		if (epoll_wait(epoll_fd, &event, 1, wait_ms_until(limit_us)) > 0)
			state = transfer_continue(transfer, 0, options.bytes, 0);
		if (state != 0)
			return state;
		if (now_us() >= limit_us) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return 0;
}

/*
 * One connection kept open, one request after the other on it. The first transfer includes the handshake; the time of
 * every later one runs from its request.
 */
static int run_hold(void)
{
	struct transfer *transfer = &transfers[0];
	const char *error = connect_new(transfer, 0);

	while (error == NULL && good_count < MAX_TRANSFERS) {
		int state = hold_one(transfer);

		if (state < 0)
			error = strerrorname_np(errno);
		if (state <= 0)
			break;
		transfer->took_us = now_us() - transfer->start_us;
		record(transfer);
		fflush(stdout);
		pause_ms(options.gap_ms);
		if (out_of_time())
			break;
		transfer->request_sent = 0;
		transfer->upload_left = options.upload_bytes;
		transfer->got_bytes = 0;
		transfer->start_us = now_us();
		watch(EPOLL_CTL_MOD, transfer->fd, EPOLLOUT, 0);
	}
	transfer_end(transfer, error, false);
	if (error != NULL)
		record(transfer);
	return summarize();
}

static int run_connect_rate(void)
{
	struct epoll_event events[EVENTS];
	uint64_t start_us = now_us(), count = 0;
	uint32_t started;
	double took_seconds;

	for (started = 0; started < options.at_once; started++)
		if (connect_new(&transfers[started], started) != NULL)
			fail("connect");
	while (!out_of_time()) {
		int ready = epoll_wait(epoll_fd, events, EVENTS, wait_ms_until(deadline_us));
		int index;

		for (index = 0; index < ready; index++) {
			uint32_t which = events[index].data.u32;
			int state = transfer_continue(&transfers[which], which, 1, CLOSE_AFTER);

			if (state == 0)
				continue;
			transfer_end(&transfers[which], NULL, true);
			if (state > 0)
				count++;
			else
				error_count++;
			if (connect_new(&transfers[which], which) != NULL)
				fail("connect");
		}
	}
	took_seconds = (double)(now_us() - start_us) / (double)US_PER_SECOND;
	printf("{\"connections\":%llu,\"errors\":%llu,\"seconds\":%.3f,\"connectionsPerSecond\":%.1f}\n",
	       (unsigned long long)count, (unsigned long long)error_count, took_seconds, (double)count / took_seconds);
	return error_count > 0 ? 1 : 0;
}

static int run_bulk(void)
{
	struct transfer *transfer = &transfers[0];
	struct epoll_event event;
	uint64_t start_us, got_bytes;
	const char *error = connect_new(transfer, 0);
	double took_seconds;

	start_us = transfer->start_us;
	while (error == NULL && !out_of_time()) {
		if (epoll_wait(epoll_fd, &event, 1, wait_ms_until(deadline_us)) <= 0)
			continue;
		if (transfer_continue(transfer, 0, ENDLESS_BYTES, CLOSE_AFTER) != 0)
			error = strerrorname_np(errno);
	}
	took_seconds = (double)(now_us() - start_us) / (double)US_PER_SECOND;
	got_bytes = transfer->got_bytes;
	printf("{\"bytes\":%llu,\"seconds\":%.3f,\"gigabitsPerSecond\":%.4f,\"error\":%s%s%s}\n",
	       (unsigned long long)got_bytes, took_seconds, (double)got_bytes * 8 / took_seconds / 1e9,
	       error == NULL ? "" : "\"",
	       error == NULL ? "null" : error, error == NULL ? "" : "\"");
	return error == NULL ? 0 : 1;
}

/* ---- start ---- */

static uint64_t number(const char *name, const char *text, uint64_t low, uint64_t high)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != 0 || value < low || value > high) {
		fprintf(stderr, "Cannot use --%s as it must be %llu..%llu: current value is %s\n", name,
			(unsigned long long)low, (unsigned long long)high, text);
		exit(2);
	}
	return value;
}

static void parse_address(const char *text)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&options.address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&options.address;

	if (text != NULL && inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(options.port);
		options.address_length = sizeof(*v4);
	} else if (text != NULL && inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(options.port);
		options.address_length = sizeof(*v6);
	} else {
		fprintf(stderr, "Cannot use --address as it must be an IPv4 or IPv6 address: current value is %s\n",
			text == NULL ? "missing" : text);
		exit(2);
	}
}

static void parse_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "server", no_argument, NULL, 's' },
		{ "connect", no_argument, NULL, 'c' },
		{ "hold", no_argument, NULL, 'h' },
		{ "connect-rate", no_argument, NULL, 'r' },
		{ "bulk", no_argument, NULL, 'b' },
		{ "compact", no_argument, NULL, 'q' },
		{ "address", required_argument, NULL, 'a' },
		{ "port", required_argument, NULL, 'p' },
		{ "bytes", required_argument, NULL, 'n' },
		{ "upload", required_argument, NULL, 'u' },
		{ "at-once", required_argument, NULL, 'o' },
		{ "rounds", required_argument, NULL, 'R' },
		{ "gap-ms", required_argument, NULL, 'g' },
		{ "seconds", required_argument, NULL, 't' },
		{ "transfer-limit-ms", required_argument, NULL, 'l' },
		{ "congestion", required_argument, NULL, 'C' },
		{ 0 },
	};
	const char *address = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 's': options.mode = MODE_SERVER; break;
		case 'c': options.mode = MODE_CONNECT; break;
		case 'h': options.mode = MODE_HOLD; break;
		case 'r': options.mode = MODE_CONNECT_RATE; break;
		case 'b': options.mode = MODE_BULK; break;
		case 'q': options.compact = true; break;
		case 'a': address = optarg; break;
		case 'p': options.port = (uint16_t)number("port", optarg, 1, 65535); break;
		case 'n': options.bytes = number("bytes", optarg, 1, ENDLESS_BYTES); break;
		case 'u': options.upload_bytes = number("upload", optarg, 0, ENDLESS_BYTES); break;
		case 'o': options.at_once = number("at-once", optarg, 1, MAX_AT_ONCE); break;
		case 'R': options.rounds = number("rounds", optarg, 1, MAX_TRANSFERS); break;
		case 'g': options.gap_ms = number("gap-ms", optarg, 0, 3600000); break;
		case 't': options.seconds = number("seconds", optarg, 1, 86400); break;
		case 'l': options.transfer_limit_ms = number("transfer-limit-ms", optarg, 1, 86400000); break;
		case 'C': options.congestion = optarg; break;
		default: exit(2);
		}
	}
	if (options.mode == MODE_NONE || options.port == 0 || optind != argc ||
	    options.rounds * options.at_once > MAX_TRANSFERS) {
		fprintf(stderr, "Cannot start: one mode and --port are needed, and at most %d transfers\n", MAX_TRANSFERS);
		exit(2);
	}
	parse_address(address);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_stop_signal };
	struct rlimit files = { MAX_CONNECTIONS + 64, MAX_CONNECTIONS + 64 };

	parse_options(argc, argv);
	/* Dies with its driver. If that went before this call, --seconds ends it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_NOFILE, &files);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		fail("create an epoll instance");
	deadline_us = now_us() + options.seconds * US_PER_SECOND;
	if (options.mode == MODE_SERVER)
		return run_server();
	transfers = calloc(options.at_once, sizeof(*transfers));
	took_us = calloc(MAX_TRANSFERS, sizeof(*took_us));
	if (transfers == NULL || took_us == NULL)
		fail("reserve memory");
	switch (options.mode) {
	case MODE_HOLD: return run_hold();
	case MODE_CONNECT_RATE: return run_connect_rate();
	case MODE_BULK: return run_bulk();
	default: return run_rounds();
	}
}
