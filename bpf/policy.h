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
	/* Rounds without a queue before a connection tries more than its share; times as many after each loss. */
	AUGMENTER_CLEAN_ROUNDS = 4,
	AUGMENTER_CLEAN_ROUNDS_FACTOR = 4,
	AUGMENTER_CLEAN_ROUNDS_HIGHEST = 1024,
	/* Rounds with a queue, one after the other, after which the cap is let go: somebody else fills the path. */
	AUGMENTER_QUEUED_ROUNDS = 16,
	/*
	 * And of one that is bounded as many hosts send to one receiver: there a queue is what is wanted, so that the link is never idle. Seconds
	 * of it are no crowd any more.
	 */
	AUGMENTER_TOGETHER_ROUNDS = 256,
	/* Rounds that one keeps to its part, and so many with a queue, one after the other, keep it there. */
	AUGMENTER_TOGETHER_HELD_ROUNDS = 8,
	/* Where as many came as were expected: equal parts end together, so what grows takes from the others. */
	AUGMENTER_TOGETHER_ALL_HELD_ROUNDS = 24,
	/* Two that begin together are everywhere, and each has half of the path at the least. */
	AUGMENTER_CROWD_HOSTS = 3,
	/* Segments that TCP never paces (tcp_update_skb_after_send). */
	AUGMENTER_UNPACED_SEGMENTS = 10,
	/* And the least aggregate behind them (net.ipv4.tcp_min_tso_segs). */
	AUGMENTER_AT_ONCE_SEGMENTS = AUGMENTER_UNPACED_SEGMENTS + 2,
	/*
	 * Below this RTT the kernel sends in aggregates of up to half of the largest (net.ipv4.tcp_tso_rtt_log), whatever the pacing: there the
	 * window is what keeps them small.
	 */
	AUGMENTER_CLAMP_RTT_US = 2500,
	/* So that scheduling delays, which do not shrink with the RTT, do not empty the path. */
	AUGMENTER_CLAMP_RTT_LOWEST_US = 1000,
	AUGMENTER_CLAMP_SPARE_SEGMENTS = 3,
	/* Fewer do not fill a path beside delayed acknowledgements. */
	AUGMENTER_CLAMP_BURSTS_LOWEST_SEGMENTS = 6,
	/* Where a share is less than three segments: of fewer than four, a loss is seldom repaired without a timeout. */
	AUGMENTER_CLAMP_LOWEST_SEGMENTS = 4,
	/* What a receiver waits at most before it acknowledges, if its sender is of the cluster. */
	AUGMENTER_DELAYED_ACK_US = 10000,
	/*
	 * No first window is smaller: of two segments that are lost a tail loss probe, after two RTT, tells; for a single one it waits for the
	 * least timeout as well (tcp_schedule_loss_probe), so that it must be short.
	 */
	AUGMENTER_SMALLEST_WINDOW_SEGMENTS = 2,
	AUGMENTER_SMALLEST_WINDOW_PROMPT_SEGMENTS = 1,
	/* The kernel takes no least timeout above its own (TCP_RTO_MIN). */
	AUGMENTER_TIMEOUT_HIGHEST_US = 200000,
	/* For one that lost its first segment two cross the path: the probe that asks after it, and its repair. */
	AUGMENTER_PROBE_TURN_SEGMENTS = 2,
	/* What a single aggregate of the kernel may lose where a buffer is hardly larger (sk_pacing_shift: 1 ms of the rate). */
	AUGMENTER_EXCUSED_SEGMENTS = 8,
	/* And one in so many of what was sent: random loss, up to about the 2 % that BBR takes for a full path. */
	AUGMENTER_EXCUSED_SHARE = 48,
	/* No share is paced slower, however many there seem to be: about two segments in the kernel's first timeout. */
	AUGMENTER_PACING_LOWEST_BYTES_PER_S = 16384,
	/* No more are counted of a destination: a flood of SYNs must not make nothing of a share. */
	AUGMENTER_BUSY_HIGHEST = 4096,
	/* A connection with less than this in a round does not compete for the path: half of the kernel's first window. */
	AUGMENTER_DEMAND_SEGMENTS = 5,
	/* Shortest train whose spacing is looked at, and of the first segments of a connection. */
	AUGMENTER_TRAIN_SEGMENTS = 8,
	AUGMENTER_FIRST_TRAIN_SEGMENTS = 3,
	/* The first acknowledgement is often late, because somebody had to wake up for it: counted from the next one. */
	AUGMENTER_FIRST_TRAIN_SKIPPED_SEGMENTS = 2,
	/* Below this the delays of hosts weigh as much as the path: a train of six full segments at 280 Mbit/s. */
	AUGMENTER_TRAIN_LOWEST_US = 250,
	/* One of which the spacing is exact. */
	AUGMENTER_LONG_TRAIN_SEGMENTS = 64,
	/* A connection says how fast the path is after so many rounds, and when it ends. */
	AUGMENTER_ROUNDS_PER_RATE = 16,
};

#define AUGMENTER_WINDOW_UNLIMITED 0x7fffffffU
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
	__u32 slack_us = augmenter_clamp(min_rtt_us / 8, 1000, 0xffffffffU);

	return min_rtt_us != 0 && rtt_us > min_rtt_us + slack_us;
}

/*
 * The same to one of a crowd, of which a few segments more than the path holds are all the queue there is: a sixteenth, and at least what
 * the delays of hosts may be.
 */
static inline int augmenter_queued_together(__u32 rtt_us, __u32 min_rtt_us)
{
	__u32 slack_us = augmenter_clamp(min_rtt_us / 16, 250, 0xffffffffU);

	return min_rtt_us != 0 && rtt_us > min_rtt_us + slack_us;
}

/*
 * Whether a window that is clamped below 2.5 ms fills the path: it is all that is in flight, so the queue is small, and a larger window would
 * only make it longer.
 */
static inline int augmenter_clamp_filled(int is_clamped, __u32 rtt_us, __u32 min_rtt_us)
{
	return is_clamped && min_rtt_us < AUGMENTER_CLAMP_RTT_US && augmenter_queued_together(rtt_us, min_rtt_us);
}

/* What the kernel's default sends in its first round trip, as a rate: no share is worth less than that. */
static inline __u64 augmenter_default_rate(__u32 mss_bytes, __u32 rtt_us)
{
	return rtt_us ? (__u64)AUGMENTER_UNPACED_SEGMENTS * mss_bytes * 1000000 / rtt_us : ~0ULL;
}

/* Full segments that a rate delivers in an RTT: its bandwidth-delay product. */
static inline __u32 augmenter_bdp_segments(__u64 rate_bytes_per_s, __u32 rtt_us, __u32 mss_bytes)
{
	/* 1024 of 1,000,000 are 64 of 62,500: what is lost to rounding is a kilobyte a second, and large rates do not overflow. */
	__u64 segments = mss_bytes ? (rate_bytes_per_s >> 10) * rtt_us / mss_bytes * 64 / 62500 : 0;

	return segments > 0xffffffffU ? 0xffffffffU : (__u32)segments;
}

/*
 * What window one of `among` connections may ever reach; 0: any. Below 2.5 ms large aggregates overflow the buffer: an aggregate is half of a
 * window and more, so it is what the path bears at once (`burst_segments`; 0: as much as comes), and what is on its way meanwhile. Above, where the path is known
 * to lose of bursts and a share is less than the segments that are not paced, it is a little more than the share.
 */
static inline __u32 augmenter_window_clamp(__u64 share_bytes_per_s, __u32 min_rtt_us, __u32 mss_bytes, __u32 burst_segments,
					   __u32 among)
{
	__u32 rtt_us = min_rtt_us < AUGMENTER_CLAMP_RTT_LOWEST_US ? AUGMENTER_CLAMP_RTT_LOWEST_US : min_rtt_us;
	__u32 bdp = augmenter_bdp_segments(share_bytes_per_s, rtt_us, mss_bytes);
	__u32 clamp = 2 * bdp + AUGMENTER_CLAMP_SPARE_SEGMENTS;
	__u32 burst = burst_segments / (among ? among : 1);
	/* Half of a BDP that is less than a burst is all that is on its way while a burst fills the buffer. */
	__u32 bursts = burst + (bdp / 2 < burst ? bdp / 2 : burst);

	if (min_rtt_us >= AUGMENTER_CLAMP_RTT_US && (burst_segments == 0 || bdp >= AUGMENTER_UNPACED_SEGMENTS))
		return 0;
	if (min_rtt_us >= AUGMENTER_CLAMP_RTT_US)
		return bdp < AUGMENTER_CLAMP_LOWEST_SEGMENTS ? AUGMENTER_CLAMP_LOWEST_SEGMENTS : bdp + bdp / 4 + 1;
	if (bursts < AUGMENTER_CLAMP_BURSTS_LOWEST_SEGMENTS)
		bursts = AUGMENTER_CLAMP_BURSTS_LOWEST_SEGMENTS;
	return burst_segments && bursts < clamp ? bursts : clamp;
}

/*
 * The gain at which a connection with a clamped window is paced, where it would be `gain`. A clamp to little more than a share bounds the queue
 * by itself: a sixteenth more than the share costs nothing, and fills the path where a little too little is believed of it.
 */
static inline __u32 augmenter_clamped_gain(__u32 gain, __u32 clamp_segments, __u32 min_rtt_us)
{
	__u32 least = AUGMENTER_GAIN_ONE * 17 / 16;

	return clamp_segments && min_rtt_us >= AUGMENTER_CLAMP_RTT_US && gain < least ? least : gain;
}

/*
 * The first window of one of `among` connections: what is advised, but no more than its part of what the path is known to bear at
 * once, because the first ten segments are not paced, and no more than it may ever reach. `rto_min_us` is the advised least timeout; 0: the
 * kernel's.
 */
static inline __u32 augmenter_first_window(__u32 advised_segments, __u32 burst_segments, __u32 among, __u32 clamp_segments,
					   __u32 rto_min_us)
{
	__u32 smallest = rto_min_us ? AUGMENTER_SMALLEST_WINDOW_PROMPT_SEGMENTS : AUGMENTER_SMALLEST_WINDOW_SEGMENTS;
	__u32 window = advised_segments;
	__u32 burst = burst_segments ? burst_segments / (among ? among : 1) : AUGMENTER_UNPACED_SEGMENTS;

	if (burst < AUGMENTER_UNPACED_SEGMENTS && burst < window)
		window = burst;
	if (clamp_segments && clamp_segments < window)
		window = clamp_segments;
	return window < smallest ? smallest : window;
}

/*
 * When one that begins with a single segment asks after it: a tail loss probe waits for the least timeout (tcp_schedule_loss_probe). Not
 * even one segment of each is sure to fit there, and if all that lost theirs asked at the same moment, most would lose the probe as well
 * and wait for the kernel's own timeout. So they ask in turn.
 */
static inline __u32 augmenter_probe_us(__u32 rto_min_us, __u32 turn, __u64 path_rate_bytes_per_s, __u32 mss_bytes)
{
	__u64 turn_bytes = (__u64)AUGMENTER_PROBE_TURN_SEGMENTS * mss_bytes;
	__u64 turn_us = path_rate_bytes_per_s ? turn_bytes * 1000000 / path_rate_bytes_per_s : 0;
	__u64 probe_us = rto_min_us + turn * turn_us;

	return probe_us < AUGMENTER_TIMEOUT_HIGHEST_US ? (__u32)probe_us : AUGMENTER_TIMEOUT_HIGHEST_US;
}

/*
 * The segments of which a loss says that a first window was too large a burst. One of a crowd sends its window at once, however small. The
 * aggregate behind ten segments that are not paced leaves right after them: where these just fit, it is what is lost.
 */
static inline __u32 augmenter_head_segments(__u32 window_segments, int is_together)
{
	if (is_together)
		return window_segments;
	return window_segments < AUGMENTER_UNPACED_SEGMENTS ? AUGMENTER_UNPACED_SEGMENTS : AUGMENTER_AT_ONCE_SEGMENTS;
}

/*
 * A part of what fits, made for `expected` hosts, where the receiver has asked `told` of them so far. In a round trip of it more may follow, but
 * hardly more than twice as many. `highest_segments` bounds what comes of the two counts, neither of which is of this host.
 */
static inline __u32 augmenter_together_part(__u32 segments, __u32 expected, __u32 told, __u32 highest_segments)
{
	__u64 among = 2 * (__u64)told;
	__u64 part = among == 0 || among >= expected ? segments : (__u64)segments * expected / among;

	return part < highest_segments ? (__u32)part : highest_segments;
}

/* One of `among` connections' part of what this host may have in flight to a receiver that many hosts send to. */
static inline __u32 augmenter_together_clamp(__u32 together_segments, __u32 among)
{
	__u32 part = together_segments / (among ? among : 1);

	return part < AUGMENTER_SMALLEST_WINDOW_SEGMENTS ? AUGMENTER_SMALLEST_WINDOW_SEGMENTS : part;
}

/*
 * Its first window, which leaves at once and is no larger than its part. One segment may do: the timeout of a tail loss probe is short where the receiver acknowledges
 * promptly (tcp_schedule_loss_probe).
 */
static inline __u32 augmenter_together_window(__u32 window_segments, __u32 among, __u32 clamp_segments)
{
	return augmenter_clamp(window_segments / (among ? among : 1), 1, clamp_segments);
}

/*
 * What becomes of that bound in a round trip: it holds while every one of the last eight saw a queue. A single one that saw none says that the
 * others have ended or never came (the other way round says little: TCP paces a small window evenly over the RTT, and its segments wait for
 * each other to be acknowledged in pairs), and the bound grows by a quarter in every other round.
 */
static inline __u32 augmenter_together_after(__u32 clamp_segments, __u32 rounds, __u32 held_rounds, __u32 queued_rounds)
{
	if (rounds < held_rounds || queued_rounds >= AUGMENTER_TOGETHER_HELD_ROUNDS || rounds % 2 ||
	    clamp_segments >= AUGMENTER_WINDOW_UNLIMITED / 2)
		return clamp_segments;
	return clamp_segments + (clamp_segments < 4 ? 1 : clamp_segments / 4);
}

/* A jump that went too far loses a part of everything it sends: no more than this says nothing against the advice. */
static inline __u32 augmenter_excused_loss(__u32 segments_sent)
{
	return AUGMENTER_EXCUSED_SEGMENTS + segments_sent / AUGMENTER_EXCUSED_SHARE;
}

/*
 * The bytes acknowledged since `elapsed_us` ago by which a connection is one that wants the path, not small talk: five segments, or half of what
 * it could have sent where that is less, out of its share (`pacing_bytes_per_s`, 0: not paced) or its congestion window.
 */
static inline __u64 augmenter_demand_bytes(__u32 pacing_bytes_per_s, __u32 elapsed_us, __u32 window_segments, __u32 mss_bytes)
{
	__u64 demand = (__u64)AUGMENTER_DEMAND_SEGMENTS * mss_bytes;
	__u64 half_window = (__u64)window_segments * mss_bytes / 2;
	__u64 half_share = (__u64)pacing_bytes_per_s * elapsed_us / 2000000;

	if (half_window < demand)
		demand = half_window;
	if (pacing_bytes_per_s && half_share < demand)
		demand = half_share;
	return demand ? demand : 1;
}

/* Whether a queue is no more than windows clamped to a little more than their shares make of it, and the segments that shares are rounded to. */
static inline int augmenter_queued_by_clamp(__u32 rtt_us, __u32 min_rtt_us)
{
	return rtt_us <= min_rtt_us + min_rtt_us / 2;
}

/* One connection's part of a path that `busy` connections share, times a gain; what SO_MAX_PACING_RATE takes. */
static inline __u32 augmenter_pacing_rate(__u64 path_rate_bytes_per_s, __u32 busy, __u32 gain)
{
	__u64 rate = path_rate_bytes_per_s / (busy ? busy : 1) * gain / AUGMENTER_GAIN_ONE;

	/* 0 would mean "not paced" to TCP, all ones "no cap"; and one segment at a byte a second holds a connection for half an hour. */
	if (rate < AUGMENTER_PACING_LOWEST_BYTES_PER_S)
		return AUGMENTER_PACING_LOWEST_BYTES_PER_S;
	return rate >= AUGMENTER_PACING_UNLIMITED ? AUGMENTER_PACING_UNLIMITED - 1 : (__u32)rate;
}

/*
 * A long connection that is alone probes upward: one round at more than its share, then one at what is proved so far, in
 * which a queue would show, and so on by growing steps. A cap that is right is exceeded by a quarter for one round (the queue
 * of which is an eighth of the RTT and more, so seen); one that is a quarter of the truth is gone after 16 rounds.
 * Returns the gain after a number of rounds without a queue, where the first `waiting_rounds` of them are not for probing;
 * 0: the advice is wrong, lift the cap.
 */
static inline __u32 augmenter_gain_after(__u32 clean_rounds, __u32 waiting_rounds)
{
	__u32 step;

	if (clean_rounds < waiting_rounds)
		return AUGMENTER_GAIN_ONE;
	/* Even rounds try the next step, odd ones keep the last. */
	step = (clean_rounds - waiting_rounds) / 2 + ((clean_rounds - waiting_rounds) % 2 == 0);
	switch (step) {
	case 0:
		return AUGMENTER_GAIN_ONE;
	case 1:
		return AUGMENTER_GAIN_ONE * 17 / 16;
	case 2:
		return AUGMENTER_GAIN_ONE * 9 / 8;
	case 3:
		return AUGMENTER_GAIN_ONE * 5 / 4;
	case 4:
		return AUGMENTER_GAIN_ONE * 3 / 2;
	case 5:
		return AUGMENTER_GAIN_ONE * 2;
	case 6:
		return AUGMENTER_GAIN_ONE * 3;
	default:
		return 0;
	}
}

/* Where the buffer is small a probe loses what it sends too much: the next one waits four times as long. */
static inline __u32 augmenter_waiting_rounds_after_loss(__u32 waiting_rounds)
{
	return augmenter_clamp(waiting_rounds * AUGMENTER_CLEAN_ROUNDS_FACTOR, AUGMENTER_CLEAN_ROUNDS,
			       AUGMENTER_CLEAN_ROUNDS_HIGHEST);
}

/*
 * Did as much arrive as was paced? Within a thirty-second: samples of a path that is not full are that exact, and one that is paced
 * a twentieth above its rate must not pass for one that may carry more.
 */
static inline int augmenter_filled(__u32 kbytes_per_s, __u32 pacing_bytes_per_s)
{
	return (__u64)kbytes_per_s * 1000 >= (__u64)pacing_bytes_per_s * 31 / 32;
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

/*
 * What the path must carry if one of `among` equal connections was delivered `kbytes_per_s`. Where there are several that
 * is a guess, because the others may have been idle, so it never says more than what they were advised.
 */
static inline __u32 augmenter_implied_path_rate(__u32 kbytes_per_s, __u32 among, __u64 path_rate_bytes_per_s)
{
	__u64 all = (__u64)kbytes_per_s * among;
	__u64 advised = path_rate_bytes_per_s / 1000;

	if (among <= 1)
		return kbytes_per_s;
	all = all < advised ? all : advised;
	return all > 0xffffffffU ? 0xffffffffU : (__u32)all;
}

#endif
