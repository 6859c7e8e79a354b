/** The command against real TLS servers: what fits, and each way in which it does not. */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { ServerCredentials } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import type { Authority, KeyPair } from "../../support/certificates.ts";
import { testAuthority } from "../../support/certificates.ts";
import { playedServer, run } from "./played-server.ts";

const answers = { ListHosts: () => ({ hosts: [{ hostId: "a1" }] }) };

function tlsServer({ certFile, keyFile }: KeyPair, clients?: Authority): Promise<string> {
  const pair = { cert_chain: readFileSync(certFile), private_key: readFileSync(keyFile) };
  const root = clients === undefined ? null : readFileSync(clients.file);
  return playedServer(answers, {}, ServerCredentials.createSsl(root, [pair], clients !== undefined));
}

const hosts = (server: string, ...args: readonly string[]) =>
  run(["hosts", "--server", server, "--timeout-ms", "3000", ...args]);
const name = ["--tls-server-name", "aggregator.test"];

describe("with TLS", () => {
  test("the command is answered", async () => {
    const authority = testAuthority();
    const server = await tlsServer(authority.sign("aggregator.test"));
    expect(await hosts(server, "--tls-ca", authority.file, ...name)).toMatchObject({ code: 0, stderr: "" });
  });

  test("a key of another certificate, or none at all, ends with code 2 and one line", async () => {
    const authority = testAuthority();
    const [a, b] = [authority.sign("a.test"), authority.sign("b.test")];
    for (const key of [b.keyFile, a.certFile, "/dev/null"]) {
      const ran = await hosts("127.0.0.1:1", "--tls-ca", authority.file, "--tls-cert", a.certFile, "--tls-key", key);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toMatch(/^Cannot use the TLS files .*; --tls-key must be the key of --tls-cert.*\n$/);
    }
  });

  test("each misfit is one line that says what to do", async () => {
    const authority = testAuthority();
    const server = await tlsServer(authority.sign("aggregator.test"));
    const plain = await playedServer(answers);
    const late = await tlsServer(authority.sign("aggregator.test", -1));
    const ca = ["--tls-ca", authority.file];
    const misfits = [
      [await hosts(server), /if it speaks TLS, use --tls$/],
      [await hosts(plain, "--tls"), /it does not speak TLS; leave out --tls and the other --tls options$/],
      [await hosts(server, "--tls"), /signed by nobody known here; name who signed it with --tls-ca$/],
      [await hosts(server, "--tls-ca", testAuthority().file, ...name), /signed by nobody known here/],
      [await hosts(server, ...ca), /is for another name; name the one it is for with --tls-server-name$/],
      [await hosts(late, ...ca, ...name), /its certificate has expired; renew it$/],
    ] as const;
    for (const [ran, line] of misfits) {
      const stderr = ran.stderr.trimEnd();
      expect({ ...ran, stderr }).toEqual({ code: 7, stdout: "", stderr: expect.stringMatching(line) });
      expect(stderr).not.toContain("\n");
    }
  }, 40_000);

  test("a client certificate is shown where the server asks for one", async () => {
    const authority = testAuthority();
    const server = await tlsServer(authority.sign("aggregator.test"), authority);
    const own = authority.sign("reader");
    const ca = ["--tls-ca", authority.file, ...name];
    const shown = ["--tls-cert", own.certFile, "--tls-key", own.keyFile];
    expect(await hosts(server, ...ca, ...shown)).toMatchObject({ code: 0 });
    const without = await hosts(server, ...ca);
    expect(without).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/asks for a client certificate; name one/),
    });
    // Who signed it, and until when it is good, is the server's to judge.
    for (const pair of [testAuthority().sign("reader"), authority.sign("reader", -1)]) {
      const ran = await hosts(server, ...ca, "--tls-cert", pair.certFile, "--tls-key", pair.keyFile);
      expect(ran).toMatchObject({
        code: 7,
        stdout: "",
        stderr: expect.stringMatching(
          /: it ended the connection; if it does not accept this client's certificate, show one that .*, with --tls-cert and --tls-key\n$/,
        ),
      });
    }
  });

  test("servers are what they say", async () => {
    // Without this the misfits above could all be one and the same refused connection.
    const server = await tlsServer(testAuthority().sign("aggregator.test"));
    const [host = "", port] = server.split(":");
    const socket = connect(Number(port), host);
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.destroy();
  });
});
