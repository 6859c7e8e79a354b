// SPDX-License-Identifier: MIT
/*
 * loadgen: request and response over real kernel TCP, and how long it took.
 *
 *	loadgen --server --address A --port P [--congestion C] [--seconds S]
 *	loadgen --connect --address A [--address B]... --port P --bytes N [--upload N] [--at-once N] [--rounds N] [--gap-ms N]
 *		[--then-bytes N] [--every-ms N]
 *	loadgen --hold --address A --port P --bytes N [--gap-ms N]
 *	loadgen --connect-rate --address A --port P --seconds S [--at-once N]
 *	loadgen --bulk --address A --port P --seconds S
 *
 * Output is NDJSON: {"us":...,"bytes":...,"startUs":...,"error":null|"..."} for each transfer, then one summary. Nothing is printed
 * while connections are open, so that printing disturbs no measurement. Exit status: 0 without errors, 1 with some
 * transfer in error, 2 when it could not run.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "deadline.h"
#include "modes.h"
#include "options.h"
#include "socket.h"
#include "watch.h"

int main(int argc, char **argv)
{
	const struct options options = options_parse(argc, argv);
	struct rlimit files = { MAX_CONNECTIONS + 64, MAX_CONNECTIONS + 64 };

	/* Dies with its driver. If that went before this call, --seconds ends it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_NOFILE, &files);
	watch_open();
	deadline_start(options.seconds);
	switch (options.mode) {
	case MODE_SERVER: return run_server(&options);
	case MODE_HOLD: return run_hold(&options);
	case MODE_CONNECT_RATE: return run_connect_rate(&options);
	case MODE_BULK: return run_bulk(&options);
	default: return run_connect(&options);
	}
}
