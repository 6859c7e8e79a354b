// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"
#include "request.h"

static uint64_t number(const char *name, const char *text, uint64_t low, uint64_t high);
static void parse_address(struct options *options, const char *text);

struct options options_parse(int argc, char **argv)
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
		{ "then-bytes", required_argument, NULL, 'N' },
		{ "gap-ms", required_argument, NULL, 'g' },
		{ "every-ms", required_argument, NULL, 'e' },
		{ "seconds", required_argument, NULL, 't' },
		{ "transfer-limit-ms", required_argument, NULL, 'l' },
		{ "congestion", required_argument, NULL, 'C' },
		{ 0 },
	};
	struct options options = { .at_once = 1, .rounds = 1, .seconds = 60, .transfer_limit_ms = 30000, .bytes = 1 };
	const char *addresses[MAX_ADDRESSES];
	uint32_t address_count = 0, index;
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 's': options.mode = MODE_SERVER; break;
		case 'c': options.mode = MODE_CONNECT; break;
		case 'h': options.mode = MODE_HOLD; break;
		case 'r': options.mode = MODE_CONNECT_RATE; break;
		case 'b': options.mode = MODE_BULK; break;
		case 'q': options.compact = true; break;
		case 'a':
			if (address_count == MAX_ADDRESSES)
				exit(2);
			addresses[address_count++] = optarg;
			break;
		case 'p': options.port = (uint16_t)number("port", optarg, 1, 65535); break;
		case 'n': options.bytes = number("bytes", optarg, 1, ENDLESS_BYTES); break;
		case 'u': options.upload_bytes = number("upload", optarg, 0, ENDLESS_BYTES); break;
		case 'o': options.at_once = number("at-once", optarg, 1, MAX_AT_ONCE); break;
		case 'R': options.rounds = number("rounds", optarg, 1, MAX_TRANSFERS); break;
		case 'N': options.then_bytes = number("then-bytes", optarg, 1, ENDLESS_BYTES); break;
		case 'e': options.every_ms = number("every-ms", optarg, 1, 3600000); break;
		case 'g': options.gap_ms = number("gap-ms", optarg, 0, 3600000); break;
		case 't': options.seconds = number("seconds", optarg, 1, 86400); break;
		case 'l': options.transfer_limit_ms = number("transfer-limit-ms", optarg, 1, 86400000); break;
		case 'C': options.congestion = optarg; break;
		default: exit(2);
		}
	}
	if (options.mode == MODE_NONE || options.port == 0 || optind != argc ||
	    options.rounds * options.at_once > MAX_TRANSFERS) {
		fprintf(stderr, "Cannot start: one mode and --port are needed, and at most %d transfers\n",
			MAX_TRANSFERS);
		exit(2);
	}
	for (index = 0; index < address_count; index++)
		parse_address(&options, addresses[index]);
	if (address_count == 0)
		parse_address(&options, NULL);
	return options;
}

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

static void parse_address(struct options *options, const char *text)
{
	uint32_t index = options->address_count++;
	struct sockaddr_in *v4 = (struct sockaddr_in *)&options->addresses[index];
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&options->addresses[index];

	if (text != NULL && inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(options->port);
		options->address_length[index] = sizeof(*v4);
	} else if (text != NULL && inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(options->port);
		options->address_length[index] = sizeof(*v6);
	} else {
		fprintf(stderr, "Cannot use --address as it must be an IPv4 or IPv6 address: current value is %s\n",
			text == NULL ? "missing" : text);
		exit(2);
	}
}
