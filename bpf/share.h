/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* How many connections share a destination's path right now, and what they deliver together. */
#ifndef AUGMENTER_SHARE_H
#define AUGMENTER_SHARE_H

#include "maps.h"
#include "policy.h"

/* A slot is long enough that every busy connection is sampled in it, and that what it delivers says something. */
#define AUGMENTER_SLOT_LOWEST_US 10000
#define AUGMENTER_SLOT_HIGHEST_US 1000000
#define AUGMENTER_RTT_MIN_WINDOW_US 10000000

/*
 * Moves on to the next slot when it is time. Returns what the connections delivered together in the slot that
 * ended, in kilobytes a second, where at least two were busy in it; otherwise 0.
 */
static __always_inline __u32 share_advance(struct augmenter_share *share, __u64 now_us)
{
	__u64 started_us = share->slot_started_us;
	__u64 elapsed_us = now_us - started_us;
	__u32 slot_us = share->slot_us ? share->slot_us : AUGMENTER_SLOT_HIGHEST_US;
	__u32 busy = share->busy;
	__u32 together = 0;

	/* Another CPU may have moved it past our now_us. */
	if (now_us <= started_us || elapsed_us < slot_us)
		return 0;
	if (__sync_val_compare_and_swap(&share->slot_started_us, started_us, now_us) != started_us)
		return 0;
	if (elapsed_us < 2 * (__u64)slot_us) {
		if (busy > 1)
			together = augmenter_kbytes_per_s(share->slot_bytes, elapsed_us);
		share->busy_before = busy;
		share->pending_before = share->pending;
		share->slot += 1;
	} else {
		share->busy_before = 0;
		share->pending_before = 0;
		/* No connection was counted in the slot before this one. */
		share->slot += 2;
	}
	share->slot_bytes = 0;
	share->busy = 0;
	share->pending = 0;
	return together;
}

/*
 * Counts acknowledged bytes for the slot, if they were acknowledged in it from first to last: so the sum over the slot is
 * never more than the path carried.
 */
static __always_inline void share_take_bytes(struct augmenter_share *share, __u64 bytes, __u64 since_us)
{
	if (since_us >= share->slot_started_us)
		__sync_fetch_and_add(&share->slot_bytes, bytes);
}

static __always_inline void share_take_back(__u32 *value)
{
	if (*value > 0 && *value < 0x80000000U)
		__sync_fetch_and_add(value, -1);
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
	__sync_fetch_and_add(&share->busy, 1);
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
	__u32 all = busy + share->pending + share->pending_before;

	return all ? all : 1;
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
	share->slot_us = augmenter_clamp(2 * rtt_us, AUGMENTER_SLOT_LOWEST_US, AUGMENTER_SLOT_HIGHEST_US);
}

static __always_inline __u32 share_rtt_min_us(const struct augmenter_share *share)
{
	__u32 before_us = share->rtt_min_before_us;

	return before_us && before_us < share->rtt_min_us ? before_us : share->rtt_min_us;
}

#endif
