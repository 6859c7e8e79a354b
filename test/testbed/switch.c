// SPDX-License-Identifier: MIT
/*
 * switch: the network of the rack in a box.
 *
 * Hosts are network namespaces. This program opens one TUN device in each and forwards IP packets between them like an
 * output-queued switch: a route (source host, destination host) leads into a queue with a rate and a drop-tail buffer,
 * and what leaves the queue reaches its destination one propagation delay later.
 *
 * Time in the model is virtual: a packet's departure follows from the packet before it, never from the moment this
 * process happened to run. Being scheduled late delays a delivery, which is counted as lateness, but never slows a
 * queue down.
 *
 * Control: one command a line on stdin, one JSON line on stdout for each.
 *
 *	host <name> <namespace> <ipv4> <ipv6>
 *	queue <name> <rate bit/s> <buffer bytes>			add or change
 *	route <from> <to> <queue> <one-way delay us> <loss ppm>		add or change
 *	cross <queue> <bit/s>						synthetic load; 0 ends it
 *	stats | reset | quit
 *
 * It ends when stdin closes, so it cannot outlive its driver.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	MAX_HOSTS = 64,
	MAX_QUEUES = 256,
	MAX_PACKETS = 32768,	/* in the whole network at once: 49 MB of full-sized packets */
	MAX_PACKET_BYTES = 1500,	/* the MTU; no offloads, so nothing larger arrives */
	READ_BATCH = 32,	/* packets taken from one host before deliveries get a turn */
	CROSS_PACKET_BYTES = 1500,
	NAME_BYTES = 64,
	LINE_BYTES = 512,
	LATENESS_BUCKETS = 10000,	/* one microsecond each; the last one holds all that is later */
};

static const uint64_t NS_PER_SECOND = 1000000000;
static const uint64_t NS_PER_US = 1000;
static const uint64_t NEVER = UINT64_MAX;
static const uint64_t MIN_RATE_BITS = 10000;
static const uint64_t MAX_RATE_BITS = 100000000000;
static const uint64_t MAX_BUFFER_BYTES = 1000000000;
static const uint64_t MAX_DELAY_US = 10000000;
static const uint32_t PPM = 1000000;
#define NONE UINT32_MAX

/* Cross traffic is accounted for when anything happens, and at least this often so that the work stays small. */
static const uint64_t CROSS_CATCH_UP_NS = 2000000;

/* Sleeping costs tens of microseconds in a virtual machine: for a wait this short, look again instead. */
static const uint64_t SPIN_NS = 15000;

static const char DEVICE[] = "data0";

struct packet {
	uint32_t next;		/* in its queue, or in the free list */
	uint16_t length;
	uint8_t from;
	uint8_t to;
	bool cross;		/* takes its turn in the queue and is delivered to nobody */
	uint8_t data[MAX_PACKET_BYTES];
};

struct delivery {
	uint64_t due_ns;
	uint64_t sequence;	/* keeps packets due at the same time in order */
	uint32_t packet;
};

struct queue_counters {
	uint64_t forwarded_packets;
	uint64_t forwarded_bytes;
	uint64_t buffer_drops;
	uint64_t random_drops;
	uint64_t cross_packets;
	uint64_t cross_drops;
	uint64_t max_depth_bytes;
};

struct queue {
	char name[NAME_BYTES];
	uint64_t rate_bits;
	uint64_t buffer_bytes;
	uint32_t head;
	uint32_t tail;
	uint32_t waiting;	/* real packets, without cross traffic */
	uint64_t queued_bytes;	/* with the whole of the packet now being sent */
	uint64_t head_departs_ns;
	uint64_t min_delay_ns;	/* over its routes: nothing can be due sooner after leaving */
	uint64_t cross_rate_bits;
	uint64_t cross_next_ns;
	struct queue_counters counters;
};

struct route {
	bool exists;
	uint16_t queue;
	uint32_t loss_ppm;
	uint64_t delay_ns;
	uint64_t last_due_ns;	/* a delay made shorter must not reorder what is already on its way */
};

struct host {
	char name[NAME_BYTES];
	int fd;
	struct in_addr address4;
	struct in6_addr address6;
};

struct totals {
	uint64_t delivered;
	uint64_t unrouted;	/* no such destination, or not IP: neighbour discovery, multicast */
	uint64_t over_limit;	/* MAX_PACKETS in flight */
	uint64_t undeliverable;	/* the device refused it: host gone or interface down */
	uint64_t max_in_flight;
	uint64_t lateness_max_ns;
	uint64_t lateness[LATENESS_BUCKETS];
};

static struct host hosts[MAX_HOSTS];
static uint32_t host_count;
static struct queue queues[MAX_QUEUES];
static uint32_t queue_count;
static struct route routes[MAX_HOSTS][MAX_HOSTS];
static struct packet *packets;
static uint32_t free_packet = NONE;
static uint32_t used_packets;	/* from here on never used: a quiet network touches little memory */
static uint32_t in_flight;
static struct delivery deliveries[MAX_PACKETS];	/* a binary heap, the earliest first */
static uint32_t delivery_count;
static uint64_t delivery_sequence;
static struct totals totals;
static uint64_t random_state = 0x9e3779b97f4a7c15;	/* fixed seed: the same losses in every run */
static int epoll_fd;
static bool realtime;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (2016). */
static uint32_t random_below(uint32_t bound)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)(((random_state * 0x2545f4914f6cdd1d) >> 32) * bound >> 32);
}

static uint32_t packet_alloc(void)
{
	uint32_t index = free_packet;

	if (index != NONE)
		free_packet = packets[index].next;
	else if (used_packets < MAX_PACKETS)
		index = used_packets++;
	else
		return NONE;
	if (++in_flight > totals.max_in_flight)
		totals.max_in_flight = in_flight;
	return index;
}

static void packet_free(uint32_t index)
{
	packets[index].next = free_packet;
	free_packet = index;
	in_flight--;
}

static bool delivery_before(const struct delivery *a, const struct delivery *b)
{
	return a->due_ns < b->due_ns || (a->due_ns == b->due_ns && a->sequence < b->sequence);
}

static void delivery_push(uint64_t due_ns, uint32_t packet)
{
	/* The heap has a place for every packet there can be, so it cannot overflow. */
	struct delivery new = { due_ns, delivery_sequence++, packet };
	uint32_t at = delivery_count++;

	while (at > 0) {
		uint32_t parent = (at - 1) / 2;

		if (!delivery_before(&new, &deliveries[parent]))
			break;
		deliveries[at] = deliveries[parent];
		at = parent;
	}
	deliveries[at] = new;
}

static struct delivery delivery_pop(void)
{
	struct delivery top = deliveries[0];
	struct delivery last = deliveries[--delivery_count];
	uint32_t at = 0;

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= delivery_count)
			break;
		if (child + 1 < delivery_count && delivery_before(&deliveries[child + 1], &deliveries[child]))
			child++;
		if (!delivery_before(&deliveries[child], &last))
			break;
		deliveries[at] = deliveries[child];
		at = child;
	}
	deliveries[at] = last;
	return top;
}

static uint64_t service_ns(const struct queue *queue, uint64_t bytes)
{
	return bytes * 8 * NS_PER_SECOND / queue->rate_bits;
}

/* What is in the buffer at at_ns: room is freed as the packet at the head is sent, not only when all of it has left. */
static uint64_t queue_depth(const struct queue *queue, uint64_t at_ns)
{
	uint64_t left_bytes;

	if (queue->head == NONE)
		return 0;
	left_bytes = (queue->head_departs_ns - at_ns) * queue->rate_bits / (8 * NS_PER_SECOND);
	return queue->queued_bytes - packets[queue->head].length + left_bytes;
}

/* Returns false when the packet was dropped; it is then still the caller's. */
static bool queue_push(struct queue *queue, uint32_t index, uint64_t at_ns)
{
	struct packet *packet = &packets[index];
	uint64_t depth = queue_depth(queue, at_ns) + packet->length;

	if (depth > queue->buffer_bytes)
		return false;
	if (depth > queue->counters.max_depth_bytes)
		queue->counters.max_depth_bytes = depth;
	packet->next = NONE;
	if (queue->head == NONE) {
		queue->head = index;
		queue->head_departs_ns = at_ns + service_ns(queue, packet->length);
	} else {
		packets[queue->tail].next = index;
	}
	queue->tail = index;
	queue->queued_bytes += packet->length;
	if (!packet->cross)
		queue->waiting++;
	return true;
}

static void queue_depart(struct queue *queue)
{
	uint64_t departed_ns = queue->head_departs_ns;
	uint32_t index = queue->head;
	struct packet *packet = &packets[index];
	struct route *route;
	uint64_t due_ns;

	queue->head = packet->next;
	queue->queued_bytes -= packet->length;
	if (queue->head != NONE)
		queue->head_departs_ns += service_ns(queue, packets[queue->head].length);
	if (packet->cross) {
		queue->counters.cross_packets++;
		packet_free(index);
		return;
	}
	queue->waiting--;
	queue->counters.forwarded_packets++;
	queue->counters.forwarded_bytes += packet->length;
	route = &routes[packet->from][packet->to];
	due_ns = departed_ns + route->delay_ns;
	if (due_ns < route->last_due_ns)
		due_ns = route->last_due_ns;
	route->last_due_ns = due_ns;
	delivery_push(due_ns, index);
}

static void cross_arrive(struct queue *queue)
{
	uint64_t at_ns = queue->cross_next_ns;
	uint64_t gap_ns = CROSS_PACKET_BYTES * 8 * NS_PER_SECOND / queue->cross_rate_bits;
	uint32_t index;

	/* Gaps of 0.5 to 1.5 times the mean: an exact rhythm would lock in phase with drop-tail and the other flows. */
	queue->cross_next_ns += gap_ns * (500 + random_below(1001)) / 1000;
	index = packet_alloc();
	if (index == NONE) {
		totals.over_limit++;
		return;
	}
	packets[index].length = CROSS_PACKET_BYTES;
	packets[index].cross = true;
	if (!queue_push(queue, index, at_ns)) {
		queue->counters.cross_drops++;
		packet_free(index);
	}
}

/* Everything that happens in this queue up to until_ns, in the order in which it happens. */
static void queue_advance(struct queue *queue, uint64_t until_ns)
{
	for (;;) {
		uint64_t departs_ns = queue->head == NONE ? NEVER : queue->head_departs_ns;
		uint64_t cross_ns = queue->cross_rate_bits == 0 ? NEVER : queue->cross_next_ns;

		if (departs_ns > until_ns && cross_ns > until_ns)
			return;
		if (departs_ns <= cross_ns)
			queue_depart(queue);
		else
			cross_arrive(queue);
	}
}

/* The host that owns the packet's destination address, or NONE. */
static uint32_t destination_of(const uint8_t *data, ssize_t length)
{
	uint32_t index;

	if (length >= 20 && data[0] >> 4 == 4) {
		for (index = 0; index < host_count; index++)
			if (memcmp(data + 16, &hosts[index].address4, 4) == 0)
				return index;
	} else if (length >= 40 && data[0] >> 4 == 6) {
		for (index = 0; index < host_count; index++)
			if (memcmp(data + 24, &hosts[index].address6, 16) == 0)
				return index;
	}
	return NONE;
}

/* Returns false when the packet goes no further. */
static bool packet_arrive(uint32_t from, uint32_t index, ssize_t length)
{
	struct packet *packet = &packets[index];
	uint32_t to = destination_of(packet->data, length);
	uint64_t at_ns = now_ns();
	struct queue *queue;
	struct route *route;

	if (to == NONE || !routes[from][to].exists) {
		totals.unrouted++;
		return false;
	}
	route = &routes[from][to];
	queue = &queues[route->queue];
	if (route->loss_ppm > 0 && random_below(PPM) < route->loss_ppm) {
		queue->counters.random_drops++;
		return false;
	}
	packet->length = (uint16_t)length;
	packet->from = (uint8_t)from;
	packet->to = (uint8_t)to;
	packet->cross = false;
	queue_advance(queue, at_ns);
	if (!queue_push(queue, index, at_ns)) {
		queue->counters.buffer_drops++;
		return false;
	}
	return true;
}

static void host_read(uint32_t from)
{
	static uint8_t discarded[MAX_PACKET_BYTES];
	int left;

	for (left = READ_BATCH; left > 0; left--) {
		uint32_t index = packet_alloc();
		void *data = index == NONE ? discarded : packets[index].data;
		ssize_t length = read(hosts[from].fd, data, MAX_PACKET_BYTES);

		if (index == NONE) {
			if (length <= 0)
				return;
			totals.over_limit++;
		} else if (length <= 0) {
			packet_free(index);
			return;
		} else if (!packet_arrive(from, index, length)) {
			packet_free(index);
		}
	}
}

static void count_lateness(uint64_t late_ns)
{
	uint64_t bucket = late_ns / NS_PER_US;

	if (bucket >= LATENESS_BUCKETS)
		bucket = LATENESS_BUCKETS - 1;
	totals.lateness[bucket]++;
	if (late_ns > totals.lateness_max_ns)
		totals.lateness_max_ns = late_ns;
}

static void deliver_due(void)
{
	uint64_t at_ns = now_ns();
	uint32_t index;
	int left;

	for (index = 0; index < queue_count; index++)
		queue_advance(&queues[index], at_ns);
	for (left = READ_BATCH; left > 0 && delivery_count > 0 && deliveries[0].due_ns <= at_ns; left--) {
		struct delivery delivery = delivery_pop();
		const struct packet *packet = &packets[delivery.packet];

		count_lateness(at_ns - delivery.due_ns);
		/* The write runs the receiver's whole TCP input, so the clock has moved on after it. */
		if (write(hosts[packet->to].fd, packet->data, packet->length) == packet->length)
			totals.delivered++;
		else
			totals.undeliverable++;
		packet_free(delivery.packet);
		at_ns = now_ns();
	}
}

/* The earliest time at which there can be something to do without a packet arriving first. */
static uint64_t next_wake_ns(uint64_t at_ns)
{
	uint64_t wake_ns = delivery_count > 0 ? deliveries[0].due_ns : NEVER;
	uint32_t index;

	for (index = 0; index < queue_count; index++) {
		const struct queue *queue = &queues[index];

		if (queue->waiting > 0 && queue->head_departs_ns + queue->min_delay_ns < wake_ns)
			wake_ns = queue->head_departs_ns + queue->min_delay_ns;
		if (queue->cross_rate_bits > 0 && at_ns + CROSS_CATCH_UP_NS < wake_ns)
			wake_ns = at_ns + CROSS_CATCH_UP_NS;
	}
	return wake_ns;
}

/* ---- control ---- */

static void answer(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

static void refuse(const char *action, const char *reason, int error)
{
	if (error == 0)
		answer("{\"error\":\"Cannot %s: %s\"}", action, reason);
	else
		answer("{\"error\":\"Cannot %s: %s: errno %s\"}", action, reason, strerrorname_np(error));
}

/* Names appear in JSON as they are, so what would need an escape is refused. */
static bool name_valid(const char *name)
{
	const char *at;

	for (at = name; *at != 0; at++)
		if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
			return false;
	return at != name && at - name < NAME_BYTES;
}

static bool number_valid(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno == 0 && *text >= '0' && *text <= '9' && *end == 0 && *value >= low && *value <= high;
}

static uint32_t host_named(const char *name)
{
	uint32_t index;

	for (index = 0; index < host_count; index++)
		if (strcmp(hosts[index].name, name) == 0)
			return index;
	return NONE;
}

static uint32_t queue_named(const char *name)
{
	uint32_t index;

	for (index = 0; index < queue_count; index++)
		if (strcmp(queues[index].name, name) == 0)
			return index;
	return NONE;
}

/* Opens the TUN device in a namespace: a device belongs to the namespace in which its file was opened. */
static int tun_open(const char *namespace, const char **failed)
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

static void command_host(char **words)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct host *host = &hosts[host_count];
	const char *failed;

	if (host_count == MAX_HOSTS)
		return refuse("add host", "the switch has its limit of hosts", 0);
	if (!name_valid(words[1]) || !name_valid(words[2]) || host_named(words[1]) != NONE)
		return refuse("add host", "its name is not usable or already known", 0);
	if (inet_pton(AF_INET, words[3], &host->address4) != 1 || inet_pton(AF_INET6, words[4], &host->address6) != 1)
		return refuse("add host", "its addresses are not an IPv4 and an IPv6 address", 0);
	host->fd = tun_open(words[2], &failed);
	if (host->fd < 0)
		return refuse("add host", failed, errno);
	event.data.u32 = host_count;
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, host->fd, &event) < 0) {
		refuse("add host", "epoll_ctl", errno);
		close(host->fd);
		return;
	}
	strcpy(host->name, words[1]);
	host_count++;
	answer("{\"ok\":true}");
}

static void command_queue(char **words)
{
	uint64_t rate_bits, buffer_bytes, at_ns;
	uint32_t index = queue_named(words[1]);
	struct queue *queue;

	if (!name_valid(words[1]) || !number_valid(words[2], MIN_RATE_BITS, MAX_RATE_BITS, &rate_bits) ||
	    !number_valid(words[3], 1, MAX_BUFFER_BYTES, &buffer_bytes))
		return refuse("set queue", "name, rate or buffer is out of bounds", 0);
	if (index == NONE) {
		if (queue_count == MAX_QUEUES)
			return refuse("add queue", "the switch has its limit of queues", 0);
		index = queue_count++;
		queue = &queues[index];
		strcpy(queue->name, words[1]);
		queue->head = NONE;
		queue->min_delay_ns = NEVER / 2;
		queue->rate_bits = rate_bits;
	}
	queue = &queues[index];
	at_ns = now_ns();
	queue_advance(queue, at_ns);
	/* What is left of the packet being sent goes on at the new rate. */
	if (queue->head != NONE)
		queue->head_departs_ns = at_ns + (uint64_t)((double)(queue->head_departs_ns - at_ns) *
							    (double)queue->rate_bits / (double)rate_bits);
	queue->rate_bits = rate_bits;
	queue->buffer_bytes = buffer_bytes;
	answer("{\"ok\":true}");
}

static void update_min_delays(void)
{
	uint32_t index, from, to;

	/* Half of never, as a departure time is added to it. While packets wait it may only fall: they keep their route. */
	for (index = 0; index < queue_count; index++)
		if (queues[index].waiting == 0)
			queues[index].min_delay_ns = NEVER / 2;
	for (from = 0; from < host_count; from++) {
		for (to = 0; to < host_count; to++) {
			const struct route *route = &routes[from][to];

			if (route->exists && route->delay_ns < queues[route->queue].min_delay_ns)
				queues[route->queue].min_delay_ns = route->delay_ns;
		}
	}
}

static void command_route(char **words)
{
	uint32_t from = host_named(words[1]), to = host_named(words[2]), queue = queue_named(words[3]);
	uint64_t delay_us, loss_ppm;
	struct route *route;

	if (from == NONE || to == NONE || queue == NONE)
		return refuse("set route", "no such host or queue", 0);
	if (!number_valid(words[4], 0, MAX_DELAY_US, &delay_us) || !number_valid(words[5], 0, PPM, &loss_ppm))
		return refuse("set route", "delay or loss is out of bounds", 0);
	route = &routes[from][to];
	if (route->exists) {
		struct queue *old = &queues[route->queue];

		/* Until now the old delay was true; what waits in the old queue leaves it with the new one. */
		queue_advance(old, now_ns());
		if (delay_us * NS_PER_US < old->min_delay_ns)
			old->min_delay_ns = delay_us * NS_PER_US;
	}
	route->exists = true;
	route->queue = (uint16_t)queue;
	route->delay_ns = delay_us * NS_PER_US;
	route->loss_ppm = (uint32_t)loss_ppm;
	update_min_delays();
	answer("{\"ok\":true}");
}

static void command_cross(char **words)
{
	uint32_t index = queue_named(words[1]);
	uint64_t rate_bits, at_ns = now_ns();

	if (index == NONE || !number_valid(words[2], 0, MAX_RATE_BITS, &rate_bits) ||
	    (rate_bits > 0 && rate_bits < MIN_RATE_BITS))
		return refuse("set cross traffic", "no such queue, or its rate is out of bounds", 0);
	queue_advance(&queues[index], at_ns);
	queues[index].cross_rate_bits = rate_bits;
	queues[index].cross_next_ns = at_ns;
	answer("{\"ok\":true}");
}

static double lateness_us(double quantile)
{
	uint64_t total = 0, seen = 0;
	uint32_t bucket;

	for (bucket = 0; bucket < LATENESS_BUCKETS; bucket++)
		total += totals.lateness[bucket];
	if (total == 0)
		return 0;
	for (bucket = 0; bucket < LATENESS_BUCKETS; bucket++) {
		seen += totals.lateness[bucket];
		if ((double)seen >= quantile * (double)total)
			break;
	}
	return bucket + 1;
}

static void command_stats(void)
{
	struct rusage usage;
	uint64_t at_ns = now_ns();
	uint32_t index;

	getrusage(RUSAGE_SELF, &usage);
	printf("{\"realtime\":%s,\"cpuUs\":%llu,\"delivered\":%llu,\"unrouted\":%llu,\"overLimit\":%llu,"
	       "\"undeliverable\":%llu,\"inFlight\":%u,\"maxInFlight\":%llu,"
	       "\"latenessUs\":{\"p50\":%.0f,\"p99\":%.0f,\"max\":%.1f},\"queues\":{",
	       realtime ? "true" : "false",
	       (unsigned long long)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
		       (unsigned long long)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
	       (unsigned long long)totals.delivered, (unsigned long long)totals.unrouted,
	       (unsigned long long)totals.over_limit, (unsigned long long)totals.undeliverable, in_flight,
	       (unsigned long long)totals.max_in_flight, lateness_us(0.5), lateness_us(0.99),
	       (double)totals.lateness_max_ns / (double)NS_PER_US);
	for (index = 0; index < queue_count; index++) {
		struct queue *queue = &queues[index];
		const struct queue_counters *counters = &queue->counters;

		queue_advance(queue, at_ns);
		printf("%s\"%s\":{\"rateBitsPerSecond\":%llu,\"bufferBytes\":%llu,\"forwardedPackets\":%llu,"
		       "\"forwardedBytes\":%llu,\"bufferDrops\":%llu,\"randomDrops\":%llu,\"crossPackets\":%llu,"
		       "\"crossDrops\":%llu,\"depthBytes\":%llu,\"maxDepthBytes\":%llu}",
		       index == 0 ? "" : ",", queue->name, (unsigned long long)queue->rate_bits,
		       (unsigned long long)queue->buffer_bytes, (unsigned long long)counters->forwarded_packets,
		       (unsigned long long)counters->forwarded_bytes, (unsigned long long)counters->buffer_drops,
		       (unsigned long long)counters->random_drops, (unsigned long long)counters->cross_packets,
		       (unsigned long long)counters->cross_drops, (unsigned long long)queue_depth(queue, at_ns),
		       (unsigned long long)counters->max_depth_bytes);
	}
	answer("}}");
}

static void command_reset(void)
{
	uint32_t index;

	memset(&totals, 0, sizeof(totals));
	totals.max_in_flight = in_flight;
	for (index = 0; index < queue_count; index++)
		memset(&queues[index].counters, 0, sizeof(queues[index].counters));
	answer("{\"ok\":true}");
}

static void command_run(char *line)
{
	char *words[7] = { 0 };
	char *rest = line;
	char *word;
	int count = 0;

	while (count < 7 && (word = strsep(&rest, " ")) != NULL)
		words[count++] = word;
	if (count == 5 && strcmp(words[0], "host") == 0)
		command_host(words);
	else if (count == 4 && strcmp(words[0], "queue") == 0)
		command_queue(words);
	else if (count == 6 && strcmp(words[0], "route") == 0)
		command_route(words);
	else if (count == 3 && strcmp(words[0], "cross") == 0)
		command_cross(words);
	else if (count == 1 && strcmp(words[0], "stats") == 0)
		command_stats();
	else if (count == 1 && strcmp(words[0], "reset") == 0)
		command_reset();
	else if (count == 1 && strcmp(words[0], "quit") == 0)
		exit(0);
	else
		refuse("run the command", "it is unknown or has the wrong number of words", 0);
}

static void control_read(void)
{
	static char line[LINE_BYTES];
	static size_t used;
	char *end;
	ssize_t got = read(STDIN_FILENO, line + used, sizeof(line) - used);

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		exit(0);
	if (got < 0)
		return;
	used += (size_t)got;
	while ((end = memchr(line, '\n', used)) != NULL) {
		*end++ = 0;
		command_run(line);
		used -= (size_t)(end - line);
		memmove(line, end, used);
	}
	if (used == sizeof(line)) {
		used = 0;
		refuse("run the command", "the line is too long", 0);
	}
}

/* ---- start and loop ---- */

static void packets_init(void)
{
	packets = mmap(NULL, sizeof(*packets) * MAX_PACKETS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (packets == MAP_FAILED) {
		perror("Cannot reserve memory for packets");
		exit(2);
	}
}

static void wait_for_work(void)
{
	struct epoll_event events[MAX_HOSTS + 1];
	struct timespec wait = { 0 };
	uint64_t at_ns = now_ns();
	uint64_t wake_ns = next_wake_ns(at_ns);
	uint64_t wait_ns = wake_ns > at_ns ? wake_ns - at_ns : 0;
	int count, index;

	if (wait_ns > SPIN_NS) {
		wait.tv_sec = (time_t)(wait_ns / NS_PER_SECOND);
		wait.tv_nsec = (long)(wait_ns % NS_PER_SECOND);
	}
	count = epoll_pwait2(epoll_fd, events, MAX_HOSTS + 1, wake_ns == NEVER ? NULL : &wait, NULL);
	for (index = 0; index < count; index++) {
		if (events[index].data.u32 == NONE)
			control_read();
		else
			host_read(events[index].data.u32);
		deliver_due();
	}
	if (count <= 0)
		deliver_due();
}

int main(void)
{
	/* Above every ordinary process, so that a busy client cannot delay the network; below all else that is realtime. */
	struct sched_param priority = { .sched_priority = 1 };
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = NONE };
	int answer_bytes = 1 << 20;

	prctl(PR_SET_TIMERSLACK, 1);
	realtime = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0;
	packets_init();
	/* A driver slow to read the answer to `stats` must not stop the network. */
	setsockopt(STDOUT_FILENO, SOL_SOCKET, SO_SNDBUFFORCE, &answer_bytes, sizeof(answer_bytes));
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, answer_bytes);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &event) < 0) {
		perror("Cannot wait for commands on stdin");
		return 2;
	}
	answer("{\"ready\":true,\"realtime\":%s}", realtime ? "true" : "false");
	for (;;)
		wait_for_work();
}
