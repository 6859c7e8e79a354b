// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "clock.h"
#include "control.h"
#include "model.h"
#include "packet.h"
#include "queue.h"
#include "stats.h"
#include "totals.h"

static void print_totals(bool realtime);
static void print_queue(const struct queue *queue, uint64_t at_ns);
static unsigned long long cpu_us(void);

void stats_answer(bool realtime)
{
	uint64_t at_ns = now_ns();
	uint32_t index;

	print_totals(realtime);
	printf(",\"queues\":{");
	model_advance(at_ns);
	for (index = 0; index < queue_count; index++) {
		if (index > 0)
			putchar(',');
		print_queue(&queues[index], at_ns);
	}
	answer("}}");
}

void stats_reset(void)
{
	uint32_t index;

	memset(&totals, 0, sizeof(totals));
	totals.max_in_flight = packets_in_flight();
	for (index = 0; index < queue_count; index++)
		memset(&queues[index].counters, 0, sizeof(queues[index].counters));
	answer("{\"ok\":true}");
}

static void print_totals(bool realtime)
{
	printf("{\"realtime\":%s,\"cpuUs\":%llu,\"delivered\":%llu,\"unrouted\":%llu,\"overLimit\":%llu,"
	       "\"undeliverable\":%llu,\"inFlight\":%u,\"maxInFlight\":%llu,"
	       "\"latenessUs\":{\"p50\":%.0f,\"p99\":%.0f,\"max\":%.1f}",
	       realtime ? "true" : "false", cpu_us(), (unsigned long long)totals.delivered,
	       (unsigned long long)totals.unrouted, (unsigned long long)totals.over_limit,
	       (unsigned long long)totals.undeliverable, packets_in_flight(), (unsigned long long)totals.max_in_flight,
	       lateness_quantile_us(0.5), lateness_quantile_us(0.99),
	       (double)totals.lateness_max_ns / (double)NS_PER_US);
}

static void print_queue(const struct queue *queue, uint64_t at_ns)
{
	const struct queue_counters *counters = &queue->counters;

	printf("\"%s\":{\"rateBitsPerSecond\":%llu,\"bufferBytes\":%llu,\"forwardedPackets\":%llu,"
	       "\"forwardedBytes\":%llu,\"bufferDrops\":%llu,\"randomDrops\":%llu,\"crossPackets\":%llu,"
	       "\"crossDrops\":%llu,\"depthBytes\":%llu,\"maxDepthBytes\":%llu}",
	       queue->name, (unsigned long long)queue->rate_bits, (unsigned long long)queue->buffer_bytes,
	       (unsigned long long)counters->forwarded_packets, (unsigned long long)counters->forwarded_bytes,
	       (unsigned long long)counters->buffer_drops, (unsigned long long)counters->random_drops,
	       (unsigned long long)counters->cross_packets, (unsigned long long)counters->cross_drops,
	       (unsigned long long)queue_depth(queue, at_ns), (unsigned long long)counters->max_depth_bytes);
}

static unsigned long long cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (unsigned long long)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       (unsigned long long)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}
