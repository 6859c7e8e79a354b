import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { tableBounds } from "../../../aggregator/core/bounds.ts";
import { PathTable } from "../../../aggregator/core/path-table.ts";
import type { FailureSink } from "../../../aggregator/ingest.ts";
import { Ingest, ingestKinds } from "../../../aggregator/ingest.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { RefusalLog } from "../../../aggregator/refusal-log.ts";
import { silentLog } from "../../../common/log.ts";
import { adviceAnswer, hostAnnouncement, hostEvent, pathReport } from "../../../proto/messages.ts";
import { subjectFor } from "../../../proto/subjects.ts";
import { address, announcement, emptyView, PlayedClock, pathRate, report } from "./fixtures.ts";

const far = address("10.0.0.2");

let view = emptyView();
let metrics = createMetrics();
let clock = new PlayedClock();
let lowered: string[] = [];
let failures: FailureSink;
let ingest: Ingest;
let hostTerms: number[] = [];
let termTrouble: string | undefined;

beforeEach(() => {
  view = emptyView();
  metrics = createMetrics();
  clock = new PlayedClock(1_000);
  lowered = [];
  failures = {
    failedJump: (hostId, destination, version) => {
      lowered.push(`event ${hostId} ${destination.at(-1)} ${version}`);
      return "lowered";
    },
    lowered: (hostId, destination) => void lowered.push(`report ${hostId} ${destination.at(-1)}`),
  };
  hostTerms = [];
  termTrouble = undefined;
  ingest = new Ingest({
    view,
    failures,
    onHostTerm: (term) => {
      hostTerms.push(term);
      return termTrouble;
    },
    metrics,
    clock,
    refusals: quietRefusals(),
  });
});

function garbageCollection(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

function quietRefusals(): RefusalLog {
  return new RefusalLog(silentLog(), clock);
}

async function refusals(kind: string): Promise<Record<string, number>> {
  const { values } = await metrics.messagesRefused.get();
  return Object.fromEntries(
    values.filter((value) => value.labels.kind === kind).map((value) => [value.labels.reason, value.value]),
  );
}

function takeReport(...parameters: Parameters<typeof report>) {
  return ingest.take("report", subjectFor("report", parameters[0]), pathReport.seal(report(...parameters)));
}

describe("take() of reports", () => {
  test("keeps nothing of the memory that a report lies in", async () => {
    const collect = garbageCollection();
    const lent = (() => {
      const payload = Uint8Array.from(pathReport.seal(report("a", 1, ["10.0.1.1"])));
      ingest.take("report", subjectFor("report", "a"), payload);
      return new WeakRef(payload.buffer);
    })();
    expect(ingest.rows).toBe(1);
    await vi.waitFor(() => {
      collect();
      expect(lent.deref() === undefined).toBe(true);
    });
  });

  test("lets a host's own oldest paths make room for its new ones, and counts them with the host", () => {
    view = { ...emptyView(), table: new PathTable({ ...tableBounds, pathsMax: 64, pathsPerHostMax: 4 }) };
    ingest = new Ingest({ view, failures, onHostTerm: () => undefined, metrics, clock, refusals: quietRefusals() });
    const destinations = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `10.0.1.${from + index}`);
    takeReport("a", 1, destinations(1, 4));
    takeReport("b", 1, destinations(1, 4));
    takeReport("a", 2, destinations(2, 4));
    const kept = view.table.after("", 10, "a").map(({ destination }) => destination.at(-1));
    expect(kept).toEqual([2, 3, 4, 5]);
    expect(view.table.after("", 10, "b")).toHaveLength(4);
    expect(view.hosts.get("a")?.troubles).toEqual({ paths_evicted: 1 });
    expect(view.hosts.get("a")?.troubleReasons).toEqual({ paths_evicted: { host_limit: 1 } });
    expect(view.hosts.get("b")?.troubles).toEqual({});
  });

  test("counts what a full table costs with who reports new paths, and with whose paths make room as soon as they report", () => {
    view = { ...emptyView(), table: new PathTable({ ...tableBounds, pathsMax: 8 }) };
    ingest = new Ingest({ view, failures, onHostTerm: () => undefined, metrics, clock, refusals: quietRefusals() });
    const many = Array.from({ length: 6 }, (_, index) => `10.0.1.${index + 1}`);
    takeReport("many", 1, many);
    takeReport("few", 1, ["10.0.2.1", "10.0.2.2"]);
    takeReport("new", 1, ["10.0.3.1", "10.0.3.2"]);
    takeReport("many", 2, ["10.0.1.6"]);
    takeReport("few", 2, ["10.0.2.1"]);
    const troubles = ["many", "few", "new"].map((hostId) => view.hosts.get(hostId)?.troubles);
    expect(troubles).toEqual([{ paths_evicted: 2 }, {}, { table_full: 2 }]);
    expect(view.hosts.get("many")?.troubleReasons).toEqual({ paths_evicted: { table_full: 2 } });
    takeReport("many", 3, ["10.0.1.6"]);
    expect(view.hosts.get("many")?.troubles, "each once").toEqual({ paths_evicted: 2 });
  });

  test("folds rows into the view and hears the host", () => {
    takeReport("a", 1, ["10.0.0.2", "10.0.0.3"], { endedUnixMs: clock.unixMs() - 40 });
    expect(view.table.size).toBe(2);
    expect(view.table.get("a", far)?.estimate.rate.rateBytesPerSecond).toBe(pathRate);
    expect(view.hosts.get("a")).toMatchObject({ heardMs: 1_000, epoch: 1_000, clockOffsetMs: -40 });
  });

  test("hears from a receiver who begins together with it, and from those what they lose", () => {
    ingest.take("host", subjectFor("host", "r"), hostAnnouncement.seal(announcement("r", ["10.0.0.2"])));
    const sources = ["10.0.1.1", "10.0.1.2", "10.0.1.3"];
    takeReport("r", 1, sources, { hostsTogether: [1, 2, 3] });
    const loss = { segmentsRetransmitted: [90], lossFlightHighest: [12] };
    for (const second of [1, 2]) {
      clock.now = 1_000 * second;
      for (const hostId of ["a", "b", "c"]) takeReport(hostId, second, ["10.0.0.2"], loss);
    }
    expect(view.fanIns.partOf("r", "a")).toMatchObject({ hosts: 3, segments: 18 });
    expect(view.fanIns.size).toBe(1);
    // The same receiver under another name, while the address is still the other's, too.
    ingest.take("host", subjectFor("host", "s"), hostAnnouncement.seal(announcement("s", ["10.0.0.2"])));
    takeReport("s", 1, sources, { hostsTogether: [1, 2, 3] });
    for (const second of [3, 4]) {
      clock.now = 1_000 * second;
      for (const hostId of ["a", "b", "c"]) takeReport(hostId, second, ["10.0.0.2"], loss);
    }
    expect(view.fanIns.partOf("s", "a"), "learned, too").toMatchObject({ hosts: 3, segments: 18 });
  });

  test("hears one voice of a source at a receiver, of all addresses of that, and none of what it sent to itself", () => {
    const announced = (hostId: string, addresses: string[]) =>
      ingest.take("host", subjectFor("host", hostId), hostAnnouncement.seal(announcement(hostId, addresses)));
    announced("r", ["10.0.0.2", "10.0.0.7", "172.17.0.1"]);
    for (const hostId of ["a", "b", "c"]) announced(hostId, ["172.17.0.1"]);
    takeReport("r", 1, ["10.0.1.1", "10.0.1.2", "10.0.1.3"], { hostsTogether: [1, 2, 3] });
    const loss = { segmentsRetransmitted: [90], lossFlightHighest: [12] };
    for (const second of [1, 2, 3]) {
      clock.now = 1_000 * second;
      for (const hostId of ["a", "b", "c"]) takeReport(hostId, second, ["172.17.0.1"], loss);
    }
    expect(view.fanIns.partOf("r", "a")).toBeUndefined();
    const second = { segmentsRetransmitted: [0, 90], lossFlightHighest: [0, 12] };
    for (const sequence of [4, 5]) {
      clock.now = 1_000 * sequence;
      for (const hostId of ["a", "b", "c"]) takeReport(hostId, sequence, ["10.0.0.2", "10.0.0.7"], second);
    }
    expect(view.fanIns.partOf("r", "a")).toMatchObject({ hosts: 3, segments: 18 });
  });

  test("changes nothing for a repeated or outdated report, and counts it", async () => {
    takeReport("a", 1, ["10.0.0.2"]);
    takeReport("a", 3, ["10.0.0.2"]);
    const before = view.table.get("a", far)?.estimate;
    takeReport("a", 3, ["10.0.0.2"], { saturatedBytesPerSecond: [1] });
    takeReport("a", 2, ["10.0.0.2"], { saturatedBytesPerSecond: [1] });
    takeReport("a", 9, ["10.0.0.2"], { epoch: 999, saturatedBytesPerSecond: [1] });
    expect(view.table.get("a", far)?.estimate).toEqual(before);
    expect(await refusals("report")).toEqual({ repeated: 1, outdated: 1, old_epoch: 1 });
    expect((await metrics.messagesMissing.get()).values).toMatchObject([{ value: 1, labels: { kind: "report" } }]);
  });

  test("takes a new epoch without a gap, and gives its host a snapshot", async () => {
    takeReport("a", 7, ["10.0.0.2"]);
    view.ledger.want("a", far, adviceOf(far));
    view.ledger.takeUpdates("a", 10, 0);
    expect(view.ledger.waitingHosts).toEqual([]);
    takeReport("a", 1, ["10.0.0.2"], { epoch: 1_001 });
    expect((await metrics.messagesMissing.get()).values).toEqual([]);
    expect(view.ledger.waitingHosts).toEqual(["a"]);
  });

  test("lets a host that was forgotten come back with an older epoch", () => {
    takeReport("a", 7, ["10.0.0.2"]);
    view.hosts.expire(1e9);
    ingest.forgetHost("a");
    takeReport("a", 1, ["10.0.0.3"], { epoch: 5 });
    expect(view.table.get("a", address("10.0.0.3"))).toBeDefined();
  });

  test("refuses what another host says in its name", async () => {
    ingest.take("report", subjectFor("report", "b"), pathReport.seal(report("a", 1, ["10.0.0.2"])));
    expect(view.table.size).toBe(0);
    expect(await refusals("report")).toEqual({ wrong_host: 1 });
  });

  test("refuses subjects that name no host", async () => {
    const good = pathReport.seal(report("a", 1, ["10.0.0.2"]));
    for (const subject of [subjectFor("event", "a"), subjectFor("report", "-"), subjectFor("report", "%")]) {
      ingest.take("report", subject, good);
    }
    expect(await refusals("report")).toEqual({ bad_subject: 3 });
  });

  test("counts refused rows by reason and keeps the others", async () => {
    takeReport("a", 1, ["10.0.0.2", "224.0.0.1"]);
    expect(view.table.size).toBe(1);
    expect((await metrics.rowsRefused.get()).values).toMatchObject([
      { value: 1, labels: { reason: "destination_not_unicast" } },
    ]);
  });

  test("tells of failed windows that lowered the estimate", () => {
    takeReport("a", 1, ["10.0.0.2"]);
    takeReport("a", 2, ["10.0.0.2"], { windowsFailed: [2] });
    expect(lowered).toEqual(["report a 2"]);
  });

  test("tells of many failed windows in steps, and of one before an event that tells of it, too", () => {
    const destinations = Array.from({ length: 100 }, (_, index) => `10.0.0.${index + 1}`);
    takeReport("a", 1, destinations);
    const steps = takeReport("a", 2, destinations, { windowsFailed: destinations.map(() => 2) });
    expect(lowered).toHaveLength(32);
    ingest.take(
      "event",
      subjectFor("event", "a"),
      hostEvent.seal({
        hostId: "a",
        epoch: 1_000,
        sequence: 1,
        failedJumps: [{ destination: Buffer.from(address("10.0.0.100")), adviceVersion: 4 }],
      }),
    );
    expect(lowered.slice(32)).toEqual(["report a 100", "event a 100 4"]);
    while (steps?.next(true).done === false);
    expect(lowered.filter((each) => each.startsWith("report")).sort()).toEqual(
      destinations.map((text) => `report a ${text.slice("10.0.0.".length)}`).sort(),
    );
  });
});

test("take() counts with a host what was refused in its name and why, but not what came twice", () => {
  takeReport("a", 1, ["10.0.0.2"]);
  takeReport("a", 1, ["10.0.0.2"]);
  takeReport("a", 2, ["10.0.0.2"], { intervalUs: 0 });
  takeReport("a", 3, ["10.0.0.2", "10.0.0.3"], { rttMinUs: [0, 0], mssBytes: [1_448, 70_000] });
  takeReport("a", 4, ["10.0.0.2"], { saturatedBytesPerSecond: [2 ** 50] });
  ingest.take("event", subjectFor("event", "a"), new Uint8Array([1, 2, 3]));
  ingest.take("host", subjectFor("host", "a"), new Uint8Array([1, 2, 3]));
  ingest.take("host", subjectFor("host", "a"), hostAnnouncement.seal(announcement("b", [])));
  expect(view.hosts.get("a")?.troubles).toEqual({ message_refused: 3, row_refused: 3, announcement_refused: 1 });
  expect(view.hosts.get("a")?.troubleReasons).toEqual({
    message_refused: { report_interval_out_of_range: 1, event_not_protobuf: 1, host_not_protobuf: 1 },
    row_refused: { rtt_out_of_range: 2, rate_out_of_range: 1 },
    announcement_refused: { wrong_host: 1 },
  });
});

describe("take() of events, announcements and answers", () => {
  const event = (sequence: number, destination = far) =>
    hostEvent.seal({
      hostId: "a",
      epoch: 1_000,
      sequence,
      failedJumps: [{ destination: Buffer.from(destination), adviceVersion: 4 }],
    });

  test("hands failed jumps on, once each", async () => {
    for (const sequence of [1, 1, 2]) ingest.take("event", subjectFor("event", "a"), event(sequence));
    expect(lowered).toEqual(["event a 2 4", "event a 2 4"]);
    expect(await refusals("event")).toEqual({ repeated: 1 });
  });

  test("takes in many failed jumps in steps, all of them and in their order", async () => {
    const failedJumps = Array.from({ length: 10_000 }, (_, index) => ({
      destination: Buffer.from(address(`10.1.${index >> 8}.${index & 255}`)),
      adviceVersion: index,
    }));
    const payload = hostEvent.seal({ hostId: "a", epoch: 1_000, sequence: 1, failedJumps });
    const steps = ingest.take("event", subjectFor("event", "a"), payload);
    let before = 0;
    do {
      expect(lowered.length - before, "in one step").toBeLessThanOrEqual(32);
      before = lowered.length;
    } while (steps?.next(true).done === false);
    expect(lowered).toEqual(failedJumps.map(({ destination }, index) => `event a ${destination.at(-1)} ${index}`));
    expect((await metrics.failedJumps.get()).values).toMatchObject([{ value: 10_000 }]);
  });

  test("leaves out a failed jump whose destination is no address", async () => {
    ingest.take("event", subjectFor("event", "a"), event(1, new Uint8Array(4)));
    expect(lowered).toEqual([]);
    expect((await metrics.failedJumps.get()).values).toMatchObject([{ labels: { effect: "malformed" } }]);
  });

  test("takes in hosts", async () => {
    ingest.take("host", subjectFor("host", "a"), hostAnnouncement.seal(announcement("a", ["10.0.0.1"])));
    ingest.take("host", subjectFor("host", "a"), hostAnnouncement.seal(announcement("b", ["10.0.0.1"])));
    expect(hostTerms, "the term it follows").toEqual([0]);
    expect(view.hosts.ownerOf(address("10.0.0.1"))?.hostId).toBe("a");
    expect(await refusals("host")).toEqual({ wrong_host: 1 });
  });

  test("counts with a host that the term it says it follows is odd", () => {
    termTrouble = "nobody_leads_in_it";
    ingest.take("host", subjectFor("host", "a"), hostAnnouncement.seal(announcement("a", ["10.0.0.1"])));
    const { troubles, troubleReasons } = view.hosts.get("a") ?? {};
    expect(troubles).toEqual({ term_ahead: 1 });
    expect(troubleReasons).toEqual({ term_ahead: { nobody_leads_in_it: 1 } });
  });

  test("counts answers by what they say", async () => {
    view.ledger.want("a", far, adviceOf(far));
    view.ledger.takeUpdates("a", 10, 0);
    const answer = (refusal: "ADVICE_REFUSAL_UNSPECIFIED" | "ADVICE_REFUSAL_VERSION_GAP" | 99) =>
      adviceAnswer.seal({ hostId: "a", term: 7, version: 1, refusal: refusal as "ADVICE_REFUSAL_UNSPECIFIED" });
    for (const refusal of ["ADVICE_REFUSAL_UNSPECIFIED", "ADVICE_REFUSAL_VERSION_GAP", 99] as const) {
      ingest.take("answer", subjectFor("answer", "a"), answer(refusal));
    }
    const results = (await metrics.answers.get()).values.map((value) => value.labels.result);
    expect(results).toEqual(["in_force", "version_gap", "unknown"]);
    expect(view.ledger.waitingHosts).toEqual(["a"]);
  });
});

test("take() never throws and lets nothing in, whatever bytes come", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ingestKinds),
      fc.string(),
      fc.uint8Array({ maxLength: 400 }),
      (kind, name, bytes) => {
        ingest.take(kind, name, bytes);
        ingest.take(kind, subjectFor(kind, "a"), bytes);
        expect(view.table.size).toBe(0);
      },
    ),
  );
});

test("take() lets nothing else in where a bit of a report was flipped", () => {
  const good = pathReport.seal(report("a", 1, ["10.0.0.2"]));
  fc.assert(
    fc.property(fc.nat(good.length * 8 - 1), (bit) => {
      const bytes = Uint8Array.from(good);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      ingest.take("report", subjectFor("report", "a"), bytes);
      // A bit of the envelope's field tags may flip without a change of the message inside.
      for (const record of view.table.after("", 10)) {
        expect(record).toMatchObject({ hostId: "a", destination: far });
        expect(record.estimate.rate.rateBytesPerSecond).toBe(pathRate);
      }
    }),
    { numRuns: 2_000 },
  );
});

function adviceOf(destination: Uint8Array) {
  return {
    destination,
    windowSegments: 100,
    receiveWindowBytes: 0,
    pathRateBytesPerSecond: 1_000_000,
    minRttUs: 20_000,
    isCapacityKnown: true,
    burstSegments: 0,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
  };
}
