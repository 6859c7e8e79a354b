/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/*
 * The arithmetic of the BPF programs: no maps, no helpers, no state. The tests compile this file for the host.
 */
#ifndef AUGMENTER_POLICY_H
#define AUGMENTER_POLICY_H

#include <linux/types.h>

enum augmenter_handshake {
	AUGMENTER_HANDSHAKE_FITS,
	AUGMENTER_HANDSHAKE_UNKNOWN,
	AUGMENTER_HANDSHAKE_TOO_LOW,
	AUGMENTER_HANDSHAKE_TOO_HIGH,
};

enum augmenter_pacing {
	/* Gains are in 64ths. */
	AUGMENTER_GAIN_ONE = 64,
	/* A connection that may be sent this many times the advised share needs no cap: the advice is wrong. */
	AUGMENTER_GAIN_LIFT = 256,
	/* Rounds without a queue before a connection tries more than its share. */
	AUGMENTER_CLEAN_ROUNDS = 4,
	/* Rounds with a queue, one after the other, after which the cap is let go: somebody else fills the path. */
	AUGMENTER_QUEUED_ROUNDS = 16,
	/* Segments that TCP never paces (tcp_update_skb_after_send). */
	AUGMENTER_UNPACED_SEGMENTS = 10,
};

/* SO_MAX_PACING_RATE takes 32 bits from BPF; all ones lift the cap. */
#define AUGMENTER_PACING_UNLIMITED 0xffffffffU

static inline __u32 augmenter_clamp(__u32 value, __u32 lowest, __u32 highest)
{
	if (value < lowest)
		return lowest;
	return value > highest ? highest : value;
}

/*
 * Is this still the path that the advice remembers? RFC 9959, section 3.2: the RTT must be more than half of
 * the remembered minimum and at most ten times it.
 */
static inline enum augmenter_handshake augmenter_handshake_check(__u32 rtt_us, __u32 min_rtt_us)
{
	if (rtt_us == 0 || min_rtt_us == 0)
		return AUGMENTER_HANDSHAKE_UNKNOWN;
	if ((__u64)rtt_us * 2 <= min_rtt_us)
		return AUGMENTER_HANDSHAKE_TOO_LOW;
	if (rtt_us > (__u64)min_rtt_us * 10)
		return AUGMENTER_HANDSHAKE_TOO_HIGH;
	return AUGMENTER_HANDSHAKE_FITS;
}

/*
 * A standing queue shows as RTT above the minimum: an eighth of it, and at least 1 ms, because one burst of
 * unpaced or TSO-sized segments delays its own tail by about that much.
 */
static inline int augmenter_queued(__u32 rtt_us, __u32 min_rtt_us)
{
	__u32 slack_us = min_rtt_us / 8;

	if (slack_us < 1000)
		slack_us = 1000;
	return min_rtt_us != 0 && rtt_us > min_rtt_us + slack_us;
}

/* One connection's part of a path that `busy` connections share, times a gain; what SO_MAX_PACING_RATE takes. */
static inline __u32 augmenter_pacing_rate(__u64 path_rate_bytes_per_s, __u32 busy, __u32 gain)
{
	__u64 rate = path_rate_bytes_per_s / (busy ? busy : 1) * gain / AUGMENTER_GAIN_ONE;

	/* 0 would mean "not paced" to TCP, all ones "no cap". */
	if (rate == 0)
		return 1;
	return rate >= AUGMENTER_PACING_UNLIMITED ? AUGMENTER_PACING_UNLIMITED - 1 : (__u32)rate;
}

/*
 * A long connection probes upward: after AUGMENTER_CLEAN_ROUNDS the gain rises by 1/16, then by twice the last step
 * with each clean round (1.06, 1.19, 1.44, 1.94, 2.9, 4.9), so that a cap that is a quarter of the truth costs five
 * rounds, while one that is right is exceeded by a fifth at most before the queue shows.
 */
static inline __u32 augmenter_gain_after(__u32 clean_rounds)
{
	__u32 steps;

	if (clean_rounds < AUGMENTER_CLEAN_ROUNDS)
		return AUGMENTER_GAIN_ONE;
	steps = clean_rounds - AUGMENTER_CLEAN_ROUNDS + 1;
	if (steps > 7)
		steps = 7;
	return AUGMENTER_GAIN_ONE + AUGMENTER_GAIN_ONE / 16 * ((1U << steps) - 1);
}

/* Delivered bytes over a time, in kilobytes a second; 0 where nothing can be said. */
static inline __u32 augmenter_kbytes_per_s(__u64 bytes, __u64 interval_us)
{
	__u64 rate;

	if (interval_us == 0 || bytes >= 1ULL << 50)
		return 0;
	rate = bytes * 1000 / interval_us;
	return rate > 0xffffffffU ? 0xffffffffU : (__u32)rate;
}

/* How many of `bytes` that came over `since_us` belong to the last `within_us`. */
static inline __u64 augmenter_prorated(__u64 bytes, __u64 within_us, __u64 since_us)
{
	if (within_us >= since_us || bytes >= 1ULL << 40)
		return bytes;
	return bytes * within_us / since_us;
}

#endif
