/** Two aggregators that look after a half of the hosts each, behind one real broker. The hosts are played. */
import type { NatsConnection } from "nats";
import { connect } from "nats";
import { expect, onTestFinished, test } from "vitest";
import { adviceBounds } from "../../node-agent/config.ts";
import { admit, noAdvice } from "../../node-agent/core/advice-admission.ts";
import { slotOf } from "../../proto/subjects.ts";
import { PlayedHost, playedPath } from "./played-host.ts";
import { eventually, startBroker, startProgram } from "./program-run.ts";

const { rate, rttUs } = playedPath;
const ids = Array.from({ length: 32 }, (_, index) => `host-${index}`);
const inFirst = ids.find((id) => slotOf(id) % 2 === 0) ?? "";
const inSecond = ids.find((id) => slotOf(id) % 2 === 1) ?? "";

interface Aggregator {
  readonly httpPort: number;
  /** Its paths, as "source destination advised window". */
  paths(): Promise<readonly string[]>;
}

async function startAggregator(natsUrl: string, partition: string): Promise<Aggregator> {
  const process = startProgram("aggregator", [
    `--nats-url=${natsUrl}`,
    "--grpc-listen=127.0.0.1:0",
    "--http-listen=127.0.0.1:0",
    `--partition=${partition}`,
  ]);
  const line = await process.waitForLine(/"msg":"started"/, 20_000);
  const { httpPort } = JSON.parse(line) as { httpPort: number };
  return {
    httpPort,
    paths: async () => {
      const { paths } = (await (await fetch(`http://127.0.0.1:${httpPort}/v1/paths`)).json()) as {
        paths: readonly { path: { source: string; destination: string } }[];
      };
      return paths.map(({ path }) => `${path.source} ${path.destination}`);
    },
  };
}

async function standing({ httpPort }: Aggregator): Promise<object> {
  return (await (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).json()) as object;
}

function playedHosts(nats: NatsConnection): readonly [PlayedHost, PlayedHost] {
  const a = new PlayedHost(nats, inFirst, "10.0.0.1");
  const b = new PlayedHost(nats, inSecond, "10.0.0.2");
  const announcing = setInterval(() => {
    for (const host of [a, b]) host.announce();
  }, 500);
  onTestFinished(() => clearInterval(announcing));
  return [a, b];
}

test("each half has a leader of its own, and a path from one into the other is advised on at both ends", async () => {
  const natsUrl = await startBroker();
  const nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const [first, second] = [await startAggregator(natsUrl, "1/2"), await startAggregator(natsUrl, "2/2")];
  const [a, b] = playedHosts(nats);
  await eventually(async () => {
    expect(await standing(first)).toMatchObject({ status: "ready", role: "leader", partition: "1/2" });
    expect(await standing(second)).toMatchObject({ status: "ready", role: "leader", partition: "2/2" });
  }, 10_000);
  a.reportPath("10.0.0.2");

  const sent = await a.nextUpdate((update) => update.entries.length > 0);
  expect(sent.entries).toMatchObject([
    { windowSegments: Math.round((2 * rate * rttUs) / 1e6 / 1448), rtoMinUs: 2 * rttUs },
  ]);
  const received = await b.nextUpdate((update) => update.entries.length > 0);
  expect(received.entries).toMatchObject([{ windowSegments: 0, receiveWindowBytes: (2 * 1.25 * rate * rttUs) / 1e6 }]);
  // Two leaders, each of its own hosts.
  expect(received.term).not.toBe(sent.term);
  expect(await first.paths()).toEqual([`${inFirst} 10.0.0.2`]);
  expect(await second.paths()).toEqual([]);
});

test("hosts that fall between aggregators which divide them otherwise are told of", async () => {
  const natsUrl = await startBroker();
  const [quarter, half] = [await startAggregator(natsUrl, "1/4"), await startAggregator(natsUrl, "2/2")];
  await eventually(async () => {
    for (const each of [quarter, half]) {
      expect(await standing(each)).toMatchObject({
        status: "not ready",
        reasons: expect.arrayContaining([
          expect.stringMatching(/^nobody leads the hosts of partition 3\/4: .* of 2 and of 4 parts/),
        ]),
      });
      const hosts = (await (await fetch(`http://127.0.0.1:${each.httpPort}/v1/hosts`)).json()) as object;
      expect(hosts).toMatchObject({ warnings: [expect.stringMatching(/^nobody leads/)] });
    }
  }, 30_000);
  await startAggregator(natsUrl, "3/4");
  await eventually(async () => {
    for (const each of [quarter, half]) expect(await standing(each)).toMatchObject({ status: "ready" });
  }, 15_000);
}, 60_000);

test("a failed window lowers the advice of the other half's hosts, and a crowd of hosts of both is bounded by what all lose", async () => {
  const natsUrl = await startBroker();
  const nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const halves = [await startAggregator(natsUrl, "1/2"), await startAggregator(natsUrl, "2/2")];
  const [a, b] = playedHosts(nats);
  const receiver = new PlayedHost(nats, ids.filter((id) => slotOf(id) % 2 === 0).at(-1) ?? "", "10.0.0.3");
  const announcing = setInterval(() => receiver.announce(), 500);
  onTestFinished(() => clearInterval(announcing));
  await eventually(async () => {
    for (const half of halves) expect(await standing(half)).toMatchObject({ status: "ready", role: "leader" });
  }, 10_000);
  for (const host of [a, b]) host.reportPath("10.0.0.3");
  const windowSegments = Math.round((2 * rate * rttUs) / 1e6 / 1448);
  const advised = [];
  for (const host of [a, b]) {
    const update = await host.nextUpdate(({ entries }) => entries.some((entry) => entry.windowSegments > 0));
    expect(update.entries).toMatchObject([{ windowSegments }]);
    host.answer(update);
    advised.push(update);
  }
  a.failedJump("10.0.0.3", advised[0]?.version ?? 0);
  const failedMs = performance.now();
  const lowered = await b.nextUpdate(({ entries }) => entries.some((entry) => entry.windowSegments < windowSegments));
  expect(performance.now() - failedMs).toBeLessThan(500);
  expect(lowered.entries[0]?.windowSegments).toBeCloseTo(windowSegments * 0.85, -1);
  b.answer(lowered);

  // Of the crowd only the receiver hears, so the other half knows of it from its aggregator alone.
  const losing = { segmentsSent: [1_000], segmentsRetransmitted: [50], lossFlightHighest: [40] };
  const reporting = setInterval(() => {
    receiver.reportPath("10.0.0.1", { hostsTogether: [4] });
    for (const host of [a, b]) host.reportPath("10.0.0.3", losing);
  }, 1_000);
  onTestFinished(() => clearInterval(reporting));
  for (const host of [a, b]) {
    const { entries } = await host.nextUpdate((update) => update.entries.some((entry) => entry.togetherSegments > 0));
    expect(entries).toMatchObject([{ togetherHosts: 4, togetherSegments: 20 }]);
  }
}, 40_000);

test("where a rack has hosts of both halves each is advised on what it never spoke to by its own leader, and takes every update", async () => {
  const natsUrl = await startBroker();
  const nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const halves = [await startAggregator(natsUrl, "1/2"), await startAggregator(natsUrl, "2/2")];
  const even = ids.filter((id) => slotOf(id) % 2 === 0);
  const odd = ids.filter((id) => slotOf(id) % 2 === 1);
  const named = [even[0], odd[0], even[1], odd[1]].map((id = "") => id);
  const place = (index: number) => ({ rack: index < 2 ? "a" : "b", zone: "z" });
  const hosts = named.map((id, index) => new PlayedHost(nats, id, `10.0.0.${index + 1}`, place(index)));
  const [a1, a2] = hosts;
  const playing = setInterval(() => {
    for (const host of hosts) host.announce();
    a1?.reportPath("10.0.0.3");
    a2?.reportPath("10.0.0.4");
  }, 250);
  onTestFinished(() => clearInterval(playing));
  await eventually(async () => {
    for (const half of halves) expect(await standing(half)).toMatchObject({ status: "ready", role: "leader" });
  }, 10_000);
  const bounds = { ...adviceBounds, entries: 1_000 };
  const held = new Map(named.map((id) => [id, noAdvice]));
  const refusals: string[] = [];
  const takeUpdates = () => {
    for (const [index, id] of named.entries()) {
      for (const update of hosts[index]?.updates.splice(0) ?? []) {
        const admission = admit(update, held.get(id) ?? noAdvice, id, bounds, Date.now());
        if (admission.taken) held.set(id, admission.held);
        else refusals.push(`${id} ${admission.refusal}`);
      }
    }
  };
  await eventually(async () => {
    takeUpdates();
    for (const id of named.slice(0, 2)) expect(held.get(id)?.entries.size).toBe(2);
  }, 20_000);
  // Two renewals of every host.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  takeUpdates();
  expect(refusals).toEqual([]);
  const terms = named.map((id) => held.get(id)?.term);
  expect([terms[2], terms[3]]).toEqual([terms[0], terms[1]]);
  expect(terms[0]).not.toBe(terms[1]);
}, 60_000);

test("aggregators of halves take over from one of the whole when it ends, and change nothing", async () => {
  const natsUrl = await startBroker();
  const nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const whole = startProgram("aggregator", [
    `--nats-url=${natsUrl}`,
    "--grpc-listen=127.0.0.1:0",
    "--http-listen=127.0.0.1:0",
  ]);
  await whole.waitForLine(/"msg":"leading"/, 20_000);
  const [a, b] = playedHosts(nats);
  const reporting = setInterval(() => a.reportPath("10.0.0.2"), 1_000);
  onTestFinished(() => clearInterval(reporting));
  const before = [await a.nextUpdate(), await b.nextUpdate()];
  const halves = [await startAggregator(natsUrl, "1/2"), await startAggregator(natsUrl, "2/2")];
  await eventually(async () => {
    for (const half of halves) expect(await standing(half)).toMatchObject({ status: "ready", role: "standby" });
  }, 25_000);
  for (const host of [a, b]) host.forgetUpdates();
  whole.kill("SIGTERM");
  for (const [index, host] of [a, b].entries()) {
    const first = await host.nextUpdate((update) => update.term > (before[index]?.term ?? 0));
    expect(first).toMatchObject({ baseTerm: before[index]?.term, snapshot: false, entries: [], withdrawn: [] });
  }
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  // These hosts do not say what they hold, and so are sent all of it again: what they hold already.
  for (const [index, host] of [a, b].entries()) {
    for (const update of host.updates.filter(({ entries }) => entries.length > 0)) {
      expect(update).toMatchObject({ snapshot: true, entries: before[index]?.entries });
    }
  }
});
