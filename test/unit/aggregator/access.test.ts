import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Metadata } from "@grpc/grpc-js";
import { afterAll, expect, test, vi } from "vitest";
import { AccessFile, entriesOf } from "../../../aggregator/access.ts";
import type { CallOrigin } from "../../../aggregator/caller.ts";
import { silentLog } from "../../../common/log.ts";

const directory = mkdtempSync(join(tmpdir(), "augmenter-access-"));
afterAll(() => rmSync(directory, { recursive: true }));

const text =
  "# who may\n\nwriter token alice s3cret\n reader  token bob t0ken \nreader certificate scheduler.example\n";

function call(authorization: string | undefined, commonName?: string): CallOrigin {
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set("authorization", authorization);
  const context = commonName === undefined ? {} : { sslPeerCertificate: { subject: { CN: commonName } } };
  return { metadata, getPeer: () => "peer", getAuthContext: () => context } as unknown as CallOrigin;
}

test("AccessFile tells callers by token or certificate", () => {
  const path = join(directory, "access");
  writeFileSync(path, text);
  const access = new AccessFile(path, silentLog());
  expect(access.callerOf(call("Bearer s3cret"))).toEqual({ who: "alice", role: "writer", peer: "peer" });
  expect(access.callerOf(call("bearer t0ken"))).toMatchObject({ who: "bob", role: "reader" });
  expect(access.callerOf(call(undefined, "scheduler.example"))).toMatchObject({ role: "reader" });
  // A wrong token is not mended by a certificate.
  expect(access.callerOf(call("Bearer wrong", "scheduler.example"))).toBeUndefined();
  expect(access.callerOf(call(undefined))).toBeUndefined();
  expect(access.callerOf(call("s3cret"))).toBeUndefined();
  expect(access.callerOf(call(undefined, "alice"))).toBeUndefined();
  const reads = (authorization?: string, certificateName?: string) =>
    access.mayRead({ authorization, certificateName });
  expect([reads("Bearer t0ken"), reads(undefined, "scheduler.example")]).toEqual([true, true]);
  expect([reads(), reads("Bearer x"), reads(undefined, "bob")]).toEqual([false, false, false]);
});

test.each(["admin token a b", "reader token a", "reader certificate", "writer token a b c"])(
  "entriesOf() refuses %j without repeating it",
  (line) => {
    expect(() => entriesOf(`${text}${line}\n`)).toThrow(/^line 6 is no entry$/);
  },
);

test("AccessFile says which file cannot be read", () => {
  expect(() => new AccessFile(join(directory, "none"), silentLog())).toThrow(
    /^Cannot read the access file .*none: ENOENT/,
  );
});

test("AccessFile tells when it was read again, and not when it could not be", () => {
  vi.useFakeTimers();
  const path = join(directory, "replaced");
  const replaced = vi.fn();
  const replace = (content: string, atSeconds: number) => {
    writeFileSync(path, content);
    utimesSync(path, atSeconds, atSeconds);
    vi.advanceTimersByTime(2_000);
  };
  writeFileSync(path, text);
  const access = new AccessFile(path, silentLog());
  access.whenReplaced(replaced);
  access.start();
  try {
    replace("nonsense\n", 1_000);
    expect([replaced.mock.calls.length, access.callerOf(call("Bearer t0ken"))?.who]).toEqual([0, "bob"]);
    replace("reader token carol t0ken2\n", 2_000);
    expect([replaced.mock.calls.length, access.callerOf(call("Bearer t0ken"))?.who]).toEqual([1, undefined]);
    expect(access.callerOf(call("Bearer t0ken2"))?.who).toBe("carol");
  } finally {
    access.stop();
    vi.useRealTimers();
  }
});
