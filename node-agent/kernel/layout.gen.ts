/** Generated from bpf/augmenter.h by bpf/generate-layout.ts: do not edit, run `npm run generate`. */

/** enum augmenter_limit */
export const limit = {
  layoutVersion: 8,
  sampledConnections: 256,
  reservoir: 8,
  foldMaps: 2,
} as const;

/** enum augmenter_mode */
export const mode = {
  off: 0,
  observe: 1,
  apply: 2,
} as const;

/** enum augmenter_counter: the name of each slot of the counters map. */
export const counterNames = [
  "window_granted",
  "window_withheld",
  "window_completed",
  "window_failed",
  "receiver_opened",
  "pacing_lifted",
  "connection_unsampled",
  "refused_no_advice",
  "refused_expired",
  "refused_no_window",
  "refused_no_rate",
  "refused_share_too_small",
  "refused_syn_retransmitted",
  "refused_rtt_unknown",
  "refused_rtt_too_low",
  "refused_rtt_too_high",
  "refused_no_crowd",
  "clamped_to_lowest",
  "clamped_to_highest",
  "clamped_receive_window",
  "error_callback_flags",
  "error_initial_window",
  "error_pacing",
  "error_window_clamp",
  "error_timeout",
  "error_receive_window",
  "error_option",
  "error_flow_storage",
  "error_fold_full",
  "error_share_full",
  "error_event_full",
] as const;

/** struct augmenter_address: its size and the offset of each member, bytes. */
export const addressLayout = {
  size: 16,
  bytes: 0,
} as const;

/** struct augmenter_prefix: its size and the offset of each member, bytes. */
export const prefixLayout = {
  size: 20,
  length: 0,
  address: 4,
} as const;

/** struct augmenter_advice: its size and the offset of each member, bytes. */
export const adviceLayout = {
  size: 56,
  expiresBootUs: 0,
  version: 8,
  pathRateBytesPerS: 16,
  windowSegments: 24,
  receiveWindowBytes: 28,
  minRttUs: 32,
  burstSegments: 36,
  capacityKnown: 40,
  rtoMinUs: 44,
  togetherSegments: 48,
  togetherHosts: 52,
} as const;

/** struct augmenter_fold: its size and the offset of each member, bytes. */
export const foldLayout = {
  size: 224,
  bytesAcked: 0,
  segmentsSent: 8,
  segmentsRetransmitted: 12,
  segmentsMarked: 16,
  connectionsOpened: 20,
  connectionsBusyMax: 24,
  hostsTogether: 28,
  lossFlightHighest: 32,
  mssBytes: 36,
  windowsGranted: 40,
  windowsCompleted: 44,
  windowsFailed: 48,
  pacingFilled: 52,
  pacingMissed: 56,
  burstsKept: 60,
  burstsLost: 64,
  burstKeptHighest: 68,
  burstLostSum: 72,
  rttMinUs: 76,
  rttSamples: 80,
  saturatedSamples: 84,
  unsaturatedSamples: 88,
  trainSamples: 92,
  rttUs: 96,
  saturatedKbytesPerS: 128,
  unsaturatedKbytesPerS: 160,
  trainKbytesPerS: 192,
} as const;

/** struct augmenter_switches: its size and the offset of each member, bytes. */
export const switchesLayout = {
  size: 24,
  mode: 0,
  lowestWindowSegments: 4,
  highestWindowSegments: 8,
  highestReceiveWindowBytes: 12,
  sampleIntervalUs: 16,
  interval: 20,
} as const;

/** struct augmenter_event: its size and the offset of each member, bytes. */
export const eventLayout = {
  size: 48,
  bootUs: 0,
  adviceVersion: 8,
  destination: 16,
  windowSegments: 32,
  segmentsDelivered: 36,
  segmentsLost: 40,
  reserved: 44,
} as const;

/** Every map with the sizes of its key and value, bytes; checked against libbpf when the object is opened. */
export const mapSizes = {
  advice: { keySize: 20, valueSize: 56 },
  counters: { keySize: 4, valueSize: 8 },
  crowd: { keySize: 4, valueSize: 40 },
  events: { keySize: 0, valueSize: 48 },
  flows: { keySize: 4, valueSize: 264 },
  fold_0: { keySize: 16, valueSize: 224 },
  fold_1: { keySize: 16, valueSize: 224 },
  shares: { keySize: 16, valueSize: 192 },
  switches: { keySize: 4, valueSize: 24 },
} as const;
