/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* How many connections share a destination's path right now, and what they deliver together. */
#ifndef AUGMENTER_SHARE_H
#define AUGMENTER_SHARE_H

#include "maps.h"
#include "policy.h"

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
	if (before_us && share->crowded_before)
		share_keep_together(share, share->slot_bytes_before, started_us - before_us);
	if (elapsed_us < 2 * (__u64)slot_us) {
		share->slot_before_started_us = started_us;
		share->slot_bytes_before = share->slot_bytes;
		share->busy_before = share->busy;
		share->crowded_before = share->crowded;
		share->pending_before = share->pending;
		share->slot += 1;
	} else {
		if (share->crowded && share->last_bytes_us > started_us + slot_us / 2)
			share_keep_together(share, share->slot_bytes, share->last_bytes_us - started_us);
		share->slot_before_started_us = 0;
		share->slot_bytes_before = 0;
		share->busy_before = 0;
		share->crowded_before = 0;
		share->pending_before = 0;
		/* No connection was counted in the slot before this one. */
		share->slot += 2;
	}
	share->slot_bytes = 0;
	share->busy = 0;
	share->crowded = 0;
	share->pending = 0;
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
		__sync_fetch_and_add(&share->slot_bytes, bytes);
		return;
	}
	part = bytes * (now_us - started_us) / all_us;
	__sync_fetch_and_add(&share->slot_bytes, part);
	if (before_us == 0)
		return;
	part = since_us >= before_us ? bytes - part : bytes * (started_us - before_us) / all_us;
	__sync_fetch_and_add(&share->slot_bytes_before, part);
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
	__sync_fetch_and_add(&share->pending, 1);
}

/* The handshake that was expected is done. */
static __always_inline void share_expected_came(struct augmenter_share *share)
{
	if (share->pending_before > 0)
		share_take_back(&share->pending_before);
	else
		share_take_back(&share->pending);
}

static __always_inline void share_mark_busy(struct augmenter_share *share, struct augmenter_flow *flow)
{
	/* Slot 0 is "never": a share's slots count from 2, because its first advance finds it stale. */
	if (flow->slot == share->slot)
		return;
	flow->slot_before = flow->slot;
	flow->slot = share->slot;
	if (__sync_fetch_and_add(&share->busy, 1) > 0)
		share->crowded = 1;
}

static __always_inline void share_leave(struct augmenter_share *share, struct augmenter_flow *flow)
{
	__u32 slot = share->slot;

	if (flow->slot == slot)
		share_take_back(&share->busy);
	if (flow->slot == slot - 1 || (flow->slot == slot && flow->slot_before == slot - 1))
		share_take_back(&share->busy_before);
}

/* Connections that want the path now, this one included. */
static __always_inline __u32 share_busy(const struct augmenter_share *share)
{
	__u32 busy = share->busy > share->busy_before ? share->busy : share->busy_before;

	return augmenter_clamp(busy, 1, AUGMENTER_BUSY_HIGHEST);
}

/* And those that will in an RTT, for one that begins: where many begin together, the first must not take what is theirs. */
static __always_inline __u32 share_busy_soon(const struct augmenter_share *share)
{
	__u32 pending = augmenter_clamp(share->pending, 0, AUGMENTER_BUSY_HIGHEST) +
			augmenter_clamp(share->pending_before, 0, AUGMENTER_BUSY_HIGHEST);
	__u32 busy = share->busy > share->busy_before ? share->busy : share->busy_before;

	return augmenter_clamp(augmenter_clamp(busy, 0, AUGMENTER_BUSY_HIGHEST) + pending, 1, AUGMENTER_BUSY_HIGHEST);
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

static __always_inline __u32 share_rtt_min_us(const struct augmenter_share *share)
{
	__u32 before_us = share->rtt_min_before_us;

	return before_us && before_us < share->rtt_min_us ? before_us : share->rtt_min_us;
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
