/** What changed of the hosts, for those who watch them: looked for while anybody does. */
import type { HostUpdate } from "../proto/gen/augmenter/v1/HostUpdate.ts";
import type { Clock } from "./clock.ts";
import { ChangeLog } from "./core/change-log.ts";
import type { HostState } from "./core/hosts.ts";
import { hostMessage } from "./core/query/host-message.ts";
import type { View } from "./core/view.ts";
import type { WatchSource } from "./watch.ts";

/** Hosts are compared once in this time: they announce themselves every few seconds. */
const intervalMs = 500;
const part = 64;
const goneKept = 10_000;

/** Owns what was last told of each host. */
export class HostNews {
  readonly #view: View;
  readonly #clock: Clock;
  readonly #log = new ChangeLog<HostState>(goneKept);
  readonly #told = new Map<string, { readonly host: HostState; readonly text: string }>();
  #comparedMs = Number.NEGATIVE_INFINITY;

  constructor(view: View, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  /** The hosts that a filter selects. */
  source(matches: (host: HostState) => boolean): WatchSource<HostUpdate> {
    const newest = () => this.#newest();
    return {
      get newest() {
        return newest();
      },
      state: (afterKey) => {
        const hosts = this.#view.hosts.all().filter(({ hostId }) => hostId > afterKey);
        const chosen = hosts.slice(0, part);
        return {
          updates: chosen.filter(matches).map((host) => this.#updateOf(host)),
          nextKey: hosts.length > part ? chosen.at(-1)?.hostId : undefined,
        };
      },
      changes: (after, end) => this.#changes(matches, after, end),
    };
  }

  #changes(matches: (host: HostState) => boolean, after: number, end: number) {
    const found = this.#log.since(after, part, end);
    if (found === undefined) return undefined;
    const updates: HostUpdate[] = [];
    for (const { kind, value } of found.changes) {
      // A host that is selected no longer is gone to who watches the selection.
      if (kind === "forgotten" || !matches(value)) updates.push({ gone: value.hostId });
      else updates.push(this.#updateOf(this.#view.hosts.get(value.hostId) ?? value));
    }
    return { updates, reached: found.changes.length < part ? Math.max(end, found.cursor) : found.cursor };
  }

  #newest(): number {
    if (this.#clock.nowMs() - this.#comparedMs >= intervalMs) this.#compare();
    return this.#log.newest;
  }

  #compare(): void {
    this.#comparedMs = this.#clock.nowMs();
    for (const { host } of [...this.#told.values()]) {
      if (this.#view.hosts.get(host.hostId) !== undefined) continue;
      this.#told.delete(host.hostId);
      this.#log.forgotten(host.hostId, host);
    }
    for (const host of this.#view.hosts.all()) {
      const text = announcedText(this.#view, host);
      if (this.#told.get(host.hostId)?.text === text) continue;
      this.#told.set(host.hostId, { host, text });
      this.#log.changed(host.hostId, host);
    }
  }

  #updateOf(host: HostState): HostUpdate {
    return { host: hostMessage(this.#view, host, this.#clock.nowMs()) };
  }
}

// Everything but what changes with every report.
function announcedText(view: View, host: HostState): string {
  const { ageSeconds, clockOffsetMs, adviceVersion, adviceTerm, adviceEntries, ...announced } = hostMessage(
    view,
    host,
    0,
  );
  return JSON.stringify(announced);
}
