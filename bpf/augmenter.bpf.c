// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
/*
 * Samples TCP connections of a cgroup and, where there is advice, gives new ones the first window their path has
 * already proved, paced at their share of its rate.
 *
 * Reading order: augmenter.h (contract), policy.h and turn.h (arithmetic), maps.h (state), share.h (who is busy),
 * crowd.h (who begins at once), sample.h, train.h, grant.h, then this file from the bottom up.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "crowd.h"
#include "grant.h"
#include "maps.h"
#include "policy.h"
#include "sample.h"
#include "share.h"
#include "train.h"
#include "turn.h"

/* The context of an iter/tcp program. */
struct bpf_iter__tcp {
	struct sock_common *sk_common;
} __attribute__((preserve_access_index));

/* A SYN came in, or is about to go out. */
static __always_inline void on_handshake_begun(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches,
					       int active)
{
	struct augmenter_address destination;
	struct augmenter_share *share;
	__u64 now_us;

	if (!destination_of(ctx, &destination))
		return;
	share = bpf_map_lookup_elem(&shares, &destination);
	if (share && is_sampled_enough(share, switches))
		return;
	now_us = boot_us();
	/* A flood of SYNs from anywhere adds nothing: only who is advised can be granted a share. */
	if (!share && advice_for(&destination))
		share = share_of(&destination);
	if (share) {
		share_advance(share, now_us);
		share_expect(share);
		if (active)
			crowd_ask(share, now_us);
	}
	if (active)
		open_receiver(ctx, &destination, switches, now_us);
}

static __always_inline void on_established(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches,
					   int active)
{
	struct augmenter_address destination;
	struct augmenter_share *share;
	struct augmenter_flow *flow;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;
	__u32 rtt_us, flags, hosts;
	__u64 now_us;

	if (!sk || !destination_of(ctx, &destination))
		return;
	share = share_of(&destination);
	if (!share)
		return;
	if (is_sampled_enough(share, switches)) {
		__sync_fetch_and_add(&share->unsampled, 1);
		count(AUGMENTER_CONNECTION_UNSAMPLED);
		return;
	}
	if (share->interval != switches->interval) {
		share->interval = switches->interval;
		share->sampled = 0;
	}
	__sync_fetch_and_add(&share->sampled, 1);
	tp = bpf_tcp_sock(sk);
	if (!tp)
		return;
	now_us = boot_us();
	flow = bpf_sk_storage_get(&flows, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!flow) {
		count(AUGMENTER_ERROR_FLOW_STORAGE);
		return;
	}
	fold = fold_of(&destination, switches);
	if (!fold)
		return;

	/* The socket was connected before, and has come back by connect() to AF_UNSPEC: closed, or while nobody looked. */
	if (flow->folded_us) {
		if (flow->pacing_bytes_per_s)
			lift_pacing(ctx, flow);
		__builtin_memset(flow, 0, sizeof(*flow));
	}
	flow->destination = destination;
	flow->folded_us = now_us;
	flow->bytes_acked = tp->bytes_acked;
	flow->demanded_bytes = tp->bytes_acked;
	flow->segments_retransmitted = tp->total_retrans;
	flow->segments_delivered = tp->delivered;
	flow->first_sequence = tp->snd_una;
	__sync_fetch_and_add(&fold->connections_opened, 1 + __sync_lock_test_and_set(&share->unsampled, 0));
	/* A retransmitted handshake says nothing sure about the RTT (Karn). */
	rtt_us = tp->total_retrans ? 0 : tp->srtt_us >> 3;
	take_rtt(fold, rtt_us);
	share_advance(share, now_us);
	share_expected_came(share);
	flow->number = __sync_add_and_fetch(&share->begun, 1);
	share_mark_busy(share, flow, share_first_turn(share));
	hosts = crowd_join(share, rtt_us, now_us);
	if (hosts > fold->hosts_together)
		fold->hosts_together = hosts;
	if (rtt_us)
		share_take_rtt(share, rtt_us, now_us);

	/* Flags are replaced as a whole: keep what other programs have set. */
	flags = ctx->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG |
		BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
	flow->began_among = share_busy_soon(share);
	flow->head_segments = AUGMENTER_UNPACED_SEGMENTS;
	grant(ctx, tp, flow, fold, share, switches, now_us, rtt_us, active, active ? 0 : crowd_told(ctx));
	if (active)
		flags |= crowd_begin_telling(ctx, flow, share, switches, now_us);
	/* A window this small is no train. */
	if (flow->head_segments < AUGMENTER_UNPACED_SEGMENTS)
		flags &= ~BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
	if (bpf_sock_ops_cb_flags_set(ctx, flags))
		count(AUGMENTER_ERROR_CALLBACK_FLAGS);
}

/* Once in every RTT of a connection that sends. */
static __always_inline void on_rtt(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches,
				   int have_core)
{
	struct augmenter_share *share;
	struct augmenter_flow *flow;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;
	__u64 now_us, demand_bytes;
	__u32 rtt_us, elapsed_us, unsent_bytes;

	if (!sk)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, 0);
	if (!flow)
		return;
	if (flow->closed) {
		/* Connected again, and not looked at since then: what the first connection was granted is not the second one's. */
		if (flow->pacing_bytes_per_s)
			lift_pacing(ctx, flow);
		return;
	}
	now_us = boot_us();
	if (flow->pacing_bytes_per_s == 0 &&
	    (now_us < flow->next_sample_us || switches->mode == AUGMENTER_MODE_OFF))
		return;
	flow->next_sample_us = now_us + switches->sample_interval_us;
	tp = bpf_tcp_sock(sk);
	share = share_of(&flow->destination);
	if (!tp || !share) {
		/* Nothing tells what its share is. */
		if (flow->pacing_bytes_per_s)
			lift_pacing(ctx, flow);
		return;
	}
	fold = fold_of(&flow->destination, switches);

	/* The sample itself from 6.10 on; before that only the smoothed value, and the one before this sample. */
	rtt_us = ctx->args[0] ? ctx->args[0] : tp->srtt_us >> 3;
	share_take_rtt(share, rtt_us, now_us);
	flow->queued = flow->together_segments ? augmenter_queued_together(rtt_us, share_rtt_min_us(share))
					       : augmenter_queued(rtt_us, share_rtt_min_us(share));
	flow->queued_by_clamp = is_clamped(flow) && augmenter_queued_by_clamp(rtt_us, share_rtt_min_us(share));
	flow->filled = flow->queued || augmenter_clamp_filled(is_clamped(flow), rtt_us, share_rtt_min_us(share));
	elapsed_us = augmenter_clamp(now_us - flow->folded_us, 0, AUGMENTER_SLOT_HIGHEST_US);
	demand_bytes = tp->bytes_acked - flow->demanded_bytes;
	flow->demanded_bytes = tp->bytes_acked;
	if (fold) {
		take_rtt(fold, rtt_us);
		fold_progress(sk, tp, flow, fold, share, now_us, have_core);
		check_window_completed(tp, flow, fold);
		if (flow->fastest_rounds >= AUGMENTER_ROUNDS_PER_RATE)
			flush_fastest(flow, fold);
	} else {
		share_advance(share, now_us);
	}
	unsent_bytes = unsent_bytes_of(sk, tp, have_core);
	/* Small talk takes nothing from the others: it would not notice a share, and must not be given one. */
	if (demand_bytes >= augmenter_demand_bytes(flow->pacing_bytes_per_s, elapsed_us, tp->snd_cwnd, tp->mss_cache))
		share_mark_busy(share, flow, share_turn(share, flow, tp->bytes_acked));
	/* Whether there is room for samples or not: advice that has run out is let go of. */
	if (flow->pacing_bytes_per_s)
		renew_share(ctx, tp, flow, share, switches, now_us, unsent_bytes);
	/* Where many take turns its part would lie idle until the last byte is acknowledged; among few, who follows at once sends too much. */
	if (share_busy(share) >= AUGMENTER_TURN_CONNECTIONS &&
	    augmenter_sent_within(unsent_bytes, flow->pacing_bytes_per_s, share_rtt_min_us(share),
				  (__u64)tp->snd_cwnd * tp->mss_cache))
		share_end(share, flow, unsent_bytes);
}

static __always_inline void on_retransmit(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches)
{
	struct augmenter_flow *flow;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;
	__u64 excused_bytes, head_bytes, lost_at_bytes;

	if (!sk)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, 0);
	if (!flow || flow->closed)
		return;
	/* One loss is told by many retransmissions: only the first of a round counts. */
	if (flow->clean_rounds > 0 || flow->waiting_rounds == AUGMENTER_CLEAN_ROUNDS)
		flow->waiting_rounds = augmenter_waiting_rounds_after_loss(flow->waiting_rounds);
	flow->clean_rounds = 0;
	tp = bpf_tcp_sock(sk);
	/* A tail loss probe retransmits without a loss. */
	if (!tp || tp->lost_out == 0)
		return;
	fold = fold_of(&flow->destination, switches);
	lost_at_bytes = ctx->args[0] - flow->first_sequence;
	excused_bytes = AUGMENTER_UNPACED_SEGMENTS * tp->mss_cache;
	head_bytes = augmenter_head_segments(flow->head_segments, flow->together_segments != 0) * tp->mss_cache;
	if (lost_at_bytes < head_bytes)
		flow->head_lost = 1;
	/* One of a crowd that has grown since says nothing about the crowd, nor does one of none. */
	else if (fold && !flow->not_together && flow->together_segments == flow->together_part &&
		 tp->packets_out > fold->loss_flight_highest)
		fold->loss_flight_highest = tp->packets_out;
	flow->together_lost = 1;
	/*
	 * Where others began at the same time, here or on other hosts, their unpaced segments may have filled the buffer: what was lost
	 * to them is seen in the rates, and in what all hosts report of the receiver.
	 */
	if (flow->window_end_bytes == 0 || flow->began_among > 1 || flow->together_segments)
		return;
	/*
	 * The kernel would have sent these first segments at once by itself: their loss says nothing against the advice. Nor does that
	 * of what was paced in the RTT after it, if these had filled the buffer.
	 */
	if (flow->head_lost)
		excused_bytes += (__u64)flow->pacing_bytes_per_s * (tp->srtt_us >> 3) / 1000000;
	if (lost_at_bytes < excused_bytes)
		return;
	flow->window_lost += ctx->args[1];
	if (flow->window_lost <= augmenter_excused_loss(tp->data_segs_out))
		return;
	if (tp->bytes_acked < flow->window_end_bytes)
		window_failed(tp, flow, fold, boot_us());
}

/* All of it is acknowledged, or nobody waits for it any more. */
static __always_inline void on_closed(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches,
				      int have_core)
{
	struct augmenter_share *share;
	struct augmenter_flow *flow;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;
	__u64 now_us = boot_us();

	if (!sk)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, 0);
	if (!flow || flow->closed)
		return;
	flow->closed = 1;
	tp = bpf_tcp_sock(sk);
	fold = fold_of(&flow->destination, switches);
	share = share_of(&flow->destination);
	if (!tp || !share)
		return;
	if (fold) {
		fold_burst(tp, flow, fold);
		fold_first_train(tp, flow, fold, share, now_us);
		fold_last_train(tp, flow, fold, share, now_us);
		fold_progress(sk, tp, flow, fold, share, now_us, have_core);
		flush_fastest(flow, fold);
		check_window_completed(tp, flow, fold);
	}
	share_leave(share, flow);
}

static __always_inline int dispatch(struct bpf_sock_ops *ctx, int have_core)
{
	const struct augmenter_switches *switches;

	/* Every connection asks these questions; we have no answer to them. */
	if (ctx->op == BPF_SOCK_OPS_RWND_INIT || ctx->op == BPF_SOCK_OPS_NEEDS_ECN || ctx->op == BPF_SOCK_OPS_BASE_RTT)
		return 1;
	switches = read_switches();
	if (!switches)
		return 1;
	/* Switched off, connections that we still pace must be let go of: only on_rtt goes on. */
	if (switches->mode == AUGMENTER_MODE_OFF && ctx->op != BPF_SOCK_OPS_RTT_CB)
		return 1;
	switch (ctx->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		/* For a SYN that came in the socket is a request; for one that goes out there is TCP_CONNECT_CB. */
		if (!ctx->is_fullsock)
			on_handshake_begun(ctx, switches, 0);
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		on_handshake_begun(ctx, switches, 1);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		on_established(ctx, switches, 1);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		on_established(ctx, switches, 0);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		on_option_length(ctx);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		on_option_write(ctx);
		break;
	case BPF_SOCK_OPS_RTT_CB:
		on_rtt(ctx, switches, have_core);
		break;
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		on_packet(ctx, switches);
		break;
	case BPF_SOCK_OPS_RETRANS_CB:
		on_retransmit(ctx, switches);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		/* FIN_WAIT2: our FIN, and so everything before it, is acknowledged. */
		if (ctx->args[1] == BPF_TCP_FIN_WAIT2 || ctx->args[1] == BPF_TCP_CLOSE)
			on_closed(ctx, switches, have_core);
		break;
	}
	/* 1: no objection. ctx->reply is never written, so other programs' answers stand. */
	return 1;
}

SEC("sockops")
int augmenter_sockops(struct bpf_sock_ops *ctx)
{
	return dispatch(ctx, 1);
}

/* The same without CAP_PERFMON: one of the two is loaded. */
SEC("sockops")
int augmenter_sockops_basic(struct bpf_sock_ops *ctx)
{
	return dispatch(ctx, 0);
}

/*
 * Lifts the pacing of every connection we have paced. Read once before the sock_ops program is detached: afterwards
 * nothing would.
 */
SEC("iter/tcp")
int augmenter_release(struct bpf_iter__tcp *ctx)
{
	struct sock_common *sk = ctx->sk_common;
	struct augmenter_flow *flow;
	struct tcp_sock *tp;

	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return 0;
	flow = bpf_sk_storage_get(&flows, tp, 0, 0);
	if (flow && flow->pacing_bytes_per_s)
		lift_pacing(tp, flow);
	return 0;
}

char augmenter_license[] SEC("license") = "Dual MIT/GPL";
