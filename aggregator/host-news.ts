/** What changed of the hosts, for those who watch them: looked for while anybody does. */
import type { HostUpdate } from "../proto/gen/augmenter/v1/HostUpdate.ts";
import type { Clock } from "./clock.ts";
import { ChangeLog } from "./core/change-log.ts";
import type { HostState } from "./core/hosts.ts";
import type { PolicyState } from "./core/policy/policy-book.ts";
import { hostMessage } from "./core/query/host-message.ts";
import type { View } from "./core/view.ts";
import { SteppedWork } from "./stepped-work.ts";
import type { WatchSource } from "./watch.ts";

/** Hosts are compared once in this time: they announce themselves every few seconds. */
const intervalMs = 500;
/** Hosts looked at between two looks at whether the caller keeps up. */
const part = 64;
const goneKept = 10_000;
/** Hosts whose announcements are compared in one turn of the event loop: a millisecond. */
const comparedPerStep = 256;
/** And hosts looked at, most of which are the same objects as before: about another. What is found in a later turn waits for the next look. */
const lookedPerStep = 16_384;

/** A host as it was told, or compared, and under which rules. */
interface Told {
  readonly host: HostState;
  readonly policy: PolicyState;
  readonly text: string;
}

/** Owns what was last told of each host. */
export class HostNews {
  readonly #view: View;
  readonly #clock: Clock;
  readonly #log = new ChangeLog<HostState>(goneKept);
  readonly #told = new Map<string, Told>();
  readonly #work = new SteppedWork();
  #comparedMs = Number.NEGATIVE_INFINITY;
  #isComparing = false;

  constructor(view: View, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  /** The hosts that a filter selects, for one watch. */
  source(matches: (host: HostState) => boolean): WatchSource<HostUpdate> {
    const newest = () => this.#newest();
    const told = new ToldHosts();
    return {
      get newest() {
        return newest();
      },
      // Hosts are selected by what they announce, which is what is compared.
      selection: "",
      state: (afterKey) => {
        if (afterKey === "") told.beginState();
        const updates: HostUpdate[] = [];
        let looked = 0;
        let lastKey = afterKey;
        for (const host of this.#view.hosts.after(afterKey)) {
          if (looked === part) return { updates, nextKey: lastKey };
          if (matches(host)) updates.push(this.#tell(told, host));
          looked += 1;
          lastKey = host.hostId;
        }
        return { updates, nextKey: undefined };
      },
      changes: (after, end) => this.#changes(matches, told, after, end),
    };
  }

  #changes(matches: (host: HostState) => boolean, told: ToldHosts, after: number, end: number) {
    const found = this.#log.since(after, part, end);
    if (found === undefined) return undefined;
    const updates: HostUpdate[] = [];
    for (const { kind, value } of found.changes) {
      // A host that is selected no longer is gone to who watches the selection.
      if (kind === "changed" && matches(value)) {
        const host = this.#view.hosts.get(value.hostId) ?? value;
        if (!told.isTold(host.hostId, this.#compare(host).text)) updates.push(this.#tell(told, host));
      } else if (told.takeAway(value.hostId)) {
        updates.push({ gone: value.hostId });
      }
    }
    return { updates, reached: found.changes.length < part ? Math.max(end, found.cursor) : found.cursor };
  }

  #newest(): number {
    if (!this.#isComparing && this.#clock.nowMs() - this.#comparedMs >= intervalMs) {
      this.#comparedMs = this.#clock.nowMs();
      this.#isComparing = true;
      this.#work.run(this.#compared(), () => undefined);
    }
    return this.#log.newest;
  }

  // Whatever ends it, the next round must come.
  *#compared(): Generator<void> {
    try {
      yield* this.#lookedFor();
    } finally {
      this.#isComparing = false;
    }
  }

  // Of what comes or goes meanwhile some is seen in the next round.
  *#lookedFor(): Generator<void> {
    let looked = 0;
    let compared = 0;
    const isStepOver = () => {
      if (looked < lookedPerStep && compared < comparedPerStep) return false;
      looked = 0;
      compared = 0;
      return true;
    };
    for (const { host } of this.#told.values()) {
      if (this.#view.hosts.get(host.hostId) === undefined) {
        this.#told.delete(host.hostId);
        this.#log.forgotten(host.hostId, host);
      }
      looked += 1;
      if (isStepOver()) yield;
    }
    for (const host of this.#view.hosts.unordered()) {
      const before = this.#told.get(host.hostId);
      if (this.#compare(host) !== before) compared += 1;
      looked += 1;
      if (isStepOver()) yield;
    }
  }

  // What a host announces, and what is wrong with it, makes another object of it; what every report tells does not, and is no news.
  #compare(host: HostState): Told {
    const before = this.#told.get(host.hostId);
    const policy = this.#view.policy.state;
    if (before?.host === host && before.policy === policy) return before;
    const now = { host, policy, text: announcedText(this.#view, host) };
    this.#told.set(host.hostId, now);
    if (before?.text !== now.text) this.#log.changed(host.hostId, host);
    return now;
  }

  // What is told is compared at once: that a host is gone is found of those that were compared.
  #tell(told: ToldHosts, host: HostState): HostUpdate {
    told.add(host.hostId, this.#compare(host).text);
    return { host: hostMessage(this.#view, host, this.#clock.nowMs()) };
  }
}

/** What the caller of one watch holds. What it held before it resumed is not known: any host may be among it once. */
class ToldHosts {
  /** What was told last of each host; "": that it is gone. */
  readonly #texts = new Map<string, string>();
  #isAllKnown = false;

  /** All that is held is told anew. */
  beginState(): void {
    this.#texts.clear();
    this.#isAllKnown = true;
  }

  add(hostId: string, text: string): void {
    this.#texts.set(hostId, text);
  }

  /** Whether just that was told last, as a part of the state or since. */
  isTold(hostId: string, text: string): boolean {
    return this.#texts.get(hostId) === text;
  }

  /** Returns whether the caller may hold it. */
  takeAway(hostId: string): boolean {
    const text = this.#texts.get(hostId);
    if (this.#isAllKnown) this.#texts.delete(hostId);
    else this.#texts.set(hostId, "");
    return text === undefined ? !this.#isAllKnown : text !== "";
  }
}

// Everything but what changes with every report.
function announcedText(view: View, host: HostState): string {
  const { ageSeconds, clockOffsetMs, adviceVersion, adviceTerm, adviceEntries, coordinateError, ...announced } =
    hostMessage(view, host, 0);
  return JSON.stringify(announced);
}
