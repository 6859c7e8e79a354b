/* SPDX-License-Identifier: MIT */
/*
 * What the driver can ask for:
 *
 *	host <name> <namespace> <ipv4> <ipv6>
 *	queue <name> <rate bit/s> <buffer bytes>			add or change
 *	route <from> <to> <queue> <one-way delay us> <loss ppm>		add or change
 *	cross <queue> <bit/s>						synthetic load; 0 ends it
 *	stats | reset | quit
 */
#ifndef SWITCH_COMMANDS_H
#define SWITCH_COMMANDS_H

#include <stdbool.h>

/* Says that commands are now taken, and whether the program has realtime priority. */
void commands_start(bool realtime);

/* Runs and answers one command; the line is taken apart. */
void command_run(char *line);

#endif
