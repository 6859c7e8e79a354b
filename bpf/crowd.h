/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* How many hosts begin at once with this one, and how those that will answer it hear of each other. */
#ifndef AUGMENTER_CROWD_H
#define AUGMENTER_CROWD_H

#include <bpf/bpf_endian.h>
#include "maps.h"
#include "policy.h"
#include "share.h"

/*
 * A TCP option for experiments (RFC 6994) in the last packet of the handshake, from who opened the connection and will be answered: how many
 * hosts it asked within one RTT. Only towards hosts of the cluster, and only of a crowd.
 */
#define AUGMENTER_OPTION_KIND 254
#define AUGMENTER_OPTION_ID 0x41754372U

struct augmenter_option {
	__u8 kind;
	__u8 length;
	/* Both in network order. */
	__u8 id[4];
	__u8 hosts[2];
} __attribute__((packed));

/*
 * Counts a host whose connection begins, once in a slot of an RTT that starts with the first of them. Returns how many there are in it so
 * far: the last of a crowd sees all of it.
 */
static __always_inline __u32 crowd_join(struct augmenter_share *share, __u32 rtt_us, __u64 now_us)
{
	__u32 key = 0;
	struct augmenter_crowd *found = bpf_map_lookup_elem(&crowd, &key);
	__u64 started_us;

	if (!found)
		return 1;
	started_us = found->slot_started_us;
	if (now_us >= started_us + augmenter_clamp(rtt_us, AUGMENTER_SLOT_LOWEST_US, AUGMENTER_SLOT_HIGHEST_US) &&
	    __sync_val_compare_and_swap(&found->slot_started_us, started_us, now_us) == started_us) {
		found->hosts = 0;
		__sync_fetch_and_add(&found->slot, 1);
	}
	if (share->crowd_slot == found->slot)
		return found->hosts;
	share->crowd_slot = found->slot;
	return __sync_fetch_and_add(&found->hosts, 1) + 1;
}

/* Counts a host to which a SYN is about to leave, once in a slot of an RTT that starts with the first of them. */
static __always_inline void crowd_ask(struct augmenter_share *share, __u64 now_us)
{
	__u32 key = 0;
	struct augmenter_crowd *found = bpf_map_lookup_elem(&crowd, &key);
	__u32 slot_us = share->slot_us ? share->slot_us : AUGMENTER_SLOT_LOWEST_US;
	__u64 started_us;

	if (!found)
		return;
	started_us = found->asked_started_us;
	if (now_us >= started_us + slot_us &&
	    __sync_val_compare_and_swap(&found->asked_started_us, started_us, now_us) == started_us) {
		found->asked_before = found->asked;
		found->asked = 0;
		__sync_fetch_and_add(&found->asked_slot, 1);
	}
	if (share->asked_slot == found->asked_slot)
		return;
	share->asked_slot = found->asked_slot;
	__sync_fetch_and_add(&found->asked, 1);
}

/* How many hosts were asked together with this one: a round trip after its SYN, so that most of them are known. */
static __always_inline __u32 crowd_asked(const struct augmenter_share *share)
{
	__u32 key = 0;
	const struct augmenter_crowd *found = bpf_map_lookup_elem(&crowd, &key);

	if (!found)
		return 1;
	if (share->asked_slot == found->asked_slot)
		return found->asked;
	return share->asked_slot + 1 == found->asked_slot ? found->asked_before : 1;
}

/* As one who asked: returns the callbacks that telling needs, which is done in the packet that leaves next. */
static __always_inline __u32 crowd_begin_telling(const struct bpf_sock_ops *ctx, struct augmenter_flow *flow,
						 const struct augmenter_share *share,
						 const struct augmenter_switches *switches, __u64 now_us)
{
	const struct augmenter_advice *advice = advice_for(&flow->destination);
	__u32 hosts = crowd_asked(share);

	/* Only hosts of the cluster are received from out of advice. */
	if (!advice || advice->receive_window_bytes == 0 || now_us >= advice->expires_boot_us ||
	    switches->mode != AUGMENTER_MODE_APPLY || hosts < AUGMENTER_CROWD_HOSTS)
		return 0;
	flow->tells_hosts = hosts;
	flow->tells_beside_others = (ctx->bpf_sock_ops_cb_flags & BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG) != 0;
	return BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
}

/* Room for the option is asked for. */
static __always_inline void on_option_length(struct bpf_sock_ops *ctx)
{
	struct augmenter_flow *flow = ctx->sk ? bpf_sk_storage_get(&flows, ctx->sk, 0, 0) : 0;

	if (flow && flow->tells_hosts && bpf_reserve_hdr_opt(ctx, sizeof(struct augmenter_option), 0))
		count(AUGMENTER_ERROR_OPTION);
}

/* The option is written, once. */
static __always_inline void on_option_write(struct bpf_sock_ops *ctx)
{
	struct augmenter_flow *flow = ctx->sk ? bpf_sk_storage_get(&flows, ctx->sk, 0, 0) : 0;
	struct augmenter_option option = {
		.kind = AUGMENTER_OPTION_KIND,
		.length = sizeof(option),
		.id = { AUGMENTER_OPTION_ID >> 24, AUGMENTER_OPTION_ID >> 16 & 0xff, AUGMENTER_OPTION_ID >> 8 & 0xff,
			AUGMENTER_OPTION_ID & 0xff },
	};

	if (!flow || flow->tells_hosts == 0)
		return;
	option.hosts[0] = flow->tells_hosts >> 8;
	option.hosts[1] = flow->tells_hosts;
	if (bpf_store_hdr_opt(ctx, &option, sizeof(option), 0))
		count(AUGMENTER_ERROR_OPTION);
	flow->tells_hosts = 0;
	if (!flow->tells_beside_others &&
	    bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags & ~BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG))
		count(AUGMENTER_ERROR_CALLBACK_FLAGS);
}

/* As one who is asked: how many hosts the other end asked together, by the packet that ended the handshake; 0: it does not say. */
static __always_inline __u32 crowd_told(struct bpf_sock_ops *ctx)
{
	struct augmenter_option option = {
		.kind = AUGMENTER_OPTION_KIND,
		/* Of what is searched for. */
		.length = 6,
		.id = { AUGMENTER_OPTION_ID >> 24, AUGMENTER_OPTION_ID >> 16 & 0xff, AUGMENTER_OPTION_ID >> 8 & 0xff,
			AUGMENTER_OPTION_ID & 0xff },
	};

	if (bpf_load_hdr_opt(ctx, &option, sizeof(option), 0) != sizeof(option))
		return 0;
	return (__u32)option.hosts[0] << 8 | option.hosts[1];
}

#endif
