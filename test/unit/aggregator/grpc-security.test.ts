import { expect, test } from "vitest";
import { requireProtection, tlsFilesOf } from "../../../aggregator/grpc-security.ts";
import { silentLog } from "../../../common/log.ts";

const all = { tls: true, clientAuthorities: false, access: true };
const none = { tls: false, clientAuthorities: false, access: false };

test.each(["127.0.0.1", "127.1.2.3", "::1"])("requireProtection() asks nothing of %s", (host) => {
  expect(() => requireProtection("gRPC", { host, port: 1 }, none, false)).not.toThrow();
});

test.each([
  [none, "without --tls-certificate-file and --tls-key-file and --access-file or --tls-client-ca-file"],
  [{ ...none, access: true }, "without --tls-certificate-file and --tls-key-file;"],
  [{ ...none, tls: true }, "without --access-file or --tls-client-ca-file;"],
])("requireProtection() refuses an address that others reach with %j", (has, text) => {
  expect(() => requireProtection("gRPC", { host: "0.0.0.0", port: 1 }, has, false)).toThrow(text);
  expect(() => requireProtection("gRPC", { host: "0.0.0.0", port: 1 }, has, true)).not.toThrow();
});

test.each([all, { tls: true, clientAuthorities: true, access: false }])("requireProtection() lets %j pass", (has) => {
  expect(() => requireProtection("gRPC", { host: "10.0.0.1", port: 1 }, has, false)).not.toThrow();
});

test.each([
  [{ certificate: "/none/a", key: "", clientAuthorities: "" }, "Cannot use TLS without both"],
  [{ certificate: "", key: "", clientAuthorities: "/none/c" }, "Cannot use TLS without both"],
  [{ certificate: "/none/a", key: "/none/b", clientAuthorities: "" }, "Cannot use the TLS files: ENOENT"],
])("tlsFilesOf() refuses %j", (files, text) => {
  expect(() => tlsFilesOf(files, silentLog())).toThrow(text);
});

test("requireProtection() wants no callers told apart of HTTP, but TLS", () => {
  const http = { host: "10.0.0.1", port: 1 };
  expect(() => requireProtection("HTTP", http, none, false)).toThrow(
    "Cannot serve HTTP at 10.0.0.1:1 as it is not loopback, without --tls-certificate-file and --tls-key-file;",
  );
  expect(() => requireProtection("HTTP", http, { ...none, tls: true }, false)).not.toThrow();
  expect(() => requireProtection("HTTP", http, none, true)).not.toThrow();
});
