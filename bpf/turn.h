/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* Of many connections of one host those that began first come first: the arithmetic of it. As in policy.h no maps, no helpers, no state. */
#ifndef AUGMENTER_TURN_H
#define AUGMENTER_TURN_H

#include "policy.h"

enum augmenter_turn {
	/* One that has sent too much to be waited for: it has an equal share. */
	AUGMENTER_TURN_NONE,
	AUGMENTER_TURN_EARLY,
	AUGMENTER_TURN_LATE,
};

enum augmenter_turn_limit {
	/* Gains on an equal share: of those whose turn it is at the most, and of those that wait at the least. Two to one. */
	AUGMENTER_GAIN_EARLY = AUGMENTER_GAIN_ONE * 4 / 3,
	AUGMENTER_GAIN_LATE = AUGMENTER_GAIN_ONE * 2 / 3,
	/* Among fewer nobody waits: what each of them leaves behind is a step too large for the others to fill at once. */
	AUGMENTER_TURN_CONNECTIONS = 8,
	/* One that has sent this much takes no turns: nobody is to wait for a large transfer. */
	AUGMENTER_TURN_BYTES = 256 << 10,
	/*
	 * So many first trains of a destination are wanted in such a time, or, where they are lost or tell nothing, so many times as many
	 * sent. Where nobody is first one connection in so many sends one.
	 */
	AUGMENTER_FIRST_TRAINS_WANTED = 16,
	AUGMENTER_FIRST_TRAINS_SENT = 4,
	AUGMENTER_FIRST_TRAINS_US = 60000000,
	AUGMENTER_FIRST_TRAINS_ONE_OF = 8,
};

/*
 * The gain on an equal share where `early` connections take their turn and `late` ones wait for theirs. Equal transfers that share equally
 * all end together, at the end. If half of them have twice the rate of the others, these are done after three quarters of the time, and
 * the last no later than otherwise. The gains add up to equal shares.
 */
static inline __u32 augmenter_turn_gain(__u32 turn, __u32 early, __u32 late)
{
	__u32 all = (early + late) * AUGMENTER_GAIN_ONE;

	if (turn == AUGMENTER_TURN_NONE || early + late < AUGMENTER_TURN_CONNECTIONS)
		return AUGMENTER_GAIN_ONE;
	/* A few gain nothing for the many, nor the many for a few. */
	if (4 * early < early + late || 4 * late < early + late)
		return AUGMENTER_GAIN_ONE;
	if (early > late)
		return turn == AUGMENTER_TURN_LATE ? AUGMENTER_GAIN_LATE : (all - late * AUGMENTER_GAIN_LATE) / early;
	return turn == AUGMENTER_TURN_EARLY ? AUGMENTER_GAIN_EARLY : (all - early * AUGMENTER_GAIN_EARLY) / late;
}

/*
 * Whether a connection sends the ten unpaced segments it is advised, though all of those that begin together would send too much with so many, and
 * its own part of that is less. If none ever did, no train would tell that the path is faster than is believed: as long as few trains came, or many were
 * sent in vain, the first of them does, or one in eight where there is no first.
 */
static inline int augmenter_sends_train(__u32 advised_segments, __u32 part_segments, __u32 burst_segments, __u32 trains_sent, int is_turn)
{
	if (advised_segments < AUGMENTER_UNPACED_SEGMENTS || part_segments >= AUGMENTER_UNPACED_SEGMENTS)
		return 0;
	return is_turn && burst_segments >= 2 * AUGMENTER_UNPACED_SEGMENTS && trains_sent < AUGMENTER_FIRST_TRAINS_WANTED * AUGMENTER_FIRST_TRAINS_SENT;
}

#define AUGMENTER_UNSENT_UNKNOWN 0xffffffffU

/* Whether so many bytes leave within an RTT, at a rate and in a window. */
static inline int augmenter_sent_within(__u32 bytes, __u32 rate_bytes_per_s, __u32 rtt_us, __u64 window_bytes)
{
	return bytes != AUGMENTER_UNSENT_UNKNOWN && bytes <= window_bytes && bytes <= (__u64)rate_bytes_per_s * rtt_us / 1000000;
}

/* What others leave of a rate if they still send so many bytes in a time: at least a quarter. */
static inline __u64 augmenter_rate_left(__u64 rate_bytes_per_s, __u64 bytes, __u32 time_us)
{
	__u64 taken = time_us && bytes < 1ULL << 40 ? bytes * 1000000 / time_us : 0;

	return taken < rate_bytes_per_s / 4 * 3 ? rate_bytes_per_s - taken : rate_bytes_per_s / 4;
}

#endif
