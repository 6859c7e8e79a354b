import { expect, test } from "vitest";
import { listenAddressFromText, listenAddressText } from "../../../common/listen-address.ts";

test.each([
  ["127.0.0.1:7443", { host: "127.0.0.1", port: 7443 }],
  ["0.0.0.0:0", { host: "0.0.0.0", port: 0 }],
  ["[::1]:65535", { host: "::1", port: 65535 }],
])("listenAddressFromText() reads %s, and listenAddressText() writes it", (text, address) => {
  expect(listenAddressFromText(text)).toEqual(address);
  expect(listenAddressText(address)).toBe(text);
});

test.each([
  "",
  "7443",
  ":7443",
  "127.0.0.1",
  "127.0.0.1:65536",
  "::1:7443",
  "[127.0.0.1]:1",
  "host:1",
  "1.2.3:4",
  "127.0.0.1:-1",
])("listenAddressFromText() refuses %j", (text) => {
  expect(listenAddressFromText(text)).toBeUndefined();
});
