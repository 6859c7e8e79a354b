import fc from "fast-check";
import { expect, test } from "vitest";
import { PayloadRing } from "../../../common/payload-ring.ts";

const capacity = 64;

test("PayloadRing gives back what was put in, in order, whatever is put in and taken out between", () => {
  const step = fc.oneof(fc.constant("take" as const), fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ring = new PayloadRing(capacity);
      const waiting: { readonly kept: Uint8Array; readonly bytes: readonly number[] }[] = [];
      for (const each of steps) {
        if (each === "take") {
          const oldest = waiting.shift();
          if (oldest === undefined) continue;
          expect([...oldest.kept]).toEqual(oldest.bytes);
          ring.take(oldest.kept);
          continue;
        }
        const kept = ring.put(each);
        if (kept !== undefined) waiting.push({ kept, bytes: [...each] });
        else expect(waiting.length).toBeGreaterThan(0);
      }
      for (const { kept, bytes } of waiting) expect([...kept]).toEqual(bytes);
    }),
  );
});

test("PayloadRing takes a large ring from the system in a piece from which nothing follows in glibc's heaps", () => {
  const memoryOf = (bytesMax: number) => new PayloadRing(bytesMax).put(Uint8Array.of(1))?.buffer.byteLength ?? 0;
  expect(memoryOf(16 << 20)).toBeGreaterThan(32 << 20);
  expect(memoryOf(64 << 20)).toBe(64 << 20);
  expect(memoryOf(1 << 10)).toBe(1 << 10);
});

test("PayloadRing has room for its whole size whenever it is empty, and for no byte more", () => {
  const ring = new PayloadRing(capacity);
  for (let turn = 0; turn < 3; turn += 1) {
    expect(ring.put(new Uint8Array(capacity + 1))).toBeUndefined();
    const all = ring.put(new Uint8Array(capacity)) ?? new Uint8Array();
    expect(all.length).toBe(capacity);
    expect(ring.put(new Uint8Array(1))).toBeUndefined();
    ring.take(all);
  }
});
