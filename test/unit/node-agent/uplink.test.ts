import { expect, test } from "vitest";
import type { NatsLink } from "../../../common/nats-link.ts";
import { Uplink } from "../../../node-agent/uplink.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";
import { PathReportWriter } from "../../../proto/path-report-writer.ts";

test("publishReports() gives memory to the next reports only once the broker has what is in it", async () => {
  const rows = new PathReportWriter(8);
  const published: Uint8Array[] = [];
  let isConfirmed = false;
  const link = {
    connected: true,
    publish: (_: string, payload: Uint8Array) => published.push(payload) > 0,
    flush: async () => isConfirmed,
  } as unknown as NatsLink;
  const uplink = new Uplink("a", 1);
  uplink.use(link);
  const report = async () => {
    rows.rows = 8;
    uplink.addReport(rows, 1, 1);
    await uplink.publishReports(1, 10);
  };
  await report();
  await report();
  const sequences = published.map((payload) => {
    const reader = new PathReportReader();
    expect(reader.read(payload)).toBeUndefined();
    return reader.sequence;
  });
  expect(sequences, "neither is written over").toEqual([1, 2]);
  isConfirmed = true;
  await report();
  await report();
  expect(uplink.counts).toMatchObject({ reportsMade: 4, reportsPublished: 4, reportsHeld: 0, reportsDropped: 0 });
  const memories = new Set(published.slice(0, 3).map((payload) => payload.buffer));
  expect(memories.size).toBe(3);
  expect(memories.has(published[3]?.buffer as ArrayBuffer)).toBe(true);
});
