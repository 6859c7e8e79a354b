import { expect, test } from "vitest";
import type { NatsLink } from "../../../common/nats-link.ts";
import { Uplink } from "../../../node-agent/uplink.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";
import { PathReportWriter } from "../../../proto/path-report-writer.ts";
import type { ReportColumnName } from "../../../proto/report-columns.ts";
import { reportColumn } from "../../../proto/report-columns.ts";

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

test("publishReports() leaves little of the memory that a connection took for what was sent", async () => {
  const rows = new PathReportWriter(4096);
  // Numbers that need all the bytes they may have.
  for (const name of Object.keys(reportColumn) as ReportColumnName[]) rows.column(name).fill(0xffff_ffff);
  let waiting: Uint8Array[] = [];
  let sentBytes = 0;
  const link = {
    connected: true,
    publish: (_: string, payload: Uint8Array) => waiting.push(payload) > 0,
    // As the connection does it: one piece of memory for the socket.
    flush: async () => {
      sentBytes += Buffer.concat(waiting).length;
      waiting = [];
      return true;
    },
  } as unknown as NatsLink;
  const uplink = new Uplink("a", 1);
  uplink.use(link);
  const before = process.memoryUsage().external;
  for (let made = 0; made < 24; made += 1) {
    rows.rows = rows.rowsMax;
    uplink.addReport(rows, 1, 1);
    await uplink.publishReports(1, 10);
  }
  expect(sentBytes).toBeGreaterThan(12e6);
  expect(process.memoryUsage().external - before).toBeLessThan(sentBytes / 2);
});
