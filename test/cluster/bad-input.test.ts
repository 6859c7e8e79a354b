/** Hosts that say what cannot be, to a running aggregator: refused or bounded, counted, and told by `augmenter hosts`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { NatsConnection } from "nats";
import { connect } from "nats";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { tableBounds } from "../../aggregator/core/bounds.ts";
import type { HostAnnouncement } from "../../proto/gen/augmenter/v1/HostAnnouncement.ts";
import { hostAnnouncement } from "../../proto/messages.ts";
import { subjectFor } from "../../proto/subjects.ts";
import { isCredibleTerm, termAheadMaxMs, termFollowedAheadMaxMs, termOfHostAheadMaxMs } from "../../proto/term.ts";
import { projectRoot } from "../testbed/programs.ts";
import { address, PlayedHost, playedPath } from "./played-host.ts";
import { eventually, startBroker, startProgram } from "./program-run.ts";

let nats: NatsConnection;
let server = "";
let httpPort = 0;

beforeEach(async () => {
  const natsUrl = await startBroker();
  nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const listen = ["--grpc-listen=127.0.0.1:0", "--http-listen=127.0.0.1:0"];
  const aggregator = startProgram("aggregator", [`--nats-url=${natsUrl}`, ...listen]);
  const started = JSON.parse(await aggregator.waitForLine(/"msg":"started"/, 20_000)) as Record<string, number>;
  server = `127.0.0.1:${started["grpcPort"]}`;
  httpPort = started["httpPort"] ?? 0;
});

function announce(hostId: string, at: string, change: Partial<HostAnnouncement> = {}): void {
  const message = hostAnnouncement.seal({
    hostId,
    epoch: 1_700_000_000_000_000,
    rack: "r1",
    zone: "z1",
    addresses: Buffer.from(address(at)),
    mode: "MODE_APPLY",
    reportIntervalMs: 1_000,
    ...change,
  });
  nats.publish(subjectFor("host", hostId), message);
}

/** What `augmenter hosts` says was wrong with a host. */
function troublesOf(hostId: string): Readonly<Record<string, number>> {
  const args = [
    join(projectRoot(), "dist/cli/main.js"),
    "hosts",
    "-o",
    "json",
    "--server",
    server,
    "--limit",
    "100000",
  ];
  const told = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 26 })) as {
    hosts: readonly { hostId: string; troubles: readonly { kind: string; count: number | string }[] }[];
  };
  const troubles = told.hosts.find((host) => host.hostId === hostId)?.troubles ?? [];
  return Object.fromEntries(troubles.map(({ kind, count }) => [kind, Number(count)]));
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  const values = text.split("\n").filter((line) => new RegExp(`^${name}[{ ]`).test(line));
  return values.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

test("two hosts with one address, a host in two racks, and a link that is none", async () => {
  announce("a", "10.0.0.1");
  announce("b", "10.0.0.1");
  announce("c", "10.0.0.3");
  announce("c", "10.0.0.3", { rack: "r2" });
  announce("d", "10.0.0.4", { zone: "z2" });
  announce("e", "10.0.0.5", { linkBytesPerSecond: 2 ** 52 });
  announce("e", "10.0.0.5", { rack: "r".repeat(200) });
  announce("f", "10.0.0.6", { addresses: Buffer.alloc(17) });
  announce("g", "224.0.0.1", { mode: 77 as never });
  await eventually(() => {
    expect(troublesOf("a")).toMatchObject({ address_contested: 1 });
    expect(troublesOf("b")).toMatchObject({ address_contested: 1 });
    expect(troublesOf("c")).toMatchObject({ moved: 1 });
    expect(troublesOf("d")).toMatchObject({ rack_in_two_zones: 1 });
    expect(troublesOf("e")).toMatchObject({ link_out_of_range: 1, announcement_refused: 1 });
    expect(troublesOf("g")).toMatchObject({ address_not_unicast: 1, mode_unknown: 1 });
  }, 10_000);
  const table = execFileSync(process.execPath, [join(projectRoot(), "dist/cli/main.js"), "hosts", "--server", server], {
    encoding: "utf8",
  });
  expect(table).toMatch(/^a +r1 .*address_contested 1/m);
  expect(await metric("augmenter_aggregator_messages_refused_total")).toBe(2);
});

test("round trips that cannot be, and more destinations than a host may have", async () => {
  const host = new PlayedHost(nats, "a", "10.0.0.1");
  onTestFinished(() => host.leave());
  host.announce();
  announce("b", "10.0.0.2");
  // All ones is the largest that the wire can say, 71 minutes.
  host.reportPath("10.0.0.2", { rttP50Us: [2 ** 32 - 1], rttP95Us: [2 ** 32 - 1] });
  await eventually(() => expect(troublesOf("a")).toEqual({ row_refused: 1 }), 10_000);

  const perReport = 4_000;
  const reports = Math.ceil((tableBounds.pathsPerHostMax + perReport) / perReport);
  const excess = reports * perReport - tableBounds.pathsPerHostMax;
  for (let report = 0; report < reports; report += 1) {
    const base = report * perReport;
    host.reportPaths(Array.from({ length: perReport }, (_, index) => oneOff(base + index)));
  }
  await nats.flush();
  await eventually(() => expect(troublesOf("a")).toEqual({ row_refused: 1, paths_evicted: excess }), 30_000);
  expect(await metric("augmenter_aggregator_paths")).toBe(tableBounds.pathsPerHostMax);
  // Another host's paths are taken in as before.
  const other = new PlayedHost(nats, "b", "10.0.0.2");
  onTestFinished(() => other.leave());
  other.reportPath("10.0.0.1", { rttMinUs: [playedPath.rttUs] });
  await eventually(async () => {
    expect(await metric("augmenter_aggregator_paths")).toBe(tableBounds.pathsPerHostMax + 1);
  }, 10_000);
}, 60_000);

test("a term far ahead that a host says it follows moves the leader only where slow clocks still take it", async () => {
  const host = new PlayedHost(nats, "a", "10.0.0.1");
  onTestFinished(() => host.leave());
  host.announce();
  announce("b", "10.0.0.2");
  const report = setInterval(() => host.reportPath("10.0.0.2"), 500);
  onTestFinished(() => clearInterval(report));
  const first = await host.nextUpdate();
  announce("liar", "10.0.0.9", { adviceTerm: Date.now() + termAheadMaxMs - 50 });
  await eventually(() => expect(troublesOf("liar")).toEqual({ term_ahead: 1 }), 10_000);
  announce("liar", "10.0.0.9", { adviceTerm: Date.now() + termOfHostAheadMaxMs - 50 });
  const raised = await host.nextUpdate(({ term }) => term > first.term);
  expect(isCredibleTerm(raised.term, Date.now() - 3_500_000, termFollowedAheadMaxMs), "50 minutes behind").toBe(true);
  expect(troublesOf("liar")).toEqual({ term_ahead: 2 });
  expect(troublesOf("a")).toEqual({});
}, 40_000);

test("a topology beyond its limits", async () => {
  for (let index = 0; index <= tableBounds.racksMax; index += 1) {
    announce(`n${index}`, oneOff(index), { rack: `r${index}`, zone: "z1" });
  }
  announce("last", "10.9.9.9", { rack: "one-too-many", zone: "z1" });
  await nats.flush();
  await eventually(() => expect(troublesOf("last")).toEqual({ topology_full: 1 }), 20_000);
  expect(await metric("augmenter_aggregator_racks")).toBe(tableBounds.racksMax);
}, 40_000);

function oneOff(index: number): string {
  return `172.${16 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}
