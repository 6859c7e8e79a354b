/** One call of the Kubernetes API: server-side apply of one resource. */
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { Environment } from "../common/option-values.ts";
import type { NetworkTopology } from "./core/network-topology.ts";

/** Where the API server is, and who we are to it. */
export interface KubernetesApi {
  /** Such as "https://10.96.0.1:443". */
  readonly url: string;
  /** Read anew for each call, because Kubernetes replaces it. */
  readonly tokenFile?: string;
  readonly caFile?: string;
}

/** Where Kubernetes puts them into a pod. */
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
const requestMs = 10_000;
const answerMaxBytes = 4 << 20;

/**
 * The API server that `url` names, such as that of `kubectl proxy`; empty: that of the pod this runs in. Throws ExitError 2 where it is
 * in none, or the URL is none of HTTP.
 */
export function kubernetesApi(url: string, environment: Environment): KubernetesApi {
  if (url !== "") return { url: httpUrl(url, "--kube-api") };
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = environment;
  if (!host) {
    const text =
      "Cannot find the Kubernetes API outside of a pod: run kubectl proxy, and name it with --kube-api http://127.0.0.1:8001";
    throw new ExitError(exitCodes.badConfiguration, text);
  }
  const address = host.includes(":") ? `[${host}]` : host;
  const ofPod = httpUrl(`https://${address}:${port}`, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT");
  return { url: ofPod, tokenFile: `${accountFolder}/token`, caFile: `${accountFolder}/ca.crt` };
}

function httpUrl(text: string, origin: string): string {
  if (URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol)) return text;
  const requirement = "as it must be a URL such as http://127.0.0.1:8001";
  throw new ExitError(exitCodes.badConfiguration, `Cannot use ${origin} ${requirement}: current value is ${text}`);
}

/** Creates the resource, or makes it what is given. Throws ExitError 2, 7, 8 or 9. */
export async function applyTopology(api: KubernetesApi, resource: NetworkTopology): Promise<void> {
  const { name, namespace } = resource.metadata;
  const path = `/apis/${resource.apiVersion}/namespaces/${namespace}/networktopologies/${name}`;
  const { status, body } = await patched(api, `${path}?fieldManager=augmenter&force=true`, JSON.stringify(resource));
  if (status === 200 || status === 201) return;
  const reason = messageIn(body);
  if (status === 401 || status === 403) {
    throw new ExitError(exitCodes.denied, `The Kubernetes API refused NetworkTopology ${namespace}/${name}: ${reason}`);
  }
  if (status === 404) {
    const text = `Cannot find NetworkTopology in the Kubernetes API (${reason}): install its CRD, and make namespace ${namespace}`;
    throw new ExitError(exitCodes.notFound, text);
  }
  throw new ExitError(
    exitCodes.serverUnreachable,
    `The Kubernetes API answered ${status} to NetworkTopology ${namespace}/${name}: ${reason}`,
  );
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function patched(api: KubernetesApi, path: string, body: string): Promise<Answer> {
  const url = new URL(path, api.url);
  const headers = {
    "content-type": "application/apply-patch+yaml",
    "content-length": Buffer.byteLength(body),
    accept: "application/json",
    ...(api.tokenFile === undefined ? {} : { authorization: `Bearer ${accountFile(api.tokenFile).trim()}` }),
  };
  const tls = api.caFile === undefined ? {} : { ca: accountFile(api.caFile) };
  const options = { method: "PATCH", headers, ...tls, signal: AbortSignal.timeout(requestMs), agent: false as const };
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const reason =
        error.name === "TimeoutError" || error.name === "AbortError"
          ? `no answer within ${requestMs} ms`
          : error.message;
      const text = `Cannot reach the Kubernetes API at ${api.url}: ${reason}`;
      reject(new ExitError(exitCodes.serverUnreachable, text, { cause: error }));
    };
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    try {
      const call = request(url, options, (response) => void answerOf(response).then(resolve, failed));
      call.on("error", failed);
      call.end(body);
    } catch (error) {
      // A token that is no header, or a certificate that is none.
      failed(error as Error);
    }
  });
}

function accountFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const remedy =
      "give the pod a service account with automountServiceAccountToken, or name kubectl proxy with --kube-api";
    throw new ExitError(exitCodes.badConfiguration, `Cannot read ${path}: ${reason}; ${remedy}`, { cause: error });
  }
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > answerMaxBytes) throw new Error(`the answer is longer than ${answerMaxBytes} bytes`);
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") };
}

// Errors are a Status with a message.
function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Then it came from a proxy in between.
  }
  return body.slice(0, 200).trim() || "no reason given";
}
