/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/*
 * The contract between the BPF programs and user space: map keys, map values and the numbers both sides share.
 * TypeScript reads it through BTF (bpf/generate-layout.ts); a stale copy fails the tests.
 * Times are microseconds of CLOCK_BOOTTIME, rates are payload bytes a second, windows are segments.
 */
#ifndef AUGMENTER_H
#define AUGMENTER_H

#include <linux/types.h>

enum augmenter_limit {
	/* Changes with every change of a key or value: programs and maps of another version are never mixed. */
	AUGMENTER_LAYOUT_VERSION = 8,
	/* Connections to one destination that are sampled in one interval, if they have no advice: more would only cost time. */
	AUGMENTER_SAMPLED_CONNECTIONS = 256,
	/* Samples of each kind kept for a destination in one interval, chosen uniformly (Vitter's algorithm R). */
	AUGMENTER_RESERVOIR = 8,
	/* Two fold maps: the kernel writes one while user space drains the other. */
	AUGMENTER_FOLD_MAPS = 2,
};

enum augmenter_mode {
	AUGMENTER_MODE_OFF = 0,
	AUGMENTER_MODE_OBSERVE = 1,
	AUGMENTER_MODE_APPLY = 2,
};

/* IPv6 address in network order; IPv4 as ::ffff:a.b.c.d. */
struct augmenter_address {
	__u8 bytes[16];
};

/* Longest-prefix-match key; an exact host has length 128 and so comes first. */
struct augmenter_prefix {
	__u32 length;
	struct augmenter_address address;
};

/* What a host should do for a destination. */
struct augmenter_advice {
	/* From here on the entry is the kernel default. 0: dropped after a failed jump. */
	__u64 expires_boot_us;
	/* Version of the update that brought the entry. */
	__u64 version;
	/* All connections to the destination share it. 0: unknown, no window is granted. */
	__u64 path_rate_bytes_per_s;
	/* First congestion window. 0: the kernel's. */
	__u32 window_segments;
	/* What to be ready to receive at once, bytes. 0: the kernel's. */
	__u32 receive_window_bytes;
	/* The handshake must fit it. */
	__u32 min_rtt_us;
	/* Unpaced segments that the path bears at once from all connections together. 0: not known. */
	__u32 burst_segments;
	/* 1: the path was seen full at about this rate, so that parts of it smaller than the kernel's first window are granted. */
	__u32 capacity_known;
	/* Shortest retransmission timeout, beside the RTT: the receiver is known to acknowledge promptly. 0: the kernel's. */
	__u32 rto_min_us;
	/*
	 * Segments that connections of this host may have in flight together while the receiver's link has a queue: their part of what
	 * that link and its buffer hold of all hosts that are expected to send at once. 0: no others are expected.
	 */
	__u32 together_segments;
	/* So many hosts are expected. What is advised holds for a connection of which the receiver says that it is one of a crowd. */
	__u32 together_hosts;
};

/* Folded samples of one destination in one interval. */
struct augmenter_fold {
	__u64 bytes_acked;
	__u32 segments_sent;
	__u32 segments_retransmitted;
	__u32 segments_marked;
	__u32 connections_opened;
	__u32 connections_busy_max;
	/* Most hosts, this destination among them, with which connections began within one RTT. */
	__u32 hosts_together;
	/*
	 * Most segments that a connection had in flight when it found some of them lost: other than its unpaced first ones, and no more than
	 * its part of a crowd.
	 */
	__u32 loss_flight_highest;
	__u32 mss_bytes;
	__u32 windows_granted;
	__u32 windows_completed;
	__u32 windows_failed;
	__u32 pacing_filled;
	__u32 pacing_missed;
	/*
	 * Connections whose unpaced segments all came through, and whose did not; with how many that left at once from all that began
	 * together: the most that came through, and the sum of those that did not.
	 */
	__u32 bursts_kept;
	__u32 bursts_lost;
	__u32 burst_kept_highest;
	__u32 burst_lost_sum;
	__u32 rtt_min_us;
	/* Counts of all samples seen; the reservoirs below hold at most AUGMENTER_RESERVOIR of them. */
	__u32 rtt_samples;
	__u32 saturated_samples;
	__u32 unsaturated_samples;
	__u32 train_samples;
	__u32 rtt_us[AUGMENTER_RESERVOIR];
	/* Delivery rates in kilobytes (1000 bytes) a second. */
	__u32 saturated_kbytes_per_s[AUGMENTER_RESERVOIR];
	__u32 unsaturated_kbytes_per_s[AUGMENTER_RESERVOIR];
	__u32 train_kbytes_per_s[AUGMENTER_RESERVOIR];
};

/* What the program obeys whatever the advice says. One entry. */
struct augmenter_switches {
	enum augmenter_mode mode;
	/* Bounds on a granted window. */
	__u32 lowest_window_segments;
	__u32 highest_window_segments;
	/* Bound on what a receiver is opened to, bytes. */
	__u32 highest_receive_window_bytes;
	/* A connection is sampled at most this often. */
	__u32 sample_interval_us;
	/* Counts the drains; the lowest bit says which fold map the program writes. */
	__u32 interval;
};

/* Told to user space as it happens: a granted first window lost segments. */
struct augmenter_event {
	__u64 boot_us;
	__u64 advice_version;
	struct augmenter_address destination;
	__u32 window_segments;
	__u32 segments_delivered;
	__u32 segments_lost;
	__u32 reserved;
};

/* One per decision that was not taken, and per error of a kernel call. */
enum augmenter_counter {
	AUGMENTER_WINDOW_GRANTED,
	/* Observe mode: would have been granted. */
	AUGMENTER_WINDOW_WITHHELD,
	AUGMENTER_WINDOW_COMPLETED,
	AUGMENTER_WINDOW_FAILED,
	AUGMENTER_RECEIVER_OPENED,
	AUGMENTER_PACING_LIFTED,
	/* Not sampled: enough others were, and there is no advice. */
	AUGMENTER_CONNECTION_UNSAMPLED,
	/* No window was granted, because: */
	AUGMENTER_REFUSED_NO_ADVICE,
	AUGMENTER_REFUSED_EXPIRED,
	AUGMENTER_REFUSED_NO_WINDOW,
	AUGMENTER_REFUSED_NO_RATE,
	AUGMENTER_REFUSED_SHARE_TOO_SMALL,
	AUGMENTER_REFUSED_SYN_RETRANSMITTED,
	AUGMENTER_REFUSED_RTT_UNKNOWN,
	AUGMENTER_REFUSED_RTT_TOO_LOW,
	AUGMENTER_REFUSED_RTT_TOO_HIGH,
	/* The advice is for one of a crowd, and the receiver did not say that this is one. */
	AUGMENTER_REFUSED_NO_CROWD,
	/* The window was granted, but smaller or larger than advised. */
	AUGMENTER_CLAMPED_TO_LOWEST,
	AUGMENTER_CLAMPED_TO_HIGHEST,
	AUGMENTER_CLAMPED_RECEIVE_WINDOW,
	/* A kernel call or map said no. */
	AUGMENTER_ERROR_CALLBACK_FLAGS,
	AUGMENTER_ERROR_INITIAL_WINDOW,
	AUGMENTER_ERROR_PACING,
	AUGMENTER_ERROR_WINDOW_CLAMP,
	AUGMENTER_ERROR_TIMEOUT,
	AUGMENTER_ERROR_RECEIVE_WINDOW,
	AUGMENTER_ERROR_OPTION,
	AUGMENTER_ERROR_FLOW_STORAGE,
	AUGMENTER_ERROR_FOLD_FULL,
	AUGMENTER_ERROR_SHARE_FULL,
	AUGMENTER_ERROR_EVENT_FULL,
	AUGMENTER_COUNTERS,
};

#endif
