// SPDX-License-Identifier: MIT
/*
 * switch: the network of the rack in a box.
 *
 * Hosts are network namespaces. This program opens one TUN device in each and forwards IP packets between them like an
 * output-queued switch: a route (source host, destination host) leads into a queue with a rate and a drop-tail buffer,
 * and what leaves the queue reaches its destination one propagation delay later.
 *
 * Control: one command a line on stdin, one JSON line on stdout for each. The commands are in commands.h.
 *
 * It ends when stdin closes, so it cannot outlive its driver.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "control.h"
#include "forward.h"
#include "model.h"
#include "packet.h"
#include "table.h"
#include "watch.h"

static void wait_for_work(void);

int main(void)
{
	/*
	 * Above every ordinary process, so that a busy client cannot delay the network; below all else that is
	 * realtime.
	 */
	struct sched_param priority = { .sched_priority = 1 };
	bool realtime;

	prctl(PR_SET_TIMERSLACK, 1);
	realtime = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0;
	if (packets_reserve() < 0) {
		perror("Cannot reserve memory for packets");
		return 2;
	}
	if (watch_open() < 0 || watch_add(STDIN_FILENO, NONE) < 0) {
		perror("Cannot wait for commands on stdin");
		return 2;
	}
	control_open();
	commands_start(realtime);
	for (;;)
		wait_for_work();
}

static void wait_for_work(void)
{
	uint32_t ready[MAX_WATCHED];
	uint64_t at_ns = now_ns();
	int count = watch_wait(ready, at_ns, model_wake_ns(at_ns));
	int index;

	for (index = 0; index < count; index++) {
		if (ready[index] == NONE)
			control_read(command_run);
		else
			forward_from(ready[index]);
		forward_due();
	}
	if (count <= 0)
		forward_due();
}
