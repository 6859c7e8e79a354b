/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* The first segments of a connection, and what their spacing says of the path. */
#ifndef AUGMENTER_TRAIN_H
#define AUGMENTER_TRAIN_H

#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include "maps.h"
#include "policy.h"
#include "share.h"

/*
 * The first segments of a connection leave unpaced, one behind the other, whatever it was granted, and the slowest link spreads them:
 * the spacing of their acknowledgements is what the path carries, also beside other connections, each of which has a train of its own.
 */
static __always_inline void fold_first_train(struct bpf_tcp_sock *tp, struct augmenter_flow *flow, struct augmenter_fold *fold,
					     struct augmenter_share *share, __u64 now_us)
{
	__u32 bytes = flow->train_last_bytes - flow->train_first_bytes;
	__u64 spread_us = flow->train_last_us - flow->train_first_us;
	__u32 rate;

	if (flow->train_ended)
		return;
	flow->train_ended = 1;
	if (flow->train_first_bytes == 0 || flow->train_last_bytes < flow->train_first_bytes ||
	    bytes < AUGMENTER_FIRST_TRAIN_SEGMENTS * tp->mss_cache || spread_us < AUGMENTER_TRAIN_LOWEST_US)
		return;
	rate = augmenter_kbytes_per_s(bytes, spread_us);
	share_take_trains(share, AUGMENTER_FIRST_TRAINS_SENT, now_us);
	keep_sample(fold->train_kbytes_per_s, __sync_fetch_and_add(&fold->train_samples, 1), rate);
}

/*
 * Every packet that comes in, before it is looked at, until the first train is over. Not those on the kernel's fast path: what
 * they acknowledge the next one tells.
 */
static __always_inline void on_packet(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches)
{
	struct tcphdr *header = ctx->skb_data;
	struct augmenter_flow *flow;
	struct augmenter_share *share;
	struct augmenter_fold *fold;
	struct bpf_sock *sk = ctx->sk;
	struct bpf_tcp_sock *tp;
	__u32 acked, train_bytes;
	int over;

	if (!sk || (void *)(header + 1) > ctx->skb_data_end)
		return;
	flow = bpf_sk_storage_get(&flows, sk, 0, 0);
	if (!flow || flow->closed)
		return;
	tp = bpf_tcp_sock(sk);
	if (!tp)
		return;
	acked = bpf_ntohl(header->ack_seq) - flow->first_sequence;
	train_bytes = AUGMENTER_UNPACED_SEGMENTS * tp->mss_cache;
	if (acked == 0 || acked >= 0x80000000U)
		return;
	/* A hole: what comes after its repair is not of the train. */
	over = tp->sacked_out || tp->total_retrans || acked > train_bytes;
	if (!over && acked > flow->train_last_bytes) {
		__u64 now_us = boot_us();

		if (flow->train_first_bytes == 0 && acked > AUGMENTER_FIRST_TRAIN_SKIPPED_SEGMENTS * tp->mss_cache) {
			flow->train_first_bytes = acked;
			flow->train_first_us = now_us;
		}
		/* The acknowledgement of a last single segment may have been delayed. */
		if (acked - flow->train_last_bytes > tp->mss_cache) {
			flow->train_last_bytes = acked;
			flow->train_last_us = now_us;
		}
	}
	if (!over && acked < train_bytes)
		return;
	fold = fold_of(&flow->destination, switches);
	share = share_of(&flow->destination);
	if (fold && share)
		fold_first_train(tp, flow, fold, share, boot_us());
	if (bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags & ~BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG))
		count(AUGMENTER_ERROR_CALLBACK_FLAGS);
}

#endif
