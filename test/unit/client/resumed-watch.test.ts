import { PassThrough } from "node:stream";
import type { ClientReadableStream } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { resumedWatch } from "../../../client/resumed-watch.ts";
import type { ViewVersion } from "../../../proto/gen/augmenter/v1/ViewVersion.ts";

interface Update {
  readonly id: number;
  readonly version: ViewVersion | null;
}

const at = (number: number) => ({ epoch: 1, number });
const lost = Object.assign(new Error("14"), { code: status.UNAVAILABLE, details: "connection lost" });
const denied = Object.assign(new Error("7"), { code: status.PERMISSION_DENIED, details: "not for you" });

/** A call that tells some updates, and then ends with an error, or stays open. */
function call(updates: readonly Update[], error?: Error): ClientReadableStream<Update> {
  const stream = new PassThrough({ objectMode: true });
  for (const update of updates) stream.write(update);
  if (error !== undefined) setTimeout(() => stream.destroy(error), 5);
  const cancelled = () => void stream.destroy();
  return Object.assign(stream, { cancel: cancelled }) as unknown as ClientReadableStream<Update>;
}

describe("resumedWatch()", () => {
  test("calls again behind the last version it saw", async () => {
    const asked: (ViewVersion | null)[] = [];
    const interrupted: unknown[] = [];
    const calls = [
      () =>
        call(
          [
            { id: 1, version: null },
            { id: 2, version: at(5) },
            { id: 3, version: null },
          ],
          lost,
        ),
      () => call([], lost),
      () => call([{ id: 4, version: at(6) }]),
    ];
    const open = (resumeAfter: ViewVersion | null) => {
      asked.push(resumeAfter);
      return calls.shift()?.() ?? call([]);
    };
    const ids: number[] = [];
    for await (const { id } of resumedWatch(open, { onInterrupted: (error) => interrupted.push(error) })) {
      ids.push(id);
      if (id === 4) break;
    }
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([null, at(5), at(5)]);
    expect(interrupted).toMatchObject([{ codeName: "UNAVAILABLE" }, { codeName: "UNAVAILABLE" }]);
  });

  test("throws where the first call fails, and later where waiting does not mend it", async () => {
    await expect(resumedWatch(() => call([], lost), {}).next()).rejects.toMatchObject({ codeName: "UNAVAILABLE" });
    const calls = [() => call([{ id: 1, version: at(1) }], lost), () => call([], denied)];
    const watch = resumedWatch(() => calls.shift()?.() ?? call([]), {});
    expect((await watch.next()).value).toMatchObject({ id: 1 });
    await expect(watch.next()).rejects.toMatchObject({ codeName: "PERMISSION_DENIED", message: "not for you" });
  });

  test("ends without an error when it is aborted", async () => {
    const ending = new AbortController();
    const watch = resumedWatch(() => call([{ id: 1, version: at(1) }]), { signal: ending.signal });
    expect((await watch.next()).value).toMatchObject({ id: 1 });
    setTimeout(() => ending.abort(), 10);
    expect(await watch.next()).toEqual({ done: true, value: undefined });
  });
});
