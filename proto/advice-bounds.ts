/** What advice says at the most and at the least: aggregators send no other, and hosts take no other. */
export const adviceLimits = {
  /** As many hosts as an aggregator counts in what it keeps of advice: 16 bits. */
  togetherHostsMax: 0xffff,
  burstMaxSegments: 0xffff,
  /** Two segments in 200 ms, the kernel's least timeout: the kernel program paces no slower (AUGMENTER_PACING_LOWEST_BYTES_PER_S of bpf/policy.h). */
  rateMinBytesPerSecond: 16_384,
} as const;
