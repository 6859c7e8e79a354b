/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* The maps, and the small functions that read and write them. */
#ifndef AUGMENTER_MAPS_H
#define AUGMENTER_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "augmenter.h"

/* From the C library's socket headers, which cannot be included here. */
#define AF_INET 2
#define AF_INET6 10

/* Kept with the socket: what one connection was granted, and how far its samples are folded. */
struct augmenter_flow {
	struct augmenter_address destination;
	__u64 advice_version;
	__u64 next_sample_us;
	/* The share as it was last seen, for when the advice is dropped under a running connection. */
	__u64 path_rate_bytes_per_s;
	/* Folded so far. */
	__u64 folded_us;
	__u64 bytes_acked;
	/* bytes_acked when it was last looked at: what it wants of the path since then. */
	__u64 demanded_bytes;
	__u32 segments_sent;
	__u32 segments_retransmitted;
	__u32 segments_marked;
	__u32 segments_delivered;
	/* Sequence number of the first byte sent. */
	__u32 first_sequence;
	/* bytes_acked at which the granted window is through. 0: no grant, or its outcome is known. */
	__u64 window_end_bytes;
	__u32 window_segments;
	/* How many began together with this one, how many segments each could send at once, and whether it lost of these. */
	__u32 began_among;
	__u32 head_segments;
	__u32 head_lost;
	/* More than its part of these, to show what the path carries: it says nothing of what the others send at once. */
	__u32 sends_train;
	/* Segments of the granted window that were retransmitted and not excused. */
	__u32 window_lost;
	/* As set with SO_MAX_PACING_RATE. 0: not paced by us. */
	__u32 pacing_bytes_per_s;
	/* How many the path was divided among for it, and rounds since then. */
	__u32 paced_among;
	__u32 paced_rounds;
	/* Fastest delivery of the last rounds: a lower bound of the path's rate. */
	__u32 fastest_kbytes_per_s;
	__u32 fastest_rounds;
	__u32 clean_rounds;
	/* Clean rounds before the first probe. */
	__u32 waiting_rounds;
	__u32 queued_rounds;
	/* Slots of the share in which this connection was last counted as busy. */
	__u32 slot;
	__u32 slot_before;
	/* As what it was counted there (enum augmenter_turn), and its number among the connections to the destination. */
	__u32 turn;
	__u32 turn_before;
	__u32 number;
	/* Whether it has made room for others, as its last byte leaves within a round trip. */
	__u32 ended;
	__u32 queued;
	/* Whether its own clamp explains that queue, and those of the others. */
	__u32 queued_by_clamp;
	/* Whether it has seen that the path carries no more: a queue, or the little one that a clamped window leaves. */
	__u32 filled;
	__u32 closed;
	__u32 capacity_known;
	/* As set, segments. 0: never; AUGMENTER_WINDOW_UNLIMITED: no longer. */
	__u32 window_clamp;
	/* As advised, divided among the connections that began together. 0: no other hosts are expected. */
	__u32 together_segments;
	/* Its first value, to which a loss takes it back for good. */
	__u32 together_part;
	__u32 together_lost;
	__u32 together_rounds;
	/* Rounds in which it keeps to that, whatever it sees. */
	__u32 together_held_rounds;
	/* 1: there is a crowd's advice, but it is not one of a crowd. */
	__u32 not_together;
	/* To be told to the sender: how many hosts were asked together with it. 0: nothing, or it was told. */
	__u32 tells_hosts;
	/* Whether another program writes options, too. */
	__u32 tells_beside_others;
	/* The first train: when its first and its last acknowledgement came, and how many bytes from the first byte sent they covered. */
	__u32 train_first_bytes;
	__u64 train_first_us;
	__u64 train_last_us;
	__u32 train_last_bytes;
	__u32 train_ended;
};

/* What happened to a destination in one slot of a little more than an RTT. */
struct augmenter_slot {
	/* Acknowledged. */
	__u64 bytes;
	/* Numbers of the connections that take turns, added up. */
	__u64 numbers;
	/* What those that end were still to send as they left the count below. */
	__u64 ending_bytes;
	/* Connections that want the path. */
	__u32 busy;
	/* Of these, those whose turn it is and those that wait for it (enum augmenter_turn). */
	__u32 early;
	__u32 late;
	/* Whether more than one was busy. */
	__u32 crowded;
	/* Handshakes under way. */
	__u32 pending;
	__u32 reserved;
};

/*
 * Who is busy on a destination now. Connections are counted once in each slot, so a count that is missed or left over mends
 * itself in two slots.
 */
struct augmenter_share {
	__u64 slot_started_us;
	__u64 slot_before_started_us;
	/* The slot that runs, and the one before: its last bytes are told of in this one. */
	struct augmenter_slot now;
	struct augmenter_slot before;
	__u64 last_bytes_us;
	__u64 rtt_min_since_us;
	__u32 slot;
	__u32 slot_us;
	/* Connections so far. */
	__u32 begun;
	/* Most that was delivered together in a slot, kilobytes a second, until a connection takes it into its fold. */
	__u32 together_kbytes_per_s;
	/* Minimum RTT of the last 10 to 20 s. */
	__u32 rtt_min_us;
	__u32 rtt_min_before_us;
	/* Of this interval: connections that are sampled, and those that are not. */
	__u32 interval;
	__u32 sampled;
	/* Not yet told of. */
	__u32 unsampled;
	/* Whether advice in force was found at the last look. */
	__u32 advised;
	/* Slots of the crowd in which this destination was last counted: as its connection began, and as it was asked for. */
	__u32 crowd_slot;
	__u32 asked_slot;
	/* First trains, since when (share_trains()). */
	__u32 trains;
	__u64 trains_since_us;
};

/* How many different hosts begin connections with this one at the same time, whoever opens them. */
struct augmenter_crowd {
	__u64 slot_started_us;
	__u32 slot;
	__u32 hosts;
	/* The same of the SYNs that left from here, with the count of the slot before. */
	__u64 asked_started_us;
	__u32 asked_slot;
	__u32 asked;
	__u32 asked_before;
};

/* Sizes are defaults: the agent may set others before the object is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct augmenter_prefix);
	__type(value, struct augmenter_advice);
} advice SEC(".maps");

/* Plain hashes, not LRU: a full one refuses and is counted, an LRU would forget in silence. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct augmenter_address);
	__type(value, struct augmenter_fold);
} fold_0 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct augmenter_address);
	__type(value, struct augmenter_fold);
} fold_1 SEC(".maps");

/* LRU: what it forgets is at worst one connection's share of a destination that nobody used for long. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct augmenter_address);
	__type(value, struct augmenter_share);
} shares SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct augmenter_crowd);
} crowd SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct augmenter_flow);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct augmenter_switches);
} switches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1024);
	__type(value, struct augmenter_event);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, AUGMENTER_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* Enums reach BTF only through something that has their type. */
const enum augmenter_limit augmenter_layout_version = AUGMENTER_LAYOUT_VERSION;
const enum augmenter_counter augmenter_counter_end = AUGMENTER_COUNTERS;

static const struct augmenter_fold empty_fold;
static const struct augmenter_share empty_share;
static const struct augmenter_slot empty_slot;

static __always_inline void count(enum augmenter_counter which)
{
	__u32 key = which;
	__u64 *value = bpf_map_lookup_elem(&counters, &key);

	if (value)
		*value += 1;
}

static __always_inline const struct augmenter_switches *read_switches(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&switches, &key);
}

static __always_inline __u64 boot_us(void)
{
	return bpf_ktime_get_boot_ns() / 1000;
}

static __always_inline void *find_or_add(void *map, const void *key, const void *empty)
{
	void *value = bpf_map_lookup_elem(map, key);

	if (value)
		return value;
	/* Another CPU may have added it meanwhile: look again whatever the update says. */
	bpf_map_update_elem(map, key, empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

static __always_inline struct augmenter_fold *fold_of(const struct augmenter_address *destination,
						      const struct augmenter_switches *switches)
{
	struct augmenter_fold *fold = switches->interval % AUGMENTER_FOLD_MAPS
						  ? find_or_add(&fold_1, destination, &empty_fold)
					      : find_or_add(&fold_0, destination, &empty_fold);

	if (!fold)
		count(AUGMENTER_ERROR_FOLD_FULL);
	return fold;
}

static __always_inline struct augmenter_share *share_of(const struct augmenter_address *destination)
{
	struct augmenter_share *share = find_or_add(&shares, destination, &empty_share);

	if (!share)
		count(AUGMENTER_ERROR_SHARE_FULL);
	return share;
}

static __always_inline struct augmenter_advice *advice_for(const struct augmenter_address *destination)
{
	struct augmenter_prefix key = { .length = 128, .address = *destination };

	return bpf_map_lookup_elem(&advice, &key);
}

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

/* Algorithm R: every one of the `seen` samples so far is equally likely to be among those kept. */
static __always_inline void keep_sample(__u32 *kept, __u32 seen_before, __u32 value)
{
	__u32 place = seen_before;

	if (place >= AUGMENTER_RESERVOIR)
		place = bpf_get_prandom_u32() % (seen_before + 1);
	if (place < AUGMENTER_RESERVOIR)
		kept[place & (AUGMENTER_RESERVOIR - 1)] = value;
}

#endif
