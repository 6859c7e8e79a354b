/** What a host is to be sent next. */
import type { Advice } from "./advice-change.ts";

/** One update, ready to be addressed and sealed. */
export interface UpdateDraft {
  readonly version: number;
  /** Of the update that it builds on; 0 with its own term. */
  readonly baseTerm: number;
  readonly baseVersion: number;
  readonly snapshot: boolean;
  readonly entries: readonly Advice[];
  /** 16 bytes each. */
  readonly withdrawn: readonly Uint8Array[];
}
