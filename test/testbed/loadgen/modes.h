/* SPDX-License-Identifier: MIT */
/* The ways to run, each in a file of its name. They return the exit status. */
#ifndef LOADGEN_MODES_H
#define LOADGEN_MODES_H

#include "options.h"

/* Answers requests until the deadline. */
int run_server(const struct options *options);

/* Rounds of transfers that start together, each on a new connection. */
int run_connect(const struct options *options);

/*
 * One connection kept open, one request after the other on it. The first transfer includes the handshake; the time of
 * every later one runs from its request.
 */
int run_hold(const struct options *options);

/* As many connections as possible, one after the other in each of at_once places, of one byte each. */
int run_connect_rate(const struct options *options);

/* As many bytes as possible on one connection. */
int run_bulk(const struct options *options);

#endif
