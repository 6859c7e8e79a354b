/* SPDX-License-Identifier: MIT */
/* The command line. */
#ifndef LOADGEN_OPTIONS_H
#define LOADGEN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	MAX_AT_ONCE = 4096,
	MAX_TRANSFERS = 1000000,
	MAX_ADDRESSES = 64,
};

enum mode { MODE_NONE, MODE_SERVER, MODE_CONNECT, MODE_HOLD, MODE_CONNECT_RATE, MODE_BULK };

struct options {
	enum mode mode;
	/* Connections go to each of them in turn; a server listens on the first. */
	struct sockaddr_storage addresses[MAX_ADDRESSES];
	socklen_t address_length[MAX_ADDRESSES];
	uint32_t address_count;
	uint16_t port;
	uint64_t bytes;
	uint64_t upload_bytes;
	uint64_t at_once;
	uint64_t rounds;
	uint64_t then_bytes;	/* of every second round; 0: as the others */
	uint64_t gap_ms;
	uint64_t every_ms;	/* between the beginnings of two rounds, at least */
	uint64_t seconds;	/* the whole run, or the life of the server */
	uint64_t transfer_limit_ms;
	const char *congestion;	/* NULL: the host's */
	bool compact;		/* only the summary */
};

/* Ends the program with a word on stderr where the command line is no good. */
struct options options_parse(int argc, char **argv);

#endif
