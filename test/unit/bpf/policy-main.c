// SPDX-License-Identifier: MIT
/* Runs the arithmetic of bpf/policy.h on the host: a function name and its arguments a line in, the result a line out. */
#include <stdio.h>
#include <string.h>
#include "policy.h"

static unsigned long long run(const char *name, const unsigned long long *a)
{
	if (!strcmp(name, "clamp"))
		return augmenter_clamp(a[0], a[1], a[2]);
	if (!strcmp(name, "handshake"))
		return augmenter_handshake_check(a[0], a[1]);
	if (!strcmp(name, "queued"))
		return augmenter_queued(a[0], a[1]);
	if (!strcmp(name, "pacing"))
		return augmenter_pacing_rate(a[0], a[1], a[2]);
	if (!strcmp(name, "gain"))
		return augmenter_gain_after(a[0], a[1]);
	if (!strcmp(name, "waiting"))
		return augmenter_waiting_rounds_after_loss(a[0]);
	if (!strcmp(name, "filled"))
		return augmenter_filled(a[0], a[1]);
	if (!strcmp(name, "kbytes"))
		return augmenter_kbytes_per_s(a[0], a[1]);
	if (!strcmp(name, "implied"))
		return augmenter_implied_path_rate(a[0], a[1], a[2]);
	return ~0ULL;
}

int main(void)
{
	unsigned long long args[3];
	char name[32];

	while (scanf("%31s %llu %llu %llu", name, &args[0], &args[1], &args[2]) == 4)
		printf("%llu\n", run(name, args));
	return 0;
}
