/** Calls to the aggregator's gRPC server, as promises. */
import type { ClientReadableStream } from "@grpc/grpc-js";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import type { PathUpdate__Output } from "../../proto/gen/augmenter/v1/PathUpdate.ts";

/** GetPath. */
export function getPath(client: PathServiceClient, source: string, destination: string): Promise<PathEstimate__Output> {
  return new Promise((resolve, reject) => {
    client.getPath({ source, destination }, (error, path) => (path === undefined ? reject(error) : resolve(path)));
  });
}

/** ListPaths. */
export function listPaths(client: PathServiceClient, request: Parameters<PathServiceClient["listPaths"]>[0]) {
  return new Promise<{ readonly paths: readonly PathEstimate__Output[]; readonly nextPageToken: string }>(
    (resolve, reject) => {
      client.listPaths(request, (error, page) => (page === undefined ? reject(error) : resolve(page)));
    },
  );
}

/** What a watch tells, as it grows. */
export function follow(call: ClientReadableStream<PathUpdate__Output>): PathUpdate__Output[] {
  const told: PathUpdate__Output[] = [];
  call.on("data", (update: PathUpdate__Output) => told.push(update));
  call.on("error", () => undefined);
  return told;
}

const asIs = (bytes: Buffer) => bytes;

/** A unary call of any method, in bytes. */
export function unary(client: PathServiceClient, path: string, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, asIs, asIs, request, (error, response) =>
      response === undefined ? reject(error) : resolve(response),
    );
  });
}

/** The first answer of a stream of any method, in bytes. */
export function firstOfStream(client: PathServiceClient, path: string, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest(path, asIs, asIs);
    call.once("data", (response: Buffer) => {
      resolve(response);
      call.end();
    });
    call.once("error", reject);
    call.write(request);
  });
}
