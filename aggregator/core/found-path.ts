/** A path as it was found in the table. */
import type { PathEstimateState } from "./path-estimate.ts";
import { pathKey } from "./path-key.ts";

/** Few ask for the key. */
export class FoundPath {
  readonly hostId: string;
  readonly destination: Uint8Array;
  readonly estimate: PathEstimateState;

  constructor(hostId: string, destination: Uint8Array, estimate: PathEstimateState) {
    this.hostId = hostId;
    this.destination = destination;
    this.estimate = estimate;
  }

  get key(): string {
    return pathKey(this.hostId, this.destination);
  }
}
