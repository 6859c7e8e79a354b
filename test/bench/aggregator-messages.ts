/** What the processes of the aggregator benchmark say to each other. */
import type { FleetSize } from "./aggregator-fleet.ts";

/** Reports that may be on their way to a receiver at once, bytes: a fraction of what broker and receiver may hold. */
export const bytesInFlightMax = 12 << 20;
export const bytesPerWrite = 1 << 20;

/** To the load generator. Each but `taken` is answered once it is done. */
export type LoadCommand =
  | { readonly kind: "make"; readonly size: FleetSize }
  | { readonly kind: "announce"; readonly port: number }
  | { readonly kind: "steady" | "full"; readonly port: number; readonly seconds: number }
  | { readonly kind: "taken"; readonly rows: number };

/** Rows that were written. */
export interface LoadReply {
  readonly kind: "done";
  readonly rows: number;
}

/** What a receiver is asked. `begin` starts a measurement, `end` ends it. */
export type ReceiverCommand = { readonly kind: "begin" } | { readonly kind: "end" } | { readonly kind: "memory" };

/** What a receiver says; `taken` by itself, a hundred times a second. */
export type ReceiverReply =
  | { readonly kind: "ready" }
  | { readonly kind: "taken"; readonly rows: number }
  | { readonly kind: "begun" }
  | { readonly kind: "memory"; readonly rssBytes: number }
  | ({ readonly kind: "ended" } & ReceiverFigures);

/** Of one measurement. */
export interface ReceiverFigures {
  readonly rows: number;
  /** From the first to the last row. */
  readonly wallSeconds: number;
  /** Of all threads of the process, user and system. */
  readonly cpuSeconds: number;
  /** The event loop's, with a timer of 1 ms. */
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
}
