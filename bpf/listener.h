/* SPDX-License-Identifier: (MIT OR GPL-2.0-only) */
/* The least timeout of listeners, from which connections that come in take theirs before the program hears of them. */
#ifndef AUGMENTER_LISTENER_H
#define AUGMENTER_LISTENER_H

#include <bpf/bpf_core_read.h>
#include "grant.h"
#include "maps.h"
#include "policy.h"

struct sock_common {
	unsigned char skc_state;
} __attribute__((preserve_access_index));

struct kernfs_node {
	__u64 id;
} __attribute__((preserve_access_index));

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
} __attribute__((preserve_access_index));

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
} __attribute__((preserve_access_index));

struct sock_cgroup_data {
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));

struct sock {
	struct sock_cgroup_data sk_cgrp_data;
} __attribute__((preserve_access_index));

/* Deeper than cgroups are nested anywhere. */
#define AUGMENTER_CGROUP_LEVELS 32

/* A listener that somebody has set to another value than the kernel's is left alone. */
static __always_inline void change_listener(void *ctx, __u32 from_us, __u32 to_us)
{
	__u32 present_us = 0;

	if (bpf_getsockopt(ctx, SOL_TCP, TCP_BPF_RTO_MIN, &present_us, sizeof(present_us)) || present_us != from_us)
		return;
	set_rto_min(ctx, to_us);
}

/* A connection that came in with the timeout of a listener that we have changed, and has no advice, gets back the kernel's. */
static __always_inline void restore_rto_min(struct bpf_sock_ops *ctx, const struct augmenter_switches *switches)
{
	if (switches->mode == AUGMENTER_MODE_APPLY && ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		change_listener(ctx, AUGMENTER_LISTENER_RTO_MIN_US, AUGMENTER_KERNEL_RTO_MIN_US);
}

/* An iterator sees every socket of a network namespace, the attached program only those of a cgroup and of what is below it. */
static __always_inline int is_in_cgroup(struct sock_common *sk, __u64 cgroup_id)
{
	struct cgroup *cgroup = BPF_CORE_READ((struct sock *)sk, sk_cgrp_data.cgroup);
	struct cgroup_subsys_state *parent;
	int level;

	for (level = 0; level < AUGMENTER_CGROUP_LEVELS && cgroup; level++) {
		if (BPF_CORE_READ(cgroup, kn, id) == cgroup_id)
			return 1;
		parent = BPF_CORE_READ(cgroup, self.parent);
		cgroup = parent ? BPF_CORE_READ(parent, cgroup) : NULL;
	}
	return 0;
}

static __always_inline void change_iterated_listener(struct sock_common *sk, __u32 from_us, __u32 to_us)
{
	const struct augmenter_switches *switches = read_switches();
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (switches && tp && is_in_cgroup(sk, switches->cgroup_id))
		change_listener(tp, from_us, to_us);
}

#endif
