// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
/*
 * Samples TCP connections of a cgroup and, where there is advice, gives new ones the first window their path has
 * already proved, paced at their share of its rate.
 *
 * Reading order: augmenter.h (contract), policy.h (arithmetic), maps.h (state), share.h (who is busy), then this
 * file from the bottom up.
 */
#include <linux/bpf.h>
#include <linux/in6.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "augmenter.h"
#include "maps.h"
#include "policy.h"
#include "share.h"

/* From the C library's socket headers, which cannot be included here. */
#define AF_INET 2
#define AF_INET6 10
#define SOL_SOCKET 1
#define SOL_TCP 6
#define SO_RCVLOWAT 18
#define SO_MAX_PACING_RATE 47

/* The one field that only CO-RE reaches; needs CAP_PERFMON (augmenter_sockops_basic does without it). */
struct tcp_sock {
	__u8 rate_app_limited : 1;
} __attribute__((preserve_access_index));

/* The context of an iter/tcp program. */
struct bpf_iter__tcp {
	struct sock_common *sk_common;
} __attribute__((preserve_access_index));

static __always_inline int destination_of(struct bpf_sock_ops *ctx, struct augmenter_address *destination)
{
	__u32 words[4];

	if (ctx->family == AF_INET) {
		words[0] = 0;
		words[1] = 0;
		words[2] = bpf_htonl(0xffff);
		words[3] = ctx->remote_ip4;
	} else if (ctx->family == AF_INET6) {
		words[0] = ctx->remote_ip6[0];
		words[1] = ctx->remote_ip6[1];
		words[2] = ctx->remote_ip6[2];
		words[3] = ctx->remote_ip6[3];
		/* Keeps clang from joining the loads of both branches: the verifier wants constant offsets into ctx. */
		asm volatile("" : "+r"(words[3]));
	} else {
		return 0;
	}
	__builtin_memcpy(destination->bytes, words, sizeof(words));
	return 1;
}

static __always_inline int app_limited(struct bpf_sock *sk, int have_core)
{
	struct tcp_sock *tp;

	/* Without the field a rate is only ever taken as "at least this much". */
	if (!have_core)
		return 1;
	tp = bpf_skc_to_tcp_sock(sk);
	return tp ? BPF_CORE_READ_BITFIELD(tp, rate_app_limited) : 1;
}

/* ---- Sampling ------------------------------------------------------------------------------------------- */

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
 * Adds what happened since the connection was last folded: bytes, segments, and the delivery rate. A connection that
 * is alone on the path speaks for it; where several are busy only their sum does.
 */
static __always_inline void fold_progress(struct bpf_sock *sk, struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
					  struct augmenter_fold *fold, struct augmenter_share *share, __u64 now_us,
					  int have_core)
{
	__u64 acked = tp->bytes_acked - flow->bytes_acked;
	__u32 sent = tp->data_segs_out - flow->segments_sent;
	__u32 retransmitted = tp->total_retrans - flow->segments_retransmitted;
	__u32 marked = tp->delivered_ce - flow->segments_marked;
	__u32 busy = share_busy(share);
	__u32 together = share_advance(share, now_us);
	int saturated = (flow->queued || retransmitted) && !app_limited(sk, have_core);

	__sync_fetch_and_add(&share->slot_bytes,
			     augmenter_prorated(acked, now_us - share->slot_started_us, now_us - flow->folded_us));
	__sync_fetch_and_add(&fold->bytes_acked, acked);
	__sync_fetch_and_add(&fold->segments_sent, sent);
	if (retransmitted)
		__sync_fetch_and_add(&fold->segments_retransmitted, retransmitted);
	if (marked)
		__sync_fetch_and_add(&fold->segments_marked, marked);
	if (busy > fold->connections_busy_max)
		fold->connections_busy_max = busy;
	fold->mss_bytes = tp->mss_cache;
	if (together)
		take_rate(fold, together, saturated);
	else if (busy == 1 && acked)
		take_rate(fold, augmenter_kbytes_per_s((__u64)tp->rate_delivered * tp->mss_cache, tp->rate_interval_us),
			  saturated);

	flow->folded_us = now_us;
	flow->bytes_acked = tp->bytes_acked;
	flow->segments_sent = tp->data_segs_out;
	flow->segments_retransmitted = tp->total_retrans;
	flow->segments_marked = tp->delivered_ce;
}

/* ---- Granting ------------------------------------------------------------------------------------------- */

static __always_inline int set_pacing(void *ctx, struct augmenter_flow *flow, __u32 bytes_per_s)
{
	if (bpf_setsockopt(ctx, SOL_SOCKET, SO_MAX_PACING_RATE, &bytes_per_s, sizeof(bytes_per_s))) {
		count(AUGMENTER_ERROR_PACING);
		return 0;
	}
	flow->pacing_bytes_per_s = bytes_per_s == AUGMENTER_PACING_UNLIMITED ? 0 : bytes_per_s;
	return 1;
}

static __always_inline void lift_pacing(void *ctx, struct augmenter_flow *flow)
{
	if (set_pacing(ctx, flow, AUGMENTER_PACING_UNLIMITED))
		count(AUGMENTER_PACING_LIFTED);
}

static __always_inline int handshake_fits(struct bpf_tcp_sock *tp, __u32 rtt_us, __u32 min_rtt_us)
{
	/* The kernel would start with one segment here: loss on the path weighs more than memory of it. */
	if (tp->total_retrans) {
		count(AUGMENTER_REFUSED_SYN_RETRANSMITTED);
		return 0;
	}
	switch (augmenter_handshake_check(rtt_us, min_rtt_us)) {
	case AUGMENTER_HANDSHAKE_FITS:
		return 1;
	case AUGMENTER_HANDSHAKE_UNKNOWN:
		count(AUGMENTER_REFUSED_RTT_UNKNOWN);
		return 0;
	case AUGMENTER_HANDSHAKE_TOO_LOW:
		count(AUGMENTER_REFUSED_RTT_TOO_LOW);
		return 0;
	default:
		count(AUGMENTER_REFUSED_RTT_TOO_HIGH);
		return 0;
	}
}

static __always_inline __u32 bounded_window(__u32 advised, const struct augmenter_switches *switches)
{
	__u32 window = augmenter_clamp(advised, switches->lowest_window_segments, switches->highest_window_segments);

	if (window > advised)
		count(AUGMENTER_CLAMPED_TO_LOWEST);
	else if (window < advised)
		count(AUGMENTER_CLAMPED_TO_HIGHEST);
	return window;
}

/* The first window and its pacing, out of the advice for the destination. Returns whether RETRANS_CB is wanted. */
static __always_inline int grant(struct bpf_sock_ops *ctx, struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
				 struct augmenter_fold *fold, const struct augmenter_share *share,
				 const struct augmenter_switches *switches, __u64 now_us, __u32 rtt_us)
{
	const struct augmenter_advice *advice = advice_for(&flow->destination);
	__u32 window;

	if (!advice) {
		count(AUGMENTER_REFUSED_NO_ADVICE);
		return 0;
	}
	if (now_us >= advice->expires_boot_us) {
		count(AUGMENTER_REFUSED_EXPIRED);
		return 0;
	}
	if (advice->window_segments == 0) {
		count(AUGMENTER_REFUSED_NO_WINDOW);
		return 0;
	}
	if (advice->path_rate_bytes_per_s == 0) {
		count(AUGMENTER_REFUSED_NO_RATE);
		return 0;
	}
	if (!handshake_fits(tp, rtt_us, advice->min_rtt_us))
		return 0;

	window = bounded_window(advice->window_segments, switches);
	__sync_fetch_and_add(&fold->windows_granted, 1);
	if (switches->mode != AUGMENTER_MODE_APPLY) {
		count(AUGMENTER_WINDOW_WITHHELD);
		return 0;
	}
	/* A large window is safe only while it is paced: no pacing, no window. */
	if (!set_pacing(ctx, flow, augmenter_pacing_rate(advice->path_rate_bytes_per_s, share_busy(share),
							 AUGMENTER_GAIN_ONE)))
		return 0;
	if (bpf_setsockopt(ctx, SOL_TCP, TCP_BPF_IW, &window, sizeof(window))) {
		count(AUGMENTER_ERROR_INITIAL_WINDOW);
		lift_pacing(ctx, flow);
		return 0;
	}
	flow->window_segments = window;
	flow->window_end_bytes = tp->bytes_acked + (__u64)window * tp->mss_cache;
	flow->advice_version = advice->version;
	flow->path_rate_bytes_per_s = advice->path_rate_bytes_per_s;
	count(AUGMENTER_WINDOW_GRANTED);
	return 1;
}

/*
 * Grows the receive buffer of a client before its SYN leaves, so that its first window is not what holds the answer
 * back. Raising SO_RCVLOWAT grows sk_rcvbuf without locking it (tcp_set_rcvlowat); SO_RCVBUF would end autotuning.
 */
static __always_inline void open_receiver(struct bpf_sock_ops *ctx, const struct augmenter_address *destination,
					  const struct augmenter_switches *switches, __u64 now_us)
{
	const struct augmenter_advice *advice = advice_for(destination);
	__u32 wanted;
	int before = 0;

	if (!advice || advice->receive_window_bytes == 0 || now_us >= advice->expires_boot_us)
		return;
	wanted = advice->receive_window_bytes;
	if (wanted > switches->highest_receive_window_bytes) {
		wanted = switches->highest_receive_window_bytes;
		count(AUGMENTER_CLAMPED_RECEIVE_WINDOW);
	}
	if (switches->mode != AUGMENTER_MODE_APPLY)
		return;
	if (bpf_getsockopt(ctx, SOL_SOCKET, SO_RCVLOWAT, &before, sizeof(before)) ||
	    bpf_setsockopt(ctx, SOL_SOCKET, SO_RCVLOWAT, &wanted, sizeof(wanted))) {
		count(AUGMENTER_ERROR_RECEIVE_WINDOW);
		return;
	}
	if (bpf_setsockopt(ctx, SOL_SOCKET, SO_RCVLOWAT, &before, sizeof(before)))
		count(AUGMENTER_ERROR_RECEIVE_WINDOW);
	else
		count(AUGMENTER_RECEIVER_OPENED);
}

/* Keeps a paced connection at its share of the path as others come and go, and lets it go when the advice is in doubt. */
static __always_inline void renew_share(struct bpf_sock_ops *ctx, struct augmenter_flow *flow,
					const struct augmenter_share *share,
					const struct augmenter_switches *switches, __u64 now_us)
{
	const struct augmenter_advice *advice = advice_for(&flow->destination);
	__u32 gain, rate, before = flow->pacing_bytes_per_s;

	if (flow->queued) {
		flow->clean_rounds = 0;
		flow->queued_rounds += 1;
	} else {
		flow->clean_rounds += 1;
		flow->queued_rounds = 0;
	}
	gain = augmenter_gain_after(flow->clean_rounds);
	if (advice && now_us < advice->expires_boot_us && advice->path_rate_bytes_per_s)
		flow->path_rate_bytes_per_s = advice->path_rate_bytes_per_s;
	else if (!advice || advice->expires_boot_us != 0)
		gain = AUGMENTER_GAIN_LIFT;
	if (switches->mode != AUGMENTER_MODE_APPLY || gain >= AUGMENTER_GAIN_LIFT ||
	    flow->queued_rounds > AUGMENTER_QUEUED_ROUNDS) {
		lift_pacing(ctx, flow);
		return;
	}
	rate = augmenter_pacing_rate(flow->path_rate_bytes_per_s, share_busy(share), gain);
	if (rate > before + before / 16 || rate < before - before / 16)
		set_pacing(ctx, flow, rate);
}

/* ---- Outcome of the first window ------------------------------------------------------------------------ */

static __always_inline void check_window_completed(struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
						   struct augmenter_fold *fold)
{
	if (flow->window_end_bytes == 0 || tp->bytes_acked < flow->window_end_bytes)
		return;
	flow->window_end_bytes = 0;
	__sync_fetch_and_add(&fold->windows_completed, 1);
	count(AUGMENTER_WINDOW_COMPLETED);
}

/* Loss inside the granted window: the advice was too much. It is dropped here and now, and user space is told. */
static __always_inline void window_failed(struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
					  struct augmenter_fold *fold, __u64 now_us)
{
	struct augmenter_advice *advice = advice_for(&flow->destination);
	struct augmenter_event event = {
		.boot_us = now_us,
		.advice_version = flow->advice_version,
		.destination = flow->destination,
		.window_segments = flow->window_segments,
		.segments_delivered = tp->delivered,
		.segments_lost = tp->lost_out,
	};

	flow->window_end_bytes = 0;
	flow->clean_rounds = 0;
	__sync_fetch_and_add(&fold->windows_failed, 1);
	count(AUGMENTER_WINDOW_FAILED);
	/* A newer version already knows, or will hear of it. */
	if (advice && advice->version == flow->advice_version)
		advice->expires_boot_us = 0;
	if (bpf_map_push_elem(&events, &event, 0))
		count(AUGMENTER_ERROR_EVENT_FULL);
}

/* ---- Callbacks ------------------------------------------------------------------------------------------ */

/* A SYN came in, or is about to go out. */
static __always_inline void on_handshake_begun(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches,
					       int active)
{
	struct augmenter_address destination;
	struct augmenter_share *share;
	__u64 now_us = boot_us();

	if (!destination_of(ctx, &destination))
		return;
	share = bpf_map_lookup_elem(&shares, &destination);
	if (share) {
		share_advance(share, now_us);
		share_expect(share);
	}
	if (active)
		open_receiver(ctx, &destination, switches, now_us);
}

static __always_inline void on_established(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches)
{
	struct augmenter_address destination;
	struct augmenter_share *share;
	struct augmenter_flow *flow;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;
	__u64 now_us = boot_us();
	__u32 rtt_us, flags;

	if (!sk || !destination_of(ctx, &destination))
		return;
	tp = bpf_tcp_sock(sk);
	if (!tp)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!flow) {
		count(AUGMENTER_ERROR_FLOW_STORAGE);
		return;
	}
	fold = fold_of(&destination, switches->active_fold);
	share = share_of(&destination);
	if (!fold || !share)
		return;

	flow->destination = destination;
	flow->folded_us = now_us;
	flow->bytes_acked = tp->bytes_acked;
	flow->segments_retransmitted = tp->total_retrans;
	__sync_fetch_and_add(&fold->connections_opened, 1);
	/* A retransmitted handshake says nothing sure about the RTT (Karn). */
	rtt_us = tp->total_retrans ? 0 : tp->srtt_us >> 3;
	take_rtt(fold, rtt_us);
	share_advance(share, now_us);
	share_expected_came(share);
	share_mark_busy(share, flow);
	if (rtt_us)
		share_take_rtt(share, rtt_us, now_us);

	/* Flags are replaced as a whole: keep what other programs have set. */
	flags = ctx->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG;
	if (grant(ctx, tp, flow, fold, share, switches, now_us, rtt_us))
		flags |= BPF_SOCK_OPS_RETRANS_CB_FLAG;
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
	__u64 now_us;
	__u32 rtt_us, rate;

	if (!sk)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, 0);
	if (!flow)
		return;
	now_us = boot_us();
	if (flow->pacing_bytes_per_s == 0 &&
	    (now_us < flow->next_sample_us || switches->mode == AUGMENTER_MODE_OFF))
		return;
	flow->next_sample_us = now_us + switches->sample_interval_us;
	tp = bpf_tcp_sock(sk);
	fold = fold_of(&flow->destination, switches->active_fold);
	share = share_of(&flow->destination);
	if (!tp || !fold || !share)
		return;

	/* The sample itself from 6.10 on; before that only the smoothed value, and the one before this sample. */
	rtt_us = ctx->args[0] ? ctx->args[0] : tp->srtt_us >> 3;
	take_rtt(fold, rtt_us);
	share_take_rtt(share, rtt_us, now_us);
	flow->queued = augmenter_queued(rtt_us, share_rtt_min_us(share));
	fold_progress(sk, tp, flow, fold, share, now_us, have_core);
	share_mark_busy(share, flow);
	check_window_completed(tp, flow, fold);
	if (flow->pacing_bytes_per_s == 0)
		return;

	rate = augmenter_kbytes_per_s((__u64)tp->rate_delivered * tp->mss_cache, tp->rate_interval_us);
	if (!flow->queued && (__u64)rate * 1000 >= (__u64)flow->pacing_bytes_per_s * 7 / 8)
		__sync_fetch_and_add(&fold->pacing_filled, 1);
	renew_share(ctx, flow, share, switches, now_us);
}

/* Only connections with a granted window ask for this. */
static __always_inline void on_retransmit(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches)
{
	struct augmenter_flow *flow;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;

	if (!sk)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, 0);
	if (!flow)
		return;
	flow->clean_rounds = 0;
	tp = bpf_tcp_sock(sk);
	/* A tail loss probe retransmits without a loss. */
	if (!tp || tp->lost_out == 0 || flow->window_end_bytes == 0)
		return;
	fold = fold_of(&flow->destination, switches->active_fold);
	if (!fold)
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
	fold = fold_of(&flow->destination, switches->active_fold);
	share = share_of(&flow->destination);
	if (!tp || !fold || !share)
		return;
	fold_progress(sk, tp, flow, fold, share, now_us, have_core);
	check_window_completed(tp, flow, fold);
	share_leave(share, flow);
}

static __always_inline int dispatch(struct bpf_sock_ops *ctx, int have_core)
{
	const struct augmenter_switches *switches = read_switches();

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
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		on_established(ctx, switches);
		break;
	case BPF_SOCK_OPS_RTT_CB:
		on_rtt(ctx, switches, have_core);
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
