import { beforeEach, describe, expect, test } from "vitest";
import { policyBounds } from "../../../aggregator/core/bounds.ts";
import type { PolicyState } from "../../../aggregator/core/policy/policy-book.ts";
import { PolicyBook, policyAfter } from "../../../aggregator/core/policy/policy-book.ts";
import { noLimits } from "../../../aggregator/core/policy/policy-rule.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { PolicyExchange } from "../../../aggregator/policy-exchange.ts";
import { silentLog } from "../../../common/log.ts";
import { policyWord } from "../../../proto/messages.ts";
import { PlayedClock } from "./fixtures.ts";

let clock = new PlayedClock();
let sides: Side[] = [];
let isDivided = false;

interface Side {
  readonly policy: PolicyBook;
  readonly exchange: PolicyExchange;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly saved: PolicyState[];
  told: number;
  changes: number;
}

// What one publishes all others hear, after it has gone out.
let queue: (() => void)[] = [];

function deliver(): void {
  for (let turn = 0; queue.length > 0 && turn < 100; turn += 1) queue.shift()?.();
  clock.now += policyBounds.answerIntervalMs;
}

function side(): Side {
  const policy = new PolicyBook();
  const metrics = createMetrics();
  const made: Side = {
    policy,
    metrics,
    saved: [],
    told: 0,
    changes: 0,
    exchange: new PolicyExchange({
      aggregatorId: `aggregator-${sides.length}`,
      partition: { index: 0, of: 1 },
      view: { policy },
      file: { save: (state) => made.saved.push(state) },
      link: {
        publish: (_, payload) => {
          made.told += 1;
          if (isDivided) return true;
          for (const other of sides.filter((known) => known !== made)) queue.push(() => other.exchange.take(payload));
          return true;
        },
      },
      metrics,
      clock,
      log: silentLog(),
      onChanged: () => {
        made.changes += 1;
      },
    }),
  };
  sides.push(made);
  return made;
}

function switchOff(at: Side, host: string): void {
  const scope = { kind: "host", name: host, prefix: undefined } as const;
  const author = { who: "alice", peer: "127.0.0.1:1", changedUnixMs: clock.unixMs(), why: "a test" };
  const rule = { scope, mode: "off", pin: undefined, excluded: false, limits: noLimits, author } as const;
  at.policy.replace(policyAfter(at.policy.state, scope, rule, author, policyBounds));
  at.exchange.sayAll();
}

function hostsOff({ policy }: Side): readonly string[] {
  return policy.state.rules.map(({ scope }) => scope.name);
}

async function counted(metric: { get(): Promise<{ values: readonly { value: number }[] }> }): Promise<number> {
  return (await metric.get()).values.reduce((sum, { value }) => sum + value, 0);
}

beforeEach(() => {
  clock = new PlayedClock(1_000);
  sides = [];
  queue = [];
  isDivided = false;
});

describe("PolicyExchange", () => {
  test("brings a change to all others, recorded, and says nothing more", async () => {
    const [a, b, c] = [side(), side(), side()];
    switchOff(a, "x");
    deliver();
    for (const other of [b, c]) {
      expect(hostsOff(other)).toEqual(["x"]);
      expect(other.saved).toEqual([a.policy.state]);
      expect(other.changes).toBe(1);
      expect(await counted(other.metrics.policiesTaken)).toBe(1);
    }
    expect([a.told, b.told, c.told]).toEqual([1, 0, 0]);
    for (const each of sides) each.exchange.sayWhich();
    deliver();
    expect([a.told, b.told, c.told]).toEqual([2, 1, 1]);
  });

  test("tells one that begins later, or missed it, as soon as it speaks", () => {
    const a = side();
    switchOff(a, "x");
    const b = side();
    b.exchange.sayWhich();
    deliver();
    expect(hostsOff(b)).toEqual(["x"]);
  });

  test("keeps what was decided on both sides of a division", async () => {
    const [a, b, c] = [side(), side(), side()];
    isDivided = true;
    switchOff(a, "x");
    switchOff(a, "y");
    switchOff(b, "z");
    isDivided = false;
    for (let turn = 0; turn < 4; turn += 1) {
      for (const each of sides) each.exchange.sayWhich();
      deliver();
    }
    for (const each of [a, b, c]) expect(hostsOff(each)).toEqual(["x", "y", "z"]);
    expect(new Set(sides.map(({ policy }) => JSON.stringify(policy.state.rules))).size).toBe(1);
    for (const each of sides) expect(await counted(each.metrics.policyChangesOverruled)).toBe(0);
  });

  test("names what a later change elsewhere has overruled", async () => {
    const [a, b] = [side(), side()];
    isDivided = true;
    switchOff(a, "x");
    clock.now += 1_000;
    switchOff(b, "x");
    isDivided = false;
    for (const each of sides) each.exchange.sayWhich();
    deliver();
    for (const each of sides) each.exchange.sayWhich();
    deliver();
    for (const each of [a, b])
      expect(each.policy.state.rules).toMatchObject([{ author: { changedUnixMs: clock.unixMs() - 400 } }]);
    expect(
      (await counted(a.metrics.policyChangesOverruled)) + (await counted(b.metrics.policyChangesOverruled)),
    ).toBeGreaterThan(0);
  });

  test("holds to what it hears also where it cannot be recorded, and counts that", async () => {
    const [a, b] = [side(), side()];
    b.saved.push = () => {
      throw new Error("no space");
    };
    switchOff(a, "x");
    deliver();
    expect(hostsOff(b)).toEqual(["x"]);
    expect(await counted(b.metrics.policyTroubles)).toBe(1);
  });

  test("refuses what is no policy, or could keep every later change out", () => {
    const a = side();
    const digest = Buffer.alloc(8, 1);
    const take = (word: Parameters<typeof policyWord.seal>[0]) => a.exchange.take(policyWord.seal(word));
    expect(a.exchange.take(new Uint8Array([1, 2]))).toBe("not_protobuf");
    expect(take({ revision: 2_000_000, digest })).toBe("out_of_range");
    expect(take({ revision: 1, digest, complete: true, rules: [{}] })).toBe("bad_policy");
    expect(take({ revision: 1, digest, complete: true })).toBe("wrong_digest");
    expect(a.policy.state.revision).toBe(0);
  });
});
