/** What the person in front of the program sees: one of three forms of the same. */
import type { SeenPath } from "./path-row.ts";

/** Where everything is found, as texts with a port. */
export interface Addresses {
  readonly grpc: string;
  readonly http: string;
  readonly agentHttp: string;
  readonly nats: string;
}

/** What there is to see at a moment. */
export interface Scene {
  readonly paths: readonly SeenPath[];
  /** Of the clock of SeenPath. */
  readonly nowMs: number;
}

/** A form of showing. */
export interface Display {
  /** What the program is busy with before and after it shows paths. */
  status(text: string): void;
  /** Once, before any path. */
  addresses(addresses: Addresses): void;
  /** Every second. */
  show(scene: Scene): void;
  /** Where the terminal has another size from now on. */
  resized?(scene: Scene): void;
}

/** What is said while there are no paths. */
export const nothingYet = "No TCP connections to other hosts sampled yet.";

/** The addresses as lines for a person. */
export function addressLines(addresses: Addresses, isApplied: boolean): string[] {
  const { grpc, http, agentHttp, nats } = addresses;
  return [
    isApplied
      ? "This host, applying: new connections get the window their path has proved. Ctrl-C ends it."
      : "This host, observing only: no connection is changed. Ctrl-C ends it.",
    `  gRPC        ${grpc}  augmenter.v1.PathService, health, reflection`,
    `  HTTP        http://${http}/v1/paths  also /v1/hosts, /readyz, /metrics`,
    `  agent HTTP  http://${agentHttp}/metrics  also /readyz`,
    `  NATS        ${nats}`,
    "",
  ];
}
