// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "control.h"
#include "host.h"
#include "model.h"
#include "queue.h"
#include "stats.h"
#include "tun.h"
#include "watch.h"

enum { MAX_WORDS = 7 };	/* one more than the longest command has, so that too many are noticed */

static const uint64_t MIN_RATE_BITS = 10000;
static const uint64_t MAX_RATE_BITS = 100000000000;
static const uint64_t MAX_BUFFER_BYTES = 1000000000;
static const uint64_t MAX_DELAY_US = 10000000;

static bool is_realtime;

static void command_host(char **words);
static void command_queue(char **words);
static void command_route(char **words);
static void command_cross(char **words);
static bool name_valid(const char *name);
static bool number_valid(const char *text, uint64_t low, uint64_t high, uint64_t *value);

void commands_start(bool realtime)
{
	is_realtime = realtime;
	answer("{\"ready\":true,\"realtime\":%s}", realtime ? "true" : "false");
}

void command_run(char *line)
{
	char *words[MAX_WORDS] = { 0 };
	char *rest = line;
	char *word;
	int count = 0;

	while (count < MAX_WORDS && (word = strsep(&rest, " ")) != NULL)
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
		stats_answer(is_realtime);
	else if (count == 1 && strcmp(words[0], "reset") == 0)
		stats_reset();
	else if (count == 1 && strcmp(words[0], "quit") == 0)
		exit(0);
	else
		refuse("run the command", "it is unknown or has the wrong number of words", 0);
}

static void command_host(char **words)
{
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
	if (watch_add(host->fd, host_count) < 0) {
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
	uint64_t rate_bits, buffer_bytes;
	uint32_t index = queue_named(words[1]);

	if (!name_valid(words[1]) || !number_valid(words[2], MIN_RATE_BITS, MAX_RATE_BITS, &rate_bits) ||
	    !number_valid(words[3], 1, MAX_BUFFER_BYTES, &buffer_bytes))
		return refuse("set queue", "name, rate or buffer is out of bounds", 0);
	if (index == NONE)
		index = queue_add(words[1]);
	if (index == NONE)
		return refuse("add queue", "the switch has its limit of queues", 0);
	model_set_queue(index, rate_bits, buffer_bytes, now_ns());
	answer("{\"ok\":true}");
}

static void command_route(char **words)
{
	uint32_t from = host_named(words[1]), to = host_named(words[2]), queue = queue_named(words[3]);
	uint64_t delay_us, loss_ppm;

	if (from == NONE || to == NONE || queue == NONE)
		return refuse("set route", "no such host or queue", 0);
	if (!number_valid(words[4], 0, MAX_DELAY_US, &delay_us) || !number_valid(words[5], 0, PPM, &loss_ppm))
		return refuse("set route", "delay or loss is out of bounds", 0);
	model_set_route(from, to, queue, delay_us * NS_PER_US, (uint32_t)loss_ppm, now_ns());
	answer("{\"ok\":true}");
}

static void command_cross(char **words)
{
	uint32_t index = queue_named(words[1]);
	uint64_t rate_bits;

	if (index == NONE || !number_valid(words[2], 0, MAX_RATE_BITS, &rate_bits) ||
	    (rate_bits > 0 && rate_bits < MIN_RATE_BITS))
		return refuse("set cross traffic", "no such queue, or its rate is out of bounds", 0);
	model_set_cross(index, rate_bits, now_ns());
	answer("{\"ok\":true}");
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
