/** Takes advice in: an inbox that the connection fills, and a paced turn that admits, writes and answers. */
import type { Log } from "../common/log.ts";
import { addressText } from "../proto/address.ts";
import type { PayloadRefusal } from "../proto/messages.ts";
import { adviceUpdate } from "../proto/messages.ts";
import type { Advice, AdviceBounds, AdviceRefusalName, HeldAdvice } from "./core/advice-admission.ts";
import { admit, heldKeyFor, heldWithout, noAdvice } from "./core/advice-admission.ts";
import { AdviceMap } from "./kernel/advice-map.ts";
import type { Datapath } from "./kernel/datapath.ts";
import type { FailedJumpEvent } from "./kernel/records.ts";
import { failedJumpOf } from "./kernel/records.ts";
import type { Uplink } from "./uplink.ts";

/** Updates that wait for the next turn; beyond it the oldest is dropped, and the version gap brings a snapshot. */
const inboxMax = 256;
/** Failed jumps told in one turn. */
const eventsMax = 256;

/** What the desk works with. */
export interface AdviceDeskOptions {
  readonly hostId: string;
  readonly datapath: Datapath;
  readonly uplink: Uplink;
  readonly bounds: AdviceBounds;
  readonly log: Log;
}

/** Holds what this host is advised, in step with the kernel's map. */
export class AdviceDesk {
  readonly #options: AdviceDeskOptions;
  readonly #kernel: AdviceMap;
  readonly #inbox: Uint8Array[] = [];
  readonly #refused = new Map<string, number>();
  /** Keys in the kernel's map that an agent before this one wrote. */
  readonly #leftOver: Set<string>;
  #held: HeldAdvice = noAdvice;
  #updatesTaken = 0;
  /** Whether failed jumps wait to be told, or were lost as too many waited. */
  #areJumpsLeft = false;
  #expiresBootUs = 0;

  constructor(options: AdviceDeskOptions) {
    this.#options = options;
    this.#kernel = new AdviceMap(options.datapath.advice);
    this.#leftOver = new Set(this.#kernel.keys());
  }

  get held(): HeldAdvice {
    return this.#held;
  }

  get updatesTaken(): number {
    return this.#updatesTaken;
  }

  /** Updates and entries refused so far, by reason. */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused;
  }

  /** Whether the advice held is still in force. */
  isInForce(bootUs: number): boolean {
    return this.#held.entries.size > 0 && bootUs < this.#expiresBootUs;
  }

  /** Whether advice was held until nobody renewed it: new connections get the kernel's defaults. */
  hasRunOut(bootUs: number): boolean {
    return this.#held.entries.size > 0 && bootUs >= this.#expiresBootUs;
  }

  /** Called by the connection for each advice message: only puts it aside. */
  receive(payload: Uint8Array): void {
    if (this.#inbox.length >= inboxMax) {
      this.#inbox.shift();
      this.#count("inbox_full");
    }
    this.#inbox.push(payload);
  }

  /** One turn: tells of failed jumps first, then takes updates in. What the kernel drops meanwhile is told in the next one. */
  turn(nowUnixMs: number): void {
    this.#tellFailedJumps();
    this.#kernel.forgetDropped(this.#options.datapath.bootUs());
    for (const payload of this.#inbox.splice(0)) this.#take(payload, nowUnixMs);
  }

  #tellFailedJumps(): void {
    const jumps = this.#options.datapath.takeEvents(eventsMax).map(failedJumpOf);
    this.#areJumpsLeft = jumps.length >= eventsMax;
    if (jumps.length === 0) return;
    this.#letGo(
      jumps.map((jump) => ({ key: heldKeyFor(this.#held, jump.destination) ?? "", version: jump.adviceVersion })),
    );
    this.#options.uplink.publishFailedJumps(jumps);
    for (const jump of jumps) this.#logDropped(jump);
  }

  /** Holds these no more where they still have the version that the kernel dropped, and keeps the kernel from granting out of them. */
  #letGo(dropped: readonly { readonly key: string; readonly version: number }[]): void {
    const before = this.#held;
    this.#held = heldWithout(before, dropped);
    for (const { key } of dropped) {
      const advice = before.entries.get(key);
      if (advice !== undefined && !this.#held.entries.has(key)) this.#kernel.drop(advice, this.#expiresBootUs);
    }
  }

  #logDropped(jump: FailedJumpEvent): void {
    const { destination, ...evidence } = jump;
    this.#options.log.info(
      { destination: addressText(destination), ...evidence },
      "first window failed, advice dropped",
    );
  }

  #take(payload: Uint8Array, nowUnixMs: number): void {
    const { hostId, bounds, uplink, log } = this.#options;
    const opened = adviceUpdate.open(payload);
    if (!opened.ok) {
      this.#count(opened.refusal);
      log.warn({ refusal: opened.refusal }, "advice refused");
      uplink.answer({ term: 0, version: 0, refusal: "ADVICE_REFUSAL_MALFORMED", refusedEntries: [] });
      return;
    }
    const update = opened.message;
    const { term, version } = update;
    const admission = admit(update, this.#held, hostId, bounds, nowUnixMs);
    if (!admission.taken) {
      this.#count(admission.refusal);
      log.warn({ refusal: admission.refusal, term, version }, "advice refused");
      // What belongs to another host is not ours to answer.
      if (admission.refusal === "ADVICE_REFUSAL_WRONG_HOST") return;
      uplink.answer({ term, version, refusal: admission.refusal, refusedEntries: [] });
      return;
    }
    for (const { refusal } of admission.refusedEntries) this.#count(refusal);
    this.#logChanges(this.#held, admission.held, admission.removed);
    const stale = update.snapshot ? [...this.#leftOver].filter((key) => !admission.held.entries.has(key)) : [];
    const before = this.#held;
    this.#held = admission.held;
    // More may have failed than events were taken or had room: the map knows of each. A lookup for all that is held is not for every update.
    if (this.#areJumpsLeft) {
      this.#letGo(renewedOf(before, this.#held).filter(({ advice }) => this.#kernel.isDropped(advice)));
    }
    this.#updatesTaken += 1;
    const failure = this.#write([...admission.removed, ...stale], update.ttlMs);
    if (update.snapshot) this.#leftOver.clear();
    if (failure !== undefined) {
      this.#count("ADVICE_REFUSAL_KERNEL");
      log.error({ failure, term, version }, "advice not written");
    }
    uplink.answer({
      term,
      version,
      refusal: failure === undefined ? "ADVICE_REFUSAL_UNSPECIFIED" : "ADVICE_REFUSAL_KERNEL",
      refusedEntries: [...admission.refusedEntries],
    });
  }

  /** Brings the kernel's map to what is held, all of it renewed. Returns the errno name of a failed write. */
  #write(removed: readonly string[], ttlMs: number): string | undefined {
    for (const key of removed) this.#kernel.remove(key);
    this.#expiresBootUs = this.#options.datapath.bootUs() + ttlMs * 1000;
    return this.#kernel.write([...this.#held.entries.values()], this.#expiresBootUs);
  }

  #logChanges(before: HeldAdvice, after: HeldAdvice, removed: readonly string[]): void {
    const { log } = this.#options;
    for (const [key, advice] of after.entries) {
      const old = before.entries.get(key);
      if (old !== advice)
        log.info({ destination: textOf(advice), old: changeOf(old), new: changeOf(advice) }, "advice");
    }
    for (const key of removed) {
      const old = before.entries.get(key);
      if (old !== undefined) log.info({ destination: textOf(old), old: changeOf(old), new: null }, "advice");
    }
  }

  #count(refusal: AdviceRefusalName | PayloadRefusal | "inbox_full"): void {
    const reason = refusal.replace("ADVICE_REFUSAL_", "").toLowerCase();
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }
}

function textOf(advice: Advice): string {
  const text = addressText(advice.address);
  return advice.prefixLength === 128 ? text : `${text}/${advice.prefixLength}`;
}

function changeOf(advice: Advice | undefined): object | null {
  if (advice === undefined) return null;
  const { windowSegments, pathRateBytesPerSecond, receiveWindowBytes, minRttUs, version } = advice;
  return { windowSegments, pathRateBytesPerSecond, receiveWindowBytes, minRttUs, version };
}

/** What goes on being held as it was. */
function renewedOf(before: HeldAdvice, after: HeldAdvice): { key: string; version: number; advice: Advice }[] {
  const kept = [...after.entries].filter(([key, advice]) => before.entries.get(key) === advice);
  return kept.map(([key, advice]) => ({ key, version: advice.version, advice }));
}
