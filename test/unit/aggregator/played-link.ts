import { expect } from "vitest";
import type { AdviceUpdate__Output } from "../../../proto/gen/augmenter/v1/AdviceUpdate.ts";
import { adviceUpdate } from "../../../proto/messages.ts";
import { hostIdOf } from "../../../proto/subjects.ts";

/** A connection to the broker that keeps the updates that are published. */
export class PlayedLink {
  connected = true;
  flushes = true;
  onPublish: () => void = () => undefined;
  readonly updates: AdviceUpdate__Output[] = [];

  publish(subject: string, payload: Uint8Array): boolean {
    const opened = adviceUpdate.open(payload);
    if (!opened.ok) throw new Error(`Cannot open the update: ${opened.refusal}`);
    expect(hostIdOf("advice", subject)).toBe(opened.message.hostId);
    this.updates.push(opened.message);
    this.onPublish();
    return true;
  }

  flush(): Promise<boolean> {
    return this.flushes ? Promise.resolve(true) : new Promise(() => undefined);
  }
}
