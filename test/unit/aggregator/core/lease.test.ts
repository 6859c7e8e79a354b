import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LeaseState, LeaseTimes, LeaseWord } from "../../../../aggregator/core/lease.ts";
import {
  isLeading,
  leaseAfterHostTerm,
  leaseAfterRenewal,
  leaseAfterTime,
  leaseAfterWord,
  standingBy,
} from "../../../../aggregator/core/lease.ts";
import { isCredibleTerm, termAheadMaxMs } from "../../../../proto/term.ts";

const times: LeaseTimes = { leaseMs: 2_000, claimMs: 200, spreadMs: 250, hostTermIntervalMs: 30_000 };
const unixMs = 1_700_000_000_000;

function later(state: LeaseState, nowMs: number, chance = 0): LeaseState {
  return leaseAfterTime(state, times, nowMs, unixMs + nowMs, chance);
}

function word(term: number, leaseMs = times.leaseMs): LeaseWord {
  return { aggregatorId: "other", term, leaseMs };
}

/** One that leads since 2200 ms, its lease renewed until 4000 ms. */
function leader(): LeaseState {
  return later(later(standingBy(times, 0, 0), 2_000), 2_200);
}

describe("leaseAfterTime()", () => {
  test("claims after the silence of a lease, and leads after the wait of a claim", () => {
    const start = standingBy(times, 0, 0);
    expect(later(start, 1_999).role).toBe("standby");
    const claiming = later(start, 2_000);
    expect(claiming).toMatchObject({ role: "claiming", term: unixMs + 2_000 });
    expect(later(claiming, 2_199).role).toBe("claiming");
    expect(later(claiming, 2_200).role).toBe("leading");
  });

  test("spreads claims by chance", () => {
    expect(later(standingBy(times, 0, 1), 2_249).role).toBe("standby");
    expect(later(standingBy(times, 0, 1), 2_250).role).toBe("claiming");
  });

  test("ends a lease that nobody confirmed, and claims a higher term a lease later", () => {
    const lost = later(leader(), 4_000);
    expect(lost).toMatchObject({ role: "standby", term: 0 });
    expect(later(lost, 5_999).role).toBe("standby");
    expect(later(lost, 6_000)).toMatchObject({ role: "claiming", term: unixMs + 6_000 });
  });

  test("claims above every term that was heard of, also where clocks are behind", () => {
    const ahead = unixMs + 50_000;
    const known = leaseAfterWord(standingBy(times, 0, 0), "own", word(ahead), times, 0, 0);
    expect(later(known, 2_000).term).toBe(ahead + 1);
    const told = leaseAfterHostTerm(standingBy(times, 0, 0), ahead, 0);
    expect(later(told, 2_000).term).toBe(ahead + 1);
  });

  test("raises its term above one that hosts follow and nobody claims, now and then", () => {
    const ahead = unixMs + 50_000;
    const renewed = (state: LeaseState, nowMs: number) => leaseAfterRenewal(state, state.term, nowMs, times);
    let state = leaseAfterHostTerm(renewed(leader(), 3_000), ahead, 3_000);
    expect(later(state, 4_999).term).toBe(unixMs + 2_000);
    state = later(renewed(state, 4_999), 5_000);
    expect(state).toMatchObject({ role: "leading", term: ahead + 1 });
    state = leaseAfterHostTerm(renewed(state, 5_000), ahead + 100, 5_000);
    expect(later(renewed(state, 34_000), 34_999).term).toBe(ahead + 1);
    expect(later(renewed(state, 34_000), 35_000).term).toBe(ahead + 101);
  });
});

describe("leaseAfterWord()", () => {
  test("waits for as long as the lease of the other lasts", () => {
    const state = leaseAfterWord(standingBy(times, 0, 0), "own", word(unixMs), times, 1_000, 0);
    expect(state.leaderId).toBe("other");
    expect(later(state, 2_999).role).toBe("standby");
    expect(later(state, 3_000).role).toBe("claiming");
  });

  test("waits no longer where the term of the other has ended", () => {
    const state = leaseAfterWord(standingBy(times, 0, 0), "own", word(unixMs, 0), times, 1_000, 0);
    expect(state.leaderId).toBe("");
    expect(later(state, 1_000).role).toBe("claiming");
  });

  test("ends a lease for a higher term", () => {
    const state = leader();
    const ended = leaseAfterWord(state, "own", word(state.term + 1), times, 2_300, 0);
    expect(ended).toMatchObject({ role: "standby", term: 0 });
  });

  test("lets one of two go on that claimed the same term, above it", () => {
    const state = leader();
    const same = (aggregatorId: string) => ({ ...word(state.term), aggregatorId });
    expect(leaseAfterWord(state, "b", same("a"), times, 2_300, 0)).toMatchObject({
      role: "leading",
      term: state.term + 1,
    });
    expect(leaseAfterWord(state, "b", same("c"), times, 2_300, 0)).toMatchObject({ role: "standby", term: 0 });
  });

  test("does not heed a term that is over", () => {
    const state = leader();
    expect(leaseAfterWord(state, "own", word(state.term - 1), times, 2_300, 0)).toBe(state);
    const follower = leaseAfterWord(standingBy(times, 0, 0), "own", word(unixMs), times, 0, 0);
    expect(leaseAfterWord(follower, "own", word(unixMs - 1, 0), times, 1_000, 0)).toBe(follower);
  });
});

test("isLeading() is false at once where the time of the lease has passed, whatever was noticed of it", () => {
  expect(isLeading(leader(), 3_999)).toBe(true);
  expect(isLeading(leader(), 4_000)).toBe(false);
  expect(isLeading(leaseAfterRenewal(leader(), leader().term, 2_500, times), 4_499)).toBe(true);
  expect(isLeading(leaseAfterRenewal(leader(), leader().term - 1, 2_500, times), 4_499)).toBe(false);
});

/** Aggregators that hear each other with a delay, unless they stand still or are cut off. */
class PlayedPeers {
  readonly states: LeaseState[];
  readonly #inbox: { readonly dueMs: number; readonly to: number; readonly word: LeaseWord }[] = [];
  readonly #saidMs: number[];
  readonly isAway: boolean[];
  /** What each one's clock is ahead of the hosts' by. */
  readonly aheadMs: number[];
  readonly delayMs: number;
  readonly chance: () => number;
  /** The terms in which advice was sent, in order. */
  readonly terms: number[] = [];
  nowMs = 0;

  constructor(count: number, delayMs: number, chance: () => number) {
    this.delayMs = delayMs;
    this.chance = chance;
    this.states = Array.from({ length: count }, () => standingBy(times, 0, chance()));
    this.#saidMs = new Array<number>(count).fill(Number.NEGATIVE_INFINITY);
    this.isAway = new Array<boolean>(count).fill(false);
    this.aheadMs = new Array<number>(count).fill(0);
  }

  run(ms: number): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += 50) {
      for (const index of this.states.keys()) if (this.isAway[index] !== true) this.#step(index);
    }
  }

  get leading(): readonly number[] {
    return [...this.states.keys()].filter((index) => isLeading(this.#state(index), this.nowMs) && !this.isAway[index]);
  }

  #state(index: number): LeaseState {
    return this.states[index] ?? standingBy(times, 0, 0);
  }

  #unixMs(index: number): number {
    return unixMs + this.nowMs + (this.aheadMs[index] ?? 0);
  }

  #step(index: number): void {
    for (const [place, { dueMs, to, word: heard }] of [...this.#inbox.entries()].toReversed()) {
      if (to !== index || dueMs > this.nowMs) continue;
      this.#inbox.splice(place, 1);
      if (!isCredibleTerm(heard.term, this.#unixMs(index))) continue;
      this.states[index] = leaseAfterWord(this.#state(index), String(index), heard, times, this.nowMs, this.chance());
    }
    const before = this.#state(index);
    const next = leaseAfterTime(before, times, this.nowMs, this.#unixMs(index), this.chance());
    this.states[index] = next;
    if (isLeading(next, this.nowMs) && this.terms.at(-1) !== next.term) this.terms.push(next.term);
    if (next.role === "standby") return;
    if (this.nowMs - (this.#saidMs[index] ?? 0) < 500 && before.term === next.term) return;
    this.#saidMs[index] = this.nowMs;
    this.states[index] = leaseAfterRenewal(next, next.term, this.nowMs, times);
    for (const to of this.states.keys()) {
      const said = { aggregatorId: String(index), term: next.term, leaseMs: times.leaseMs };
      if (to !== index) this.#inbox.push({ dueMs: this.nowMs + this.delayMs, to, word: said });
    }
  }
}

test("several aggregators settle on one, whichever stand still for however long, within 5 s", () => {
  const pause = fc.record({ who: fc.integer({ min: 0, max: 2 }), ms: fc.integer({ min: 100, max: 9_000 }) });
  fc.assert(
    fc.property(
      fc.array(pause, { maxLength: 8 }),
      fc.integer({ min: 0, max: 150 }),
      fc.gen(),
      (pauses, delayMs, gen) => {
        const chance = () => gen(fc.double, { min: 0, max: 1, noNaN: true });
        const peers = new PlayedPeers(3, delayMs, chance);
        peers.run(5_000);
        expect(peers.leading).toHaveLength(1);
        for (const { who, ms } of pauses) {
          peers.isAway[who] = true;
          peers.run(ms);
          if (ms >= 5_000) expect(peers.leading).toHaveLength(1);
          peers.isAway[who] = false;
          peers.run(1_000);
        }
        peers.run(4_000);
        expect(peers.leading).toHaveLength(1);
        const [winner = 0] = peers.leading;
        expect(peers.states[winner]?.term, "the highest term leads").toBe(Math.max(...peers.terms));
      },
    ),
  );
});

test("whoever leads after one whose clock was ahead has a higher term, and one that hosts believe", () => {
  const ahead = fc.integer({ min: 0, max: termAheadMaxMs - 60_000 });
  fc.assert(
    fc.property(fc.array(ahead, { minLength: 3, maxLength: 3 }), fc.gen(), (aheadMs, gen) => {
      const peers = new PlayedPeers(3, 50, () => gen(fc.double, { min: 0, max: 1, noNaN: true }));
      peers.aheadMs.splice(0, 3, ...aheadMs);
      for (let alive = 3; alive > 0; alive -= 1) {
        peers.run(5_000);
        expect(peers.leading).toHaveLength(1);
        const term = peers.terms.at(-1) ?? 0;
        expect(term).toBe(Math.max(...peers.terms));
        expect(isCredibleTerm(term, unixMs + peers.nowMs)).toBe(true);
        peers.isAway[peers.leading[0] ?? 0] = true;
      }
    }),
  );
});

test("one whose clock is so far ahead that hosts do not believe its term keeps nobody else from leading", () => {
  const peers = new PlayedPeers(3, 50, () => 0);
  peers.aheadMs[0] = 2 * termAheadMaxMs;
  peers.run(10_000);
  const believed = peers.leading.filter((index) =>
    isCredibleTerm(peers.states[index]?.term ?? 0, unixMs + peers.nowMs),
  );
  expect(believed).toHaveLength(1);
  expect(believed).not.toContain(0);
});
