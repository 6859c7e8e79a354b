/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* How many connections share a destination's path right now, and what they deliver together. */
#ifndef AUGMENTER_SHARE_H
#define AUGMENTER_SHARE_H

#include "maps.h"
#include "policy.h"
#include "turn.h"

/* A slot is a little longer than an RTT, so that every busy connection is sampled in it. */
#define AUGMENTER_SLOT_LOWEST_US 8000
#define AUGMENTER_SLOT_HIGHEST_US 1000000
#define AUGMENTER_RTT_MIN_WINDOW_US 10000000

static __always_inline void share_keep_together(struct augmenter_share *share, __u64 bytes, __u64 interval_us)
{
	__u32 rate = augmenter_kbytes_per_s(bytes, interval_us);

	if (rate > share->together_kbytes_per_s)
		share->together_kbytes_per_s = rate;
}

/*
 * Moves on to the next slot when it is time, and keeps what the connections delivered together where several were busy: in the
 * slot before the one that ends, and in that one too where nothing more will be told of it.
 */
static __always_inline void share_advance(struct augmenter_share *share, __u64 now_us)
{
	__u64 started_us = share->slot_started_us;
	__u64 before_us = share->slot_before_started_us;
	__u64 elapsed_us = now_us - started_us;
	__u32 slot_us = share->slot_us ? share->slot_us : AUGMENTER_SLOT_HIGHEST_US;

	/* Another CPU may have moved it past our now_us. */
	if (now_us <= started_us || elapsed_us < slot_us)
		return;
	if (__sync_val_compare_and_swap(&share->slot_started_us, started_us, now_us) != started_us)
		return;
	if (before_us && share->before.crowded)
		share_keep_together(share, share->before.bytes, started_us - before_us);
	if (elapsed_us < 2 * (__u64)slot_us) {
		share->slot_before_started_us = started_us;
		share->before = share->now;
		share->slot += 1;
	} else {
		if (share->now.crowded && share->last_bytes_us > started_us + slot_us / 2)
			share_keep_together(share, share->now.bytes, share->last_bytes_us - started_us);
		share->slot_before_started_us = 0;
		share->before = empty_slot;
		/* No connection was counted in the slot before this one. */
		share->slot += 2;
	}
	share->now = empty_slot;
}

/*
 * Counts bytes that were acknowledged between since_us and now_us, evenly over that time, for this slot and the one before.
 */
static __always_inline void share_take_bytes(struct augmenter_share *share, __u64 bytes, __u64 since_us, __u64 now_us)
{
	__u64 started_us = share->slot_started_us;
	__u64 before_us = share->slot_before_started_us;
	__u64 all_us = now_us - since_us;
	__u64 part;

	if (now_us <= since_us || now_us <= started_us || bytes >= 1ULL << 40 || all_us >= 1ULL << 23)
		return;
	share->last_bytes_us = now_us;
	if (since_us >= started_us) {
		__sync_fetch_and_add(&share->now.bytes, bytes);
		return;
	}
	part = bytes * (now_us - started_us) / all_us;
	__sync_fetch_and_add(&share->now.bytes, part);
	if (before_us == 0)
		return;
	part = since_us >= before_us ? bytes - part : bytes * (started_us - before_us) / all_us;
	__sync_fetch_and_add(&share->before.bytes, part);
}

/* Where another CPU was faster one too many is left, never one below zero: it is forgotten with the slot. */
static __always_inline void share_take_back(__u32 *value)
{
	__u32 before = *(volatile __u32 *)value;

	if (before > 0)
		__sync_val_compare_and_swap(value, before, before - 1);
}

/* A SYN was sent or has come: the connection will want its part one RTT from now. */
static __always_inline void share_expect(struct augmenter_share *share)
{
	__sync_fetch_and_add(&share->now.pending, 1);
}

/* The handshake that was expected is done. */
static __always_inline void share_expected_came(struct augmenter_share *share)
{
	share_take_back(share->before.pending > 0 ? &share->before.pending : &share->now.pending);
}

/* In the slot that runs not all were counted yet. */
static __always_inline const struct augmenter_slot *share_fuller_slot(const struct augmenter_share *share)
{
	return share->now.busy > share->before.busy ? &share->now : &share->before;
}

static __always_inline __u32 share_rtt_min_us(const struct augmenter_share *share)
{
	__u32 before_us = share->rtt_min_before_us;

	return before_us && before_us < share->rtt_min_us ? before_us : share->rtt_min_us;
}

/* What those that end leave of a path's rate to those that are busy, for about a slot. */
static __always_inline __u64 share_rate_left(const struct augmenter_share *share, __u64 path_rate_bytes_per_s, __u64 now_us)
{
	__u64 elapsed_us = now_us - share->slot_started_us;
	__u64 bytes = share->now.ending_bytes;
	__u32 slot_us = share->slot_us;

	if (slot_us && elapsed_us < slot_us)
		bytes += share->before.ending_bytes * (slot_us - elapsed_us) / slot_us;
	return augmenter_rate_left(path_rate_bytes_per_s, bytes, slot_us);
}

/* Connections that want the path now, this one included. */
static __always_inline __u32 share_busy(const struct augmenter_share *share)
{
	return augmenter_clamp(share_fuller_slot(share)->busy, 1, AUGMENTER_BUSY_HIGHEST);
}

static __always_inline __u32 share_pending(const struct augmenter_share *share)
{
	return augmenter_clamp(share->now.pending, 0, AUGMENTER_BUSY_HIGHEST) +
	       augmenter_clamp(share->before.pending, 0, AUGMENTER_BUSY_HIGHEST);
}

/* And those that will in an RTT, for one that begins: where many begin together, the first must not take what is theirs. */
static __always_inline __u32 share_busy_soon(const struct augmenter_share *share)
{
	__u32 busy = augmenter_clamp(share_fuller_slot(share)->busy, 0, AUGMENTER_BUSY_HIGHEST);

	return augmenter_clamp(busy + share_pending(share), 1, AUGMENTER_BUSY_HIGHEST);
}

/* Whose turn it is of those that begin: a little more than half of all that will be there in an RTT. */
static __always_inline __u32 share_first_turn(const struct augmenter_share *share)
{
	__u32 busy = share_fuller_slot(share)->busy;
	__u32 pending = share_pending(share);

	return busy <= pending + (busy + pending) / 8 ? AUGMENTER_TURN_EARLY : AUGMENTER_TURN_LATE;
}

/* And of those that are busy: whoever began before the mean of them, or hardly after it. */
static __always_inline __u32 share_turn(const struct augmenter_share *share, const struct augmenter_flow *flow, __u64 bytes_acked)
{
	const struct augmenter_slot *slot = share_fuller_slot(share);
	__u64 ranked = (__u64)slot->early + slot->late;

	if (bytes_acked >= AUGMENTER_TURN_BYTES)
		return AUGMENTER_TURN_NONE;
	return ranked * flow->number <= slot->numbers + ranked * ranked / 16 ? AUGMENTER_TURN_EARLY : AUGMENTER_TURN_LATE;
}

static __always_inline __u32 share_turn_gain(const struct augmenter_share *share, __u32 turn, __u32 rtt_us)
{
	const struct augmenter_slot *slot = share_fuller_slot(share);

	/* Where the kernel sends in large aggregates no pacing is exact enough. */
	return rtt_us < AUGMENTER_CLAMP_RTT_US ? AUGMENTER_GAIN_ONE : augmenter_turn_gain(turn, slot->early, slot->late);
}

static __always_inline void share_mark_busy(struct augmenter_share *share, struct augmenter_flow *flow, __u32 turn)
{
	/* Slot 0 is "never": a share's slots count from 2, because its first advance finds it stale. */
	if (flow->slot == share->slot)
		return;
	flow->slot_before = flow->slot;
	flow->turn_before = flow->turn;
	flow->slot = share->slot;
	flow->turn = turn;
	if (__sync_fetch_and_add(&share->now.busy, 1) > 0)
		share->now.crowded = 1;
	if (turn == AUGMENTER_TURN_NONE)
		return;
	__sync_fetch_and_add(&share->now.numbers, flow->number);
	__sync_fetch_and_add(turn == AUGMENTER_TURN_EARLY ? &share->now.early : &share->now.late, 1);
}

static __always_inline void share_leave_slot(struct augmenter_slot *slot, const struct augmenter_flow *flow, __u32 turn)
{
	__u64 numbers;

	share_take_back(&slot->busy);
	if (turn == AUGMENTER_TURN_NONE)
		return;
	/* As above: what another CPU has just begun anew does not become less than nothing. */
	numbers = *(volatile __u64 *)&slot->numbers;
	if (numbers >= flow->number)
		__sync_val_compare_and_swap(&slot->numbers, numbers, numbers - flow->number);
	share_take_back(turn == AUGMENTER_TURN_EARLY ? &slot->early : &slot->late);
}

static __always_inline void share_leave(struct augmenter_share *share, struct augmenter_flow *flow)
{
	__u32 slot = share->slot;

	if (flow->slot == slot) {
		share_leave_slot(&share->now, flow, flow->turn);
		if (flow->slot_before == slot - 1)
			share_leave_slot(&share->before, flow, flow->turn_before);
	} else if (flow->slot == slot - 1) {
		share_leave_slot(&share->before, flow, flow->turn);
	}
	flow->slot = 0;
	flow->slot_before = 0;
}

/* All that it has is sent within an RTT: until then it takes that much of the others' rate, and nothing any more. Where it takes longer, it is not told again. */
static __always_inline void share_end(struct augmenter_share *share, struct augmenter_flow *flow, __u32 unsent_bytes)
{
	share_leave(share, flow);
	if (!flow->ended)
		__sync_fetch_and_add(&share->now.ending_bytes, unsent_bytes);
	flow->ended = 1;
}

/* First trains of about a minute that were sent to be read; one that was read counts as several. */
static __always_inline __u32 share_trains(const struct augmenter_share *share, __u64 now_us)
{
	return now_us - share->trains_since_us < AUGMENTER_FIRST_TRAINS_US ? share->trains : 0;
}

static __always_inline void share_take_trains(struct augmenter_share *share, __u32 trains, __u64 now_us)
{
	/* Where two CPUs begin anew at once, one train is not counted. */
	if (now_us - share->trains_since_us >= AUGMENTER_FIRST_TRAINS_US) {
		share->trains = 0;
		share->trains_since_us = now_us;
	}
	__sync_fetch_and_add(&share->trains, trains);
}

static __always_inline void share_take_rtt(struct augmenter_share *share, __u32 rtt_us, __u64 now_us)
{
	if (now_us > share->rtt_min_since_us + AUGMENTER_RTT_MIN_WINDOW_US) {
		share->rtt_min_since_us = now_us;
		share->rtt_min_before_us = share->rtt_min_us;
		share->rtt_min_us = rtt_us;
	} else if (share->rtt_min_us == 0 || rtt_us < share->rtt_min_us) {
		share->rtt_min_us = rtt_us;
	}
	share->slot_us = augmenter_clamp(rtt_us + rtt_us / 4, AUGMENTER_SLOT_LOWEST_US, AUGMENTER_SLOT_HIGHEST_US);
}

/*
 * Whether nothing need be known of a connection to there: it has no advice, and enough others were sampled in this interval. What
 * most connections of a busy host cost is this.
 */
static __always_inline int is_sampled_enough(const struct augmenter_share *share, const struct augmenter_switches *switches)
{
	return share->interval == switches->interval && share->sampled >= AUGMENTER_SAMPLED_CONNECTIONS && !share->advised;
}

#endif
