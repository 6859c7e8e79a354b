/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* First windows, pacing and receive windows out of advice, and how a granted window went. */
#ifndef AUGMENTER_GRANT_H
#define AUGMENTER_GRANT_H

#include "maps.h"
#include "policy.h"
#include "share.h"
#include "turn.h"

/* From the C library's socket headers, which cannot be included here. */
#define SOL_SOCKET 1
#define SOL_TCP 6
#define SO_RCVLOWAT 18
#define SO_MAX_PACING_RATE 47

/* Whoever knows this host to be of the cluster waits less for its acknowledgements. */
static __always_inline void acknowledge_promptly(struct bpf_sock_ops *ctx)
{
	__u32 delayed_ack_us = AUGMENTER_DELAYED_ACK_US;

	if (bpf_setsockopt(ctx, SOL_TCP, TCP_BPF_DELACK_MAX, &delayed_ack_us, sizeof(delayed_ack_us)))
		count(AUGMENTER_ERROR_TIMEOUT);
}

static __always_inline void set_rto_min(void *ctx, __u32 rto_min_us)
{
	if (bpf_setsockopt(ctx, SOL_TCP, TCP_BPF_RTO_MIN, &rto_min_us, sizeof(rto_min_us)))
		count(AUGMENTER_ERROR_TIMEOUT);
}

static __always_inline int set_pacing(void *ctx, struct augmenter_flow *flow, __u32 bytes_per_s, __u32 among)
{
	if (bpf_setsockopt(ctx, SOL_SOCKET, SO_MAX_PACING_RATE, &bytes_per_s, sizeof(bytes_per_s))) {
		count(AUGMENTER_ERROR_PACING);
		return 0;
	}
	flow->pacing_bytes_per_s = bytes_per_s == AUGMENTER_PACING_UNLIMITED ? 0 : bytes_per_s;
	flow->paced_among = among;
	flow->paced_rounds = 0;
	return 1;
}

/* The kernel sets ssthresh along with it (bpf_sol_tcp_setsockopt), so a connection that may grow again does so as in slow start. */
static __always_inline void set_window_clamp(void *ctx, struct augmenter_flow *flow, __u32 segments)
{
	__u32 clamp = segments ? segments : AUGMENTER_WINDOW_UNLIMITED;

	if (clamp == (flow->window_clamp ? flow->window_clamp : AUGMENTER_WINDOW_UNLIMITED))
		return;
	if (bpf_setsockopt(ctx, SOL_TCP, TCP_BPF_SNDCWND_CLAMP, &clamp, sizeof(clamp)))
		count(AUGMENTER_ERROR_WINDOW_CLAMP);
	else
		flow->window_clamp = clamp;
}

static __always_inline int is_clamped(const struct augmenter_flow *flow)
{
	return flow->window_clamp && flow->window_clamp != AUGMENTER_WINDOW_UNLIMITED;
}

static __always_inline void lift_pacing(void *ctx, struct augmenter_flow *flow)
{
	set_window_clamp(ctx, flow, 0);
	if (set_pacing(ctx, flow, AUGMENTER_PACING_UNLIMITED, 0))
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

/* The first window and its pacing, out of the advice for the destination. */
static __always_inline void grant(struct bpf_sock_ops *ctx, struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
				 struct augmenter_fold *fold, struct augmenter_share *share,
				 const struct augmenter_switches *switches, __u64 now_us, __u32 rtt_us, int active,
				 __u32 hosts_told)
{
	const struct augmenter_advice *advice = advice_for(&flow->destination);
	__u32 busy = share_busy_soon(share);
	__u32 share_segments, clamp, window, rate, part, rto_min_us;
	__u32 gain = AUGMENTER_GAIN_ONE;
	__u64 path_rate, default_rate;
	int sends_train = 0;

	share->advised = advice && now_us < advice->expires_boot_us;
	if (!advice) {
		count(AUGMENTER_REFUSED_NO_ADVICE);
		return;
	}
	if (now_us >= advice->expires_boot_us) {
		count(AUGMENTER_REFUSED_EXPIRED);
		return;
	}
	/* As one who opens a connection does in open_receiver(). */
	if (!active && advice->receive_window_bytes && switches->mode == AUGMENTER_MODE_APPLY)
		acknowledge_promptly(ctx);
	if (advice->window_segments == 0) {
		count(AUGMENTER_REFUSED_NO_WINDOW);
		return;
	}
	if (advice->path_rate_bytes_per_s == 0) {
		count(AUGMENTER_REFUSED_NO_RATE);
		return;
	}
	if (!handshake_fits(tp, rtt_us, advice->min_rtt_us))
		return;

	/* How many will come is known to the receiver alone: whoever is not told that others do has the kernel's default. */
	flow->not_together = advice->together_segments && hosts_told < AUGMENTER_CROWD_HOSTS;
	if (flow->not_together) {
		count(AUGMENTER_REFUSED_NO_CROWD);
		return;
	}
	path_rate = share_rate_left(share, advice->path_rate_bytes_per_s, now_us);
	share_segments = augmenter_bdp_segments(path_rate / busy, advice->min_rtt_us, tp->mss_cache);
	/* A part smaller than the kernel's first window is granted only out of a rate that is sure, or where that window is known to be lost. */
	if (share_segments < AUGMENTER_UNPACED_SEGMENTS && !advice->capacity_known && !advice->together_segments &&
	    !advice->burst_segments) {
		count(AUGMENTER_REFUSED_SHARE_TOO_SMALL);
		return;
	}
	clamp = augmenter_window_clamp(path_rate / busy, advice->min_rtt_us, tp->mss_cache,
				       advice->burst_segments, busy);
	window = bounded_window(advice->window_segments, switches);
	if (advice->together_segments) {
		part = augmenter_together_part(advice->together_segments, advice->together_hosts, hosts_told,
					       switches->highest_window_segments);
		clamp = augmenter_together_clamp(part, busy);
		part = augmenter_together_part(window, advice->together_hosts, hosts_told, switches->highest_window_segments);
		window = augmenter_together_window(part, busy, clamp);
	} else {
		part = augmenter_first_window(window, advice->burst_segments, busy, clamp, advice->rto_min_us);
		sends_train = augmenter_sends_train(window, part, advice->burst_segments, share_trains(share, now_us),
						    share_busy(share) <= 1 || flow->number % AUGMENTER_FIRST_TRAINS_ONE_OF == 0);
		window = sends_train ? AUGMENTER_UNPACED_SEGMENTS : part;
		if (clamp && clamp < window)
			clamp = window;
		gain = augmenter_clamped_gain(gain, clamp, advice->min_rtt_us);
	}
	__sync_fetch_and_add(&fold->windows_granted, 1);
	if (switches->mode != AUGMENTER_MODE_APPLY) {
		count(AUGMENTER_WINDOW_WITHHELD);
		return;
	}
	/* A large window is safe only while it is paced: no pacing, no window. */
	rate = augmenter_pacing_rate(path_rate, busy, gain);
	default_rate = advice->capacity_known || advice->together_segments ? 0 : augmenter_default_rate(tp->mss_cache, rtt_us);
	if (rate < default_rate)
		rate = augmenter_pacing_rate(default_rate, 1, AUGMENTER_GAIN_ONE);
	if (!set_pacing(ctx, flow, rate, busy))
		return;
	if (bpf_setsockopt(ctx, SOL_TCP, TCP_BPF_IW, &window, sizeof(window))) {
		count(AUGMENTER_ERROR_INITIAL_WINDOW);
		lift_pacing(ctx, flow);
		return;
	}
	set_window_clamp(ctx, flow, clamp);
	rto_min_us = advice->rto_min_us;
	if (rto_min_us && window == AUGMENTER_SMALLEST_WINDOW_PROMPT_SEGMENTS)
		rto_min_us = augmenter_probe_us(rto_min_us, share_busy(share) - 1, advice->path_rate_bytes_per_s, tp->mss_cache);
	if (rto_min_us)
		set_rto_min(ctx, rto_min_us);
	flow->window_segments = window;
	flow->waiting_rounds = AUGMENTER_CLEAN_ROUNDS;
	flow->window_end_bytes = tp->bytes_acked + (__u64)window * tp->mss_cache;
	flow->advice_version = advice->version;
	flow->path_rate_bytes_per_s = advice->path_rate_bytes_per_s;
	flow->capacity_known = advice->capacity_known;
	flow->together_segments = advice->together_segments ? clamp : 0;
	flow->together_part = flow->together_segments;
	flow->together_held_rounds = hosts_told < advice->together_hosts ? AUGMENTER_TOGETHER_HELD_ROUNDS
									: AUGMENTER_TOGETHER_ALL_HELD_ROUNDS;
	flow->sends_train = sends_train;
	if (sends_train)
		share_take_trains(share, 1, now_us);
	flow->head_segments = window < AUGMENTER_UNPACED_SEGMENTS ? window : AUGMENTER_UNPACED_SEGMENTS;
	count(AUGMENTER_WINDOW_GRANTED);
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
	/* Before the SYN leaves, so that its RTT sample already makes a timeout of it. */
	if (advice->rto_min_us)
		set_rto_min(ctx, advice->rto_min_us);
	acknowledge_promptly(ctx);
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
static __always_inline void renew_share(struct bpf_sock_ops *ctx, struct bpf_tcp_sock *tp,
					struct augmenter_flow *flow,
					const struct augmenter_share *share,
					const struct augmenter_switches *switches, __u64 now_us,
					__u32 unsent_bytes)
{
	const struct augmenter_advice *advice = advice_for(&flow->destination);
	__u32 busy = share_busy(share);
	__u32 rtt_us = share_rtt_min_us(share);
	__u32 before = flow->pacing_bytes_per_s;
	__u64 default_rate, path_rate;
	__u32 clamp, gain, rate, share_rate;
	int in_doubt = 0;

	flow->paced_rounds += 1;
	flow->clean_rounds = flow->filled ? 0 : flow->clean_rounds + 1;
	/* A queue that is no more than all of them may have in flight is not somebody else's. */
	if (!flow->queued)
		flow->queued_rounds = 0;
	else if (!flow->queued_by_clamp)
		flow->queued_rounds += 1;
	if (advice && now_us < advice->expires_boot_us && advice->path_rate_bytes_per_s) {
		flow->path_rate_bytes_per_s = advice->path_rate_bytes_per_s;
		flow->capacity_known = advice->capacity_known;
	} else if (!advice || advice->expires_boot_us != 0) {
		in_doubt = 1;
	}
	/* The window bounds one of a crowd, not its pacing: that has nothing to find out. */
	gain = flow->together_segments ? AUGMENTER_GAIN_ONE : augmenter_gain_after(flow->clean_rounds, flow->waiting_rounds);
	if (in_doubt || gain == 0 || switches->mode != AUGMENTER_MODE_APPLY ||
	    flow->queued_rounds > (flow->together_segments ? AUGMENTER_TOGETHER_ROUNDS : AUGMENTER_QUEUED_ROUNDS)) {
		lift_pacing(ctx, flow);
		return;
	}
	/* What those that end still send is not taken from one of them. */
	path_rate = flow->ended ? flow->path_rate_bytes_per_s : share_rate_left(share, flow->path_rate_bytes_per_s, now_us);
	if (!flow->together_segments) {
		gain = augmenter_clamped_gain(gain, is_clamped(flow), rtt_us);
		/* Who is done within a round trip is waited for by nobody, and need not wait. */
		if (!augmenter_sent_within(unsent_bytes, augmenter_pacing_rate(path_rate, busy, AUGMENTER_GAIN_ONE), rtt_us,
					   (__u64)tp->snd_cwnd * tp->mss_cache))
			gain = gain * share_turn_gain(share, flow->turn, rtt_us) / AUGMENTER_GAIN_ONE;
	}
	rate = augmenter_pacing_rate(path_rate, busy, gain);
	share_rate = rate;
	/* However many came after it, a connection keeps what it would have begun with by default, unless the path is known not to bear it. */
	default_rate = flow->capacity_known ? 0 : augmenter_default_rate(tp->mss_cache, rtt_us);
	if (rate < default_rate)
		rate = augmenter_pacing_rate(default_rate, 1, AUGMENTER_GAIN_ONE);
	if (rate > (__u64)before + before / 32 || rate < before - before / 32)
		set_pacing(ctx, flow, rate, busy);
	/* Not while a loss is repaired: the kernel takes back its own answer to that with a new clamp. */
	if (flow->window_clamp && !flow->together_segments && tp->lost_out == 0 && tp->retrans_out == 0)
		set_window_clamp(ctx, flow, augmenter_window_clamp(share_rate, rtt_us, tp->mss_cache,
								   advice ? advice->burst_segments : 0, busy));
	if (flow->together_segments) {
		flow->together_rounds += 1;
		clamp = flow->together_lost ? flow->together_part
					    : augmenter_together_after(flow->together_segments, flow->together_rounds,
								       flow->together_held_rounds, flow->queued_rounds);
		if (clamp != flow->together_segments)
			set_window_clamp(ctx, flow, clamp);
		flow->together_segments = clamp;
	}
}

static __always_inline void check_window_completed(struct bpf_tcp_sock *tp, struct augmenter_flow *flow,
						   struct augmenter_fold *fold)
{
	if (flow->window_end_bytes == 0 || tp->bytes_acked < flow->window_end_bytes)
		return;
	flow->window_end_bytes = 0;
	__sync_fetch_and_add(&fold->windows_completed, 1);
	count(AUGMENTER_WINDOW_COMPLETED);
}

/* Loss inside the granted window: the advice was too much. It is dropped here and now, and user space is told; `fold` may be 0. */
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
	if (fold)
		__sync_fetch_and_add(&fold->windows_failed, 1);
	count(AUGMENTER_WINDOW_FAILED);
	/* A newer version already knows, or will hear of it. */
	if (advice && advice->version == flow->advice_version)
		advice->expires_boot_us = 0;
	if (bpf_map_push_elem(&events, &event, 0))
		count(AUGMENTER_ERROR_EVENT_FULL);
}

#endif
