/** The feed against an HTTP server that speaks the part of the Kubernetes API that it uses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { networkTopology } from "../../../cli/core/network-topology.ts";
import { applyTopology, kubernetesApi } from "../../../cli/kubernetes-api.ts";
import { testAuthority } from "../../support/certificates.ts";
import { networkTopologySchema } from "./core/network-topology-schema.ts";
import { playedServer, run } from "./played-server.ts";

const resource = networkTopology({ name: "nt-default", namespace: "default", weights: "UserDefined" }, []);
const path = "/apis/networktopology.diktyo.x-k8s.io/v1alpha1/namespaces/default/networktopologies/nt-default";

interface Applied {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** Server-side apply as the API server does it: 415 for another content type, 422 for what the CRD refuses, 201 and later 200. */
function apiServer(applied: Applied[]) {
  const stored = new Set<string>();
  return async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body: unknown = JSON.parse(Buffer.concat(parts).toString());
    const url = new URL(request.url ?? "", "http://api");
    const told = networkTopologySchema.safeParse(body);
    const isApply = request.method === "PATCH" && request.headers["content-type"] === "application/apply-patch+yaml";
    const status = !isApply
      ? 415
      : !url.searchParams.has("fieldManager") || !told.success
        ? 422
        : stored.has(url.pathname)
          ? 200
          : 201;
    if (status < 300) {
      stored.add(url.pathname);
      applied.push({ url: url.pathname, authorization: request.headers.authorization, body });
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(
      JSON.stringify(status < 300 ? body : { kind: "Status", code: status, message: "refused by the test" }),
    );
  };
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("applyTopology()", () => {
  test("applies the resource as its owner, with the pod's token, over TLS", async () => {
    const applied: Applied[] = [];
    const authority = testAuthority();
    const { certFile, keyFile } = authority.sign("localhost");
    const server = createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, apiServer(applied));
    const port = await listening(server as unknown as ReturnType<typeof createServer>);
    const folder = mkdtempSync(join(tmpdir(), "augmenter-account-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "token"), "pod-token\n");
    const api = { url: `https://localhost:${port}`, tokenFile: join(folder, "token"), caFile: authority.file };
    await applyTopology(api, resource);
    await applyTopology(api, resource);
    expect(applied).toEqual([1, 2].map(() => ({ url: path, authorization: "Bearer pod-token", body: resource })));
    await expect(applyTopology({ ...api, caFile: testAuthority().file }, resource)).rejects.toMatchObject({ code: 7 });
  });

  test.each([
    [403, 9, /refused NetworkTopology default\/nt-default: no rights$/],
    [404, 8, /install its CRD, and make namespace default$/],
    [500, 7, /answered 500 to NetworkTopology default\/nt-default: no rights$/],
  ])("ends with its code on %d", async (status, code, message) => {
    const port = await listening(
      createServer(
        (_, response) => void response.writeHead(status).end(JSON.stringify({ kind: "Status", message: "no rights" })),
      ),
    );
    const refused = applyTopology({ url: `http://127.0.0.1:${port}` }, resource);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("says where nothing answers", async () => {
    const refused = applyTopology({ url: "http://127.0.0.1:1" }, resource);
    await expect(refused).rejects.toMatchObject({ code: 7, message: expect.stringContaining("ECONNREFUSED") });
  });
});

test("applyTopology() says which file of the pod's account is missing", async () => {
  const missing = "/nonexistent/token";
  const refused = applyTopology({ url: "http://127.0.0.1:1", tokenFile: missing }, resource);
  await expect(refused).rejects.toMatchObject({
    code: 2,
    message: expect.stringMatching(`^Cannot read ${missing}: ENOENT; `),
  });
});

describe("kubernetesApi()", () => {
  test("is that of the pod unless another is named", () => {
    expect(kubernetesApi("http://127.0.0.1:8001", {})).toEqual({ url: "http://127.0.0.1:8001" });
    expect(kubernetesApi("", { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" })).toEqual({
      url: "https://10.96.0.1:443",
      tokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
      caFile: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
    });
    const text = "Cannot use KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT as it must be";
    expect(() => kubernetesApi("", { KUBERNETES_SERVICE_HOST: "a b" })).toThrow(text);
    expect(kubernetesApi("", { KUBERNETES_SERVICE_HOST: "fd00::1" }).url).toBe("https://[fd00::1]:443");
  });
});

describe("export k8s --apply --watch", () => {
  test("keeps the resource current, and leaves it alone while nothing is known", async () => {
    const applied: Applied[] = [];
    const kube = `http://127.0.0.1:${await listening(createServer(apiServer(applied)))}`;
    const ending = new AbortController();
    let calls = 0;
    const GetMatrix = () => {
      calls += 1;
      if (calls === 4) ending.abort();
      const [sources, destinations] = [
        ["y", "z"],
        ["y", "z"],
      ];
      if (calls === 1) return { sources, destinations, provenance: [0, 0, 0, 0], minRttUs: [0, 0, 0, 0] };
      const columns = { rateBytesPerSecond: [0, 1e9, 1e9, 0], minRttUs: [0, calls * 10_000, 9_000, 0] };
      return { sources, destinations, provenance: [0, 1, 1, 0], ...columns };
    };
    const ListHosts = () => ({ hosts: ["y", "z"].map((zone) => ({ hostId: `${zone}1`, zone })) });
    const server = await playedServer({ GetMatrix, ListHosts });
    const argv = ["export", "k8s", "--apply", "--kube-api", kube, "--watch", "--every-ms", "100", "--server", server];
    const { code, stdout } = await run(argv, { signal: ending.signal });
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe("nothing is known yet: left as it is");
    expect(applied.map(({ url }) => url)).toEqual([path, path, path]);
    const costs = applied.map(({ body }) => JSON.stringify(body).match(/"networkCost":\d+/g));
    expect(new Set(costs.map(String)).size).toBe(3);
  });
});
