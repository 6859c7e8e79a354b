// SPDX-License-Identifier: MIT
/* Runs the arithmetic of bpf/policy.h and bpf/turn.h on the host: a function name and its arguments a line in, the result a line out. */
#include <stdio.h>
#include <string.h>
#include "policy.h"
#include "turn.h"

static unsigned long long run(const char *name, const unsigned long long *a)
{
	if (!strcmp(name, "clamp"))
		return augmenter_clamp(a[0], a[1], a[2]);
	if (!strcmp(name, "handshake"))
		return augmenter_handshake_check(a[0], a[1]);
	if (!strcmp(name, "queued"))
		return augmenter_queued(a[0], a[1]);
	if (!strcmp(name, "queued_together"))
		return augmenter_queued_together(a[0], a[1]);
	if (!strcmp(name, "pacing"))
		return augmenter_pacing_rate(a[0], a[1], a[2]);
	if (!strcmp(name, "demand"))
		return augmenter_demand_bytes(a[0], a[1], a[2], a[3]);
	if (!strcmp(name, "turn_gain"))
		return augmenter_turn_gain(a[0], a[1], a[2]);
	if (!strcmp(name, "sent_within"))
		return augmenter_sent_within(a[0], a[1], a[2], a[3]);
	if (!strcmp(name, "rate_left"))
		return augmenter_rate_left(a[0], a[1], a[2]);
	if (!strcmp(name, "gain"))
		return augmenter_gain_after(a[0], a[1]);
	if (!strcmp(name, "waiting"))
		return augmenter_waiting_rounds_after_loss(a[0]);
	if (!strcmp(name, "filled"))
		return augmenter_filled(a[0], a[1]);
	if (!strcmp(name, "excused"))
		return augmenter_excused_loss(a[0]);
	if (!strcmp(name, "kbytes"))
		return augmenter_kbytes_per_s(a[0], a[1]);
	if (!strcmp(name, "implied"))
		return augmenter_implied_path_rate(a[0], a[1], a[2]);
	if (!strcmp(name, "default_rate"))
		return augmenter_default_rate(a[0], a[1]);
	if (!strcmp(name, "bdp"))
		return augmenter_bdp_segments(a[0], a[1], a[2]);
	if (!strcmp(name, "window_clamp"))
		return augmenter_window_clamp(a[0], a[1], a[2], a[3], a[4]);
	if (!strcmp(name, "clamped_gain"))
		return augmenter_clamped_gain(a[0], a[1], a[2]);
	if (!strcmp(name, "clamp_filled"))
		return augmenter_clamp_filled(a[0], a[1], a[2]);
	if (!strcmp(name, "queued_by_clamp"))
		return augmenter_queued_by_clamp(a[0], a[1]);
	if (!strcmp(name, "together_part"))
		return augmenter_together_part(a[0], a[1], a[2], a[3]);
	if (!strcmp(name, "together_clamp"))
		return augmenter_together_clamp(a[0], a[1]);
	if (!strcmp(name, "together_window"))
		return augmenter_together_window(a[0], a[1], a[2]);
	if (!strcmp(name, "together_after"))
		return augmenter_together_after(a[0], a[1], a[2], a[3]);
	if (!strcmp(name, "probe_us"))
		return augmenter_probe_us(a[0], a[1], a[2], a[3]);
	if (!strcmp(name, "first_window"))
		return augmenter_first_window(a[0], a[1], a[2], a[3], a[4]);
	if (!strcmp(name, "sends_train"))
		return augmenter_sends_train(a[0], a[1], a[2], a[3], a[4]);
	if (!strcmp(name, "head_segments"))
		return augmenter_head_segments(a[0], a[1]);
	return ~0ULL;
}

int main(void)
{
	unsigned long long args[5];
	char name[32];

	while (scanf("%31s %llu %llu %llu %llu %llu", name, &args[0], &args[1], &args[2], &args[3], &args[4]) == 6)
		printf("%llu\n", run(name, args));
	return 0;
}
