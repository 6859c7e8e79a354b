import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import {
  addressFromText,
  addressText,
  isLoopback,
  isPrefix,
  prefixContains,
  prefixFromText,
  prefixText,
} from "../../../proto/address.ts";

const anyAddress = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.ipV4().map((text) => addressFromText(text) ?? new Uint8Array(16)),
);

describe("addressFromText()", () => {
  test.each([
    ["10.1.2.3", "00000000000000000000ffff0a010203"],
    ["::1", "00000000000000000000000000000001"],
    ["2001:DB8::a", "20010db800000000000000000000000a"],
    ["::ffff:10.1.2.3", "00000000000000000000ffff0a010203"],
  ])("reads %s", (text, hex) => {
    expect(Buffer.from(addressFromText(text) ?? []).toString("hex")).toBe(hex);
  });

  test.each([
    "",
    "10.1.2",
    "10.1.2.256",
    "010.1.2.3",
    "0x7f.1",
    "1",
    "fe80::1%eth0",
    ":::",
    "10.0.0.0/8",
    " 10.0.0.1",
    "host",
  ])("refuses %j", (text) => {
    expect(addressFromText(text)).toBeUndefined();
  });

  test("reads what addressText() writes", () => {
    fc.assert(
      fc.property(anyAddress, (bytes) => {
        expect(addressFromText(addressText(bytes))).toEqual(bytes);
      }),
    );
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%/]{0,45}$/)), (text) => {
        expect([16, undefined]).toContain(addressFromText(text)?.length);
        prefixFromText(text);
      }),
    );
  });
});

describe("prefixFromText()", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8", 104],
    ["0.0.0.0/0", "0.0.0.0/0", 96],
    ["10.1.2.3", "10.1.2.3", 128],
    ["10.1.2.3/32", "10.1.2.3", 128],
    ["2001:db8:1::/32", "2001:db8::/32", 32],
    ["::/0", "::/0", 0],
  ])("reads %s as %s", (text, canonical, length) => {
    const prefix = prefixFromText(text);
    expect(prefix?.length).toBe(length);
    expect(prefix && prefixText(prefix)).toBe(canonical);
    expect(prefix && isPrefix(prefix)).toBe(true);
  });

  test.each(["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "/8", "10.0.0.0/1e1"])(
    "refuses %j",
    (text) => {
      expect(prefixFromText(text)).toBeUndefined();
    },
  );
});

test("isPrefix() refuses host bits, wrong lengths and wrong sizes", () => {
  const address = addressFromText("10.0.0.1") ?? new Uint8Array(16);
  expect(isPrefix({ address, length: 128 })).toBe(true);
  expect(isPrefix({ address, length: 127 })).toBe(false);
  for (const length of [-1, 129, 1.5, Number.NaN]) expect(isPrefix({ address, length })).toBe(false);
  expect(isPrefix({ address: address.subarray(1), length: 128 })).toBe(false);
});

test("prefixContains() agrees with ipaddr.js", () => {
  fc.assert(
    fc.property(anyAddress, anyAddress, fc.nat(128), fc.nat(128), (base, other, length, shared) => {
      const masked = prefixFromText(`${new ipaddr.IPv6(Array.from(base)).toNormalizedString()}/${length}`);
      if (masked === undefined) throw new Error("Cannot read the prefix");
      // Random addresses hardly ever share a prefix: take some bits of the base.
      const address = base.map((byte, index) => (index * 8 < shared ? byte : (other[index] ?? 0)));
      const expected = new ipaddr.IPv6(Array.from(address)).match(new ipaddr.IPv6(Array.from(base)), length);
      expect(prefixContains(masked, address)).toBe(expected);
    }),
  );
});

test.each([
  ["127.0.0.1", true],
  ["127.255.0.1", true],
  ["::1", true],
  ["128.0.0.1", false],
  ["::2", false],
  ["10.0.0.1", false],
])("isLoopback() of %s is %s", (text, expected) => {
  expect(isLoopback(addressFromText(text) ?? new Uint8Array(16))).toBe(expected);
});
