/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* What a connection's callbacks add to the fold of its destination. */
#ifndef AUGMENTER_SAMPLE_H
#define AUGMENTER_SAMPLE_H

#include <bpf/bpf_core_read.h>
#include "maps.h"
#include "policy.h"
#include "share.h"
#include "turn.h"

/* The fields that only CO-RE reaches; needs CAP_PERFMON (augmenter_sockops_basic does without it). */
struct tcp_sock {
	__u8 rate_app_limited : 1;
	__u32 write_seq;
} __attribute__((preserve_access_index));

static __always_inline int app_limited(struct bpf_sock *sk, int have_core)
{
	struct tcp_sock *tp;

	/* Without the field a rate is only ever taken as "at least this much". */
	if (!have_core)
		return 1;
	tp = bpf_skc_to_tcp_sock(sk);
	return tp ? BPF_CORE_READ_BITFIELD(tp, rate_app_limited) : 1;
}

/* What a connection is still to send, if its program has closed it and no loss is repaired; otherwise nobody knows. */
static __always_inline __u32 unsent_bytes_of(struct bpf_sock *sk, const struct bpf_tcp_sock *tp, int have_core)
{
	struct tcp_sock *core;

	if (!have_core || tp->lost_out || tp->retrans_out)
		return AUGMENTER_UNSENT_UNKNOWN;
	/* The second one: the other end has closed before. */
	if (sk->state != BPF_TCP_FIN_WAIT1 && sk->state != BPF_TCP_LAST_ACK)
		return AUGMENTER_UNSENT_UNKNOWN;
	core = bpf_skc_to_tcp_sock(sk);
	return core ? core->write_seq - tp->snd_nxt : AUGMENTER_UNSENT_UNKNOWN;
}

static __always_inline void take_rate(struct augmenter_fold *fold, __u32 kbytes_per_s, int saturated)
{
	if (kbytes_per_s == 0)
		return;
	if (saturated)
		keep_sample(fold->saturated_kbytes_per_s, __sync_fetch_and_add(&fold->saturated_samples, 1),
			    kbytes_per_s);
	else
		keep_sample(fold->unsaturated_kbytes_per_s, __sync_fetch_and_add(&fold->unsaturated_samples, 1),
			    kbytes_per_s);
}

/* Whether the segments that left at once, those of all connections that began together, found room in the buffers of the path. */
static __always_inline void fold_burst(struct bpf_tcp_sock *tp, struct augmenter_flow *flow, struct augmenter_fold *fold)
{
	__u32 own = tp->data_segs_out < flow->head_segments ? tp->data_segs_out : flow->head_segments;
	__u32 burst = own * flow->began_among;

	if (flow->sends_train)
		return;
	if (flow->head_lost) {
		__sync_fetch_and_add(&fold->bursts_lost, 1);
		__sync_fetch_and_add(&fold->burst_lost_sum, burst);
	} else {
		__sync_fetch_and_add(&fold->bursts_kept, 1);
		if (burst > fold->burst_kept_highest)
			fold->burst_kept_highest = burst;
	}
}

static __always_inline void take_rtt(struct augmenter_fold *fold, __u32 rtt_us)
{
	if (rtt_us == 0)
		return;
	/* Two CPUs may race here; the loser's sample is one of many. */
	if (fold->rtt_min_us == 0 || rtt_us < fold->rtt_min_us)
		fold->rtt_min_us = rtt_us;
	keep_sample(fold->rtt_us, __sync_fetch_and_add(&fold->rtt_samples, 1), rtt_us);
}

/*
 * Whether what was paced came as fast as that: if it did, and left no queue, the path may carry more. Where the window was too small for
 * the pace, that it came slower says nothing.
 */
static __always_inline void take_filling(struct augmenter_fold *fold, const struct bpf_tcp_sock *tp,
					 const struct augmenter_flow *flow, const struct augmenter_share *share,
					 __u32 kbytes_per_s)
{
	if (!augmenter_filled(kbytes_per_s, flow->pacing_bytes_per_s)) {
		if (tp->snd_cwnd >= augmenter_bdp_segments(flow->pacing_bytes_per_s, share_rtt_min_us(share), tp->mss_cache))
			__sync_fetch_and_add(&fold->pacing_missed, 1);
	} else if (!flow->queued) {
		__sync_fetch_and_add(&fold->pacing_filled, 1);
	}
}

/*
 * The connection's delivery rate over its last round. What it is worth depends on who held it back: a paced connection that
 * sees a queue tells the path's capacity; otherwise the path carries at least this much, and the fastest round counts.
 */
static __always_inline void fold_rate(struct bpf_sock *sk, struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
				      struct augmenter_fold *fold, const struct augmenter_share *share, int lost,
				      int have_core)
{
	__u32 rate = augmenter_kbytes_per_s((__u64)tp->rate_delivered * tp->mss_cache, tp->rate_interval_us);

	if (flow->pacing_bytes_per_s) {
		/* The round must have been sent at one pace to say something about it; nor does it while a loss is repaired. */
		if (flow->paced_rounds == 0 || lost)
			return;
		take_filling(fold, tp, flow, share, rate);
		/* How full the path is for all of them is told by the share. */
		if (flow->paced_among > 1 && flow->queued)
			return;
		rate = augmenter_implied_path_rate(rate, flow->paced_among, flow->path_rate_bytes_per_s);
		if (flow->queued && !app_limited(sk, have_core)) {
			take_rate(fold, rate, 1);
			return;
		}
	} else if (share_busy(share) > 1) {
		/* Only its part: what all of them delivered is told by the share. */
		return;
	}
	if (rate > flow->fastest_kbytes_per_s)
		flow->fastest_kbytes_per_s = rate;
	flow->fastest_rounds += 1;
}

/*
 * Bytes that came through since the connection was last folded: those that were acknowledged, but not those that had come out of order before
 * and are acknowledged now, all at once, as the gap before them is closed.
 */
static __always_inline __u64 came_through_bytes(const struct bpf_tcp_sock *tp, const struct augmenter_flow *flow)
{
	__u64 acked = tp->bytes_acked - flow->bytes_acked;
	__u64 delivered = (__u64)(tp->delivered - flow->segments_delivered) * tp->mss_cache;

	return acked < delivered ? acked : delivered;
}

/*
 * What was acknowledged between the first acknowledgement of the last round and that of the FIN. A round's segments go out
 * one behind the other, so the slowest link has spread them: their spacing is its rate, long before the window fills it. The
 * delivery rate of the kernel cannot show this: it counts a whole RTT, most of which a short connection spends waiting.
 */
static __always_inline void fold_last_train(struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
					    struct augmenter_fold *fold, const struct augmenter_share *share,
					    __u64 now_us)
{
	__u64 bytes = came_through_bytes(tp, flow);
	__u64 spread_us = now_us - flow->folded_us;
	__u32 rate;

	/* Of a few segments the spread is mostly noise; over more than an RTT it is not one round. */
	if (bytes < AUGMENTER_TRAIN_SEGMENTS * tp->mss_cache || spread_us < AUGMENTER_TRAIN_LOWEST_US ||
	    spread_us > tp->srtt_us >> 3)
		return;
	rate = augmenter_kbytes_per_s(bytes, spread_us);
	/* A long train that came slower than it was paced, and has left a queue, is the path's capacity. */
	if (flow->pacing_bytes_per_s && flow->paced_among == 1 && bytes >= AUGMENTER_LONG_TRAIN_SEGMENTS * tp->mss_cache &&
	    !augmenter_filled(rate, flow->pacing_bytes_per_s) &&
	    augmenter_queued(tp->srtt_us >> 3, share_rtt_min_us(share))) {
		take_rate(fold, rate, 1);
		return;
	}
	if (flow->pacing_bytes_per_s) {
		if (tp->total_retrans != flow->segments_retransmitted)
			return;
		/* The first segments were not paced. */
		if (flow->bytes_acked >= AUGMENTER_UNPACED_SEGMENTS * tp->mss_cache)
			take_filling(fold, tp, flow, share, rate);
		rate = augmenter_implied_path_rate(rate, flow->paced_among, flow->path_rate_bytes_per_s);
	} else if (share_busy(share) > 1) {
		return;
	}
	if (rate > flow->fastest_kbytes_per_s)
		flow->fastest_kbytes_per_s = rate;
}

static __always_inline void flush_fastest(struct augmenter_flow *flow, struct augmenter_fold *fold)
{
	take_rate(fold, flow->fastest_kbytes_per_s, 0);
	flow->fastest_kbytes_per_s = 0;
	flow->fastest_rounds = 0;
}

/* Adds what happened since the connection was last folded: bytes, segments, and the delivery rate. */
static __always_inline void fold_progress(struct bpf_sock *sk, struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
					  struct augmenter_fold *fold, struct augmenter_share *share, __u64 now_us,
					  int have_core)
{
	__u64 acked = tp->bytes_acked - flow->bytes_acked;
	__u32 sent = tp->data_segs_out - flow->segments_sent;
	__u32 retransmitted = tp->total_retrans - flow->segments_retransmitted;
	__u32 marked = tp->delivered_ce - flow->segments_marked;
	__u32 busy = share_busy(share);
	__u32 together;

	share_advance(share, now_us);
	together = share->together_kbytes_per_s;
	share->together_kbytes_per_s = 0;
	share_take_bytes(share, came_through_bytes(tp, flow), flow->folded_us, now_us);
	__sync_fetch_and_add(&fold->bytes_acked, acked);
	__sync_fetch_and_add(&fold->segments_sent, sent);
	if (retransmitted)
		__sync_fetch_and_add(&fold->segments_retransmitted, retransmitted);
	if (marked)
		__sync_fetch_and_add(&fold->segments_marked, marked);
	if (busy > fold->connections_busy_max)
		fold->connections_busy_max = busy;
	fold->mss_bytes = tp->mss_cache;
	take_rate(fold, together, 0);
	if (acked)
		fold_rate(sk, tp, flow, fold, share, retransmitted != 0, have_core);

	flow->folded_us = now_us;
	flow->bytes_acked = tp->bytes_acked;
	flow->segments_sent = tp->data_segs_out;
	flow->segments_retransmitted = tp->total_retrans;
	flow->segments_marked = tp->delivered_ce;
	flow->segments_delivered = tp->delivered;
}

#endif
