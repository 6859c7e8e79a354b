/** Every limit of the aggregator in one place: what it takes in, what it keeps, what it advises. */
import { rateBounds } from "../../proto/rate-bounds.ts";

/** What a report may hold. */
export const reportBounds = {
  /** Twice as many as agents put into one; they are taken in one turn of the event loop. */
  rowsMax: 8_192,
  /** A path slower than this is no path for TCP. */
  rttMaxUs: 60_000_000,
  rateMaxBytesPerSecond: rateBounds.max,
  intervalMinUs: 1_000,
  intervalMaxUs: 600_000_000,
  mssMaxBytes: 65_535,
  /** No host opens or grants more in one report. */
  connectionsMax: 100_000_000,
  /** Nobody has so many hosts. */
  hostsTogetherMax: 1_000_000,
} as const;

/** What is kept. */
export const tableBounds = {
  pathsMax: 1 << 20,
  /** So that one host that scans cannot push everyone else's paths out: its own make room. */
  pathsPerHostMax: 65_536,
  hostsMax: 20_000,
  addressesPerHostMax: 256,
  /** Ten thousand hosts have some hundred racks. */
  racksMax: 4_096,
  zonesMax: 256,
  /** 1 Tbit/s. */
  linkMaxBytesPerSecond: 125_000_000_000,
  /** Characters of a rack, zone, agent version or kernel release. */
  labelMaxLength: 128,
  /** A path without samples this long is forgotten. */
  pathAgeMaxMs: 60 * 60_000,
  /** A host that says nothing this long is gone. */
  hostSilenceMaxMs: 60_000,
  /** Forgotten paths that watchers can still be told of. */
  forgottenKept: 10_000,
} as const;

/** What is remembered of failed windows that others should know of. */
export const sharedFailureBounds = {
  /** Of what is forgotten too early everybody is told again and again. */
  destinationsMax: 20_000,
  reportersMax: 20_000,
  /** Two make the decrease whole; a few more keep it so as the first ones age. */
  reportersPerDestinationMax: 8,
} as const;

/** What is kept of receivers that many hosts send to at once. */
export const fanInBounds = { receiversMax: 20_000 } as const;

/** What may be advised. */
export interface AdviceBounds {
  /** The kernel's own first window (RFC 6928): a measured path is advised no smaller one, bursts and crowds are bounded by other means. */
  readonly windowMinSegments: number;
  readonly windowMaxSegments: number;
  /** Linux advertises about 64 KB by itself. */
  readonly receiveWindowMinBytes: number;
  readonly receiveWindowMaxBytes: number;
  readonly rateMaxBytesPerSecond: number;
  /**
   * 1 Mbit/s, the least that a policy may hold a path to: ten full segments, the kernel's first window, are out within 0.12 s, and so
   * before the shortest retransmission timeout (TCP_RTO_MIN, 0.2 s).
   */
  readonly policyRateMinBytesPerSecond: number;
  /** Evidence below which the kernel's default stands. */
  readonly rttSamplesMin: number;
  readonly rateSamplesMin: number;
  readonly connectionsMin: number;
  /** This many rate samples speak for a path even if few connections brought them. */
  readonly rateSamplesEnough: number;
  readonly confidenceMin: number;
}

/** The bounds in force. */
export const adviceBounds: AdviceBounds = {
  windowMinSegments: 10,
  windowMaxSegments: 4_096,
  receiveWindowMinBytes: 65_536,
  receiveWindowMaxBytes: 6 << 20,
  rateMaxBytesPerSecond: reportBounds.rateMaxBytesPerSecond,
  policyRateMinBytesPerSecond: rateBounds.policyMin,
  rttSamplesMin: 8,
  rateSamplesMin: 3,
  connectionsMin: 3,
  rateSamplesEnough: 32,
  confidenceMin: 0.15,
};

/** What is learned of the racks and zones, and of whom a host is advised about unseen. */
export const inferenceBounds = {
  hostsMax: tableBounds.hostsMax,
  /** Pairs of racks and of zones; of a thousand racks a sixteenth of all pairs. */
  rollupsMax: 65_536,
  rowsPerReportMax: 8,
  rowsPerSecondMax: 10_000,
  rttSamplesMin: adviceBounds.rttSamplesMin,
  rateSamplesMin: adviceBounds.rateSamplesMin,
  destinationsPerRackMax: 64,
  racksPerHostMax: 4,
  hostsPerRackMax: 32,
  recentMs: 10 * 60_000,
  suspendedMs: 60_000,
  suspendedMax: 4_096,
  /** Destinations of unseen paths looked at in one tick. */
  candidatesPerTick: 1_000,
  /** And for how long: the rest waits for the next tick. */
  candidatesMs: 4,
} as const;

/** How advice is sent. */
export const pushBounds = {
  tickMs: 200,
  /** The next tick where paths with news are left: three quarters of the time are for what comes in. */
  tickBehindMs: 30,
  /** Paths with news looked at in one tick, and how long that may take: messages and calls wait meanwhile. */
  pathsPerTick: 20_000,
  newsMs: 5,
  newsPerStep: 64,
  /** Paths looked at again in one tick only because time has passed, and how long each kind of review may take. */
  agingPathsPerTick: 500,
  reviewMs: 4,
  updatesPerTick: 2_000,
  /** Hosts forgotten in one tick, with all their paths to be told of: all at once where a broker was away. */
  silentPerTick: 64,
  /** Hosts that are told of a failure or a new part at once, and how long that may take; the rest a turn of the event loop later. */
  sharedPerTurn: 250,
  urgentMs: 4,
  /** Receivers of which a tick looks whether their crowds are over: all of them within four seconds. */
  crowdsPerTick: 1_000,
  /** Receivers whose sources are looked up in one tick. */
  receiversPerTick: 32,
  /** And how long advising them may take before messages and calls have their turn. */
  crowdsMs: 4,
  /** How long publishing may take in one tick. */
  publishMs: 5,
  entriesPerUpdate: 1_000,
  /** Entries a host is advised at most; the kernel map has its own limit. */
  entriesPerHostMax: 65_536,
  /** How long an answer may take before what a host announces is believed over what it was sent. */
  answerWaitMs: 2_000,
  snapshotIntervalMs: 1_000,
  /** After a refusal that a snapshot does not mend. */
  refusedSnapshotIntervalMs: 10_000,
  /** A minute of reports tells of every path that is in use. */
  inheritedKeptMs: 60_000,
  /** After as long without news of a path, knowledge of it is worth half. */
  inheritedMaxMs: 10 * 60_000,
  /** The clocks of host and aggregator may differ by this. */
  clockToleranceMs: 60_000,
  flushWaitMs: 2_000,
} as const;

/** What is remembered of windows that failed. */
export const failureBounds = {
  pathsMax: 4_096,
  perPathMax: 16,
} as const;

/** What operators may decide. */
export const policyBounds = {
  rulesMax: 1_024,
  changesKept: 1_000,
  /** Aggregators say which policy they have so often, and answer each other at most so often. */
  wordIntervalMs: 2_000,
  answerIntervalMs: 200,
  /** What another aggregator may be ahead by: a revision that nothing reaches would keep every later change out. */
  revisionsAheadMax: 1_000_000,
} as const;

/** How aggregators agree on who leads; milliseconds. */
export const leaseBounds = {
  /** Silence after which another may lead; less where advice lives shorter than 10 s, so that it outlives the change. */
  leaseMaxMs: 2_000,
  leasesPerTtl: 5,
  /** The lease is renewed so often in its time. */
  renewalsPerLease: 4,
  /** How long a claim waits for a higher one, and how far claims of one moment are spread, as parts of the lease. */
  claimPart: 1 / 10,
  spreadPart: 1 / 8,
  /** A term above ours that only a host tells of is believed at most so often. */
  hostTermIntervalMs: 30_000,
  /** Snapshots asked for at once, and how often. */
  hostsPerRequest: 512,
  requestIntervalMs: 1_000,
  /** Whoever leads has this long to act on a report before those who stand by take what it advises for better founded. */
  disputeMs: 3_000,
  /** Hosts that nobody leads for so long have no leader: a change of leaders takes some seconds. */
  unledMs: 15_000,
  /** By then hosts that report at the usual interval have introduced themselves, which they do every ten reports. */
  youngMs: 15_000,
} as const;

/** What partitions tell each other. */
export const abroadBounds = {
  needsMax: tableBounds.pathsMax,
  needLifeMs: 90_000,
  renewalMs: 30_000,
  needsPerMessage: 1_000,
  needsPerTick: 5_000,
  receiveWindowMaxBytes: adviceBounds.receiveWindowMaxBytes,
} as const;

/** What leaders of partitions tell each other of receivers and failures. */
export const peerBounds = {
  wordIntervalMs: 1_000,
  renewalMs: 30_000,
  lifeMs: 90_000,
  /** Failures wait this long for more of the same moment. */
  failureWaitMs: 5,
  receiversPerWord: 1_000,
  failuresPerWord: 1_000,
} as const;

/** What a caller may ask for. */
export const queryBounds = {
  pageSizeDefault: 100,
  pageSizeMax: 1_000,
  /** A page of rules or changes of the policy ends before it is larger; thousand reasons of thousand characters are more than an answer may be. */
  pageMaxBytes: 2 << 20,
  /** Paths looked at for one page; a page may therefore be short and still have a next one. */
  rowsScannedPerPage: 20_000,
  /** Candidates of one ranking. */
  candidatesMax: 4_096,
  /** Pairs of one batch, cells of one matrix: 2.6 MB of columns. */
  pairsMax: 65_536,
  /** Of all long answers together, between two turns of the event loop. */
  sliceMs: 10,
  /** Long answers in progress, which take up to 20 MB each, and those that wait to be begun. */
  longBegunMax: 8,
  longWaitingMax: 256,
  /** 1 TiB. */
  transferMaxBytes: 2 ** 40,
  concurrentMax: 1_000,
  watchersMax: 2_000,
  watchIntervalMinMs: 50,
  watchIntervalMaxMs: 60_000,
  heartbeatDefaultMs: 10_000,
  heartbeatMinMs: 1_000,
  heartbeatMaxMs: 60_000,
  requestMaxBytes: 1 << 20,
  responseMaxBytes: 4 << 20,
  streamsPerConnectionMax: 100,
  textMaxLength: 256,
} as const;
