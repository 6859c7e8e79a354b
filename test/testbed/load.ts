import type { Congestion } from "./network-plan.ts";

/** The port load is served on unless another is given. */
export const DEFAULT_PORT = 9000;

export interface TargetOptions {
  /** 4 unless given. */
  readonly family?: 4 | 6;
  readonly port?: number;
  /** Of this end of the connection; the host's unless given. */
  readonly congestion?: Congestion;
  /** Whether this end is in the host's cgroup, and so under its agent; true unless given. */
  readonly inCgroup?: boolean;
}

export interface ServeOptions extends TargetOptions {
  /** It ends by itself after this long, 3600 s unless given. */
  readonly seconds?: number;
}

export interface TransferOptions extends TargetOptions {
  /** Size of each response. */
  readonly bytes: number;
  /** Sent by the client after its request, 0 unless given. */
  readonly uploadBytes?: number;
  /** Connections opened together in a round, 1 unless given. */
  readonly atOnce?: number;
  /** 1 unless given. */
  readonly rounds?: number;
  /** Pause between the end of one round and the start of the next, 0 unless given. */
  readonly gapMs?: number;
  /** The whole run ends after this long; what is then open is in error. 60 s unless given. */
  readonly seconds?: number;
  /** One transfer ends in error after this long; 30 s unless given. */
  readonly transferLimitMs?: number;
}

export interface StreamOptions extends Omit<TransferOptions, "atOnce" | "rounds"> {
  /** Size of every second response; as the others unless given. */
  readonly thenBytes?: number;
  /** From the beginning of one transfer to that of the next, or longer where one takes longer; 0 unless given. */
  readonly everyMs?: number;
}

export interface HoldOptions extends Omit<TransferOptions, "atOnce" | "rounds" | "bytes"> {
  /** Size of each response; 16 KiB unless given. */
  readonly bytes?: number;
}

export interface BusyOptions extends TargetOptions {
  /** How long to run. */
  readonly seconds: number;
  /** Connections under way at any time, 1 unless given. Of connectRate only. */
  readonly atOnce?: number;
}

export interface TransferResult {
  /** From connect() to the last byte, of each transfer without error, in the order they were opened. */
  readonly us: readonly number[];
  /** The errno names of the others; "TIMEOUT" and "DEADLINE" for those that ran into a limit. */
  readonly errors: readonly string[];
}

/** One transfer, and when it was. */
export interface TimedTransfer {
  /** Microseconds of CLOCK_MONOTONIC. */
  readonly startUs: number;
  /** From connect() to the last byte; of one in error, to its end. */
  readonly us: number;
  /** What was received. */
  readonly bytes: number;
  /** As in TransferResult. */
  readonly error: string | null;
}

export interface ConnectRateResult {
  readonly connections: number;
  readonly errors: number;
  readonly seconds: number;
  readonly connectionsPerSecond: number;
}

export interface BulkResult {
  readonly bytes: number;
  readonly seconds: number;
  readonly gigabitsPerSecond: number;
  readonly error: string | null;
}

export type LoadMode = "server" | "connect" | "hold" | "connect-rate" | "bulk";

/** All options together; a mode ignores what does not concern it. */
export type LoadOptions = Partial<Omit<TransferOptions & StreamOptions, "family">>;

/** The arguments of the load generator for a mode, the addresses to be used in turn, and options. */
export function loadArguments(mode: LoadMode, addresses: readonly string[], options: LoadOptions): readonly string[] {
  const named: readonly (readonly [string, string | number | undefined])[] = [
    ...addresses.map((address) => ["address", address] as const),
    ["port", options.port ?? DEFAULT_PORT],
    ["congestion", options.congestion],
    ["bytes", options.bytes],
    ["upload", options.uploadBytes],
    ["at-once", options.atOnce],
    ["rounds", options.rounds],
    ["then-bytes", options.thenBytes],
    ["gap-ms", options.gapMs],
    ["every-ms", options.everyMs],
    ["seconds", options.seconds],
    ["transfer-limit-ms", options.transferLimitMs],
  ];
  const given = named.filter(([, value]) => value !== undefined);
  return [`--${mode}`, ...given.flatMap(([name, value]) => [`--${name}`, String(value)])];
}

/** What the load generator printed for its transfers. */
export function parseTransfers(output: string): TransferResult {
  const transfers = parseTimedTransfers(output);
  return {
    us: transfers.filter(({ error }) => error === null).map(({ us }) => us),
    errors: transfers.flatMap(({ error }) => error ?? []),
  };
}

/** The same, each transfer with its time, in the order in which they were opened. */
export function parseTimedTransfers(output: string): readonly TimedTransfer[] {
  const lines = output.split("\n").filter((line) => line.startsWith('{"us"'));
  return lines.map((line) => JSON.parse(line) as TimedTransfer);
}
