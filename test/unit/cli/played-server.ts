/** A gRPC server that answers as a test wants it, and the command run against it. */
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { onTestFinished } from "vitest";
import { runCommand } from "../../../cli/program.ts";
import { ExitError } from "../../../common/exit-codes.ts";
import type { ProtoGrpcType } from "../../../proto/gen/path_service.ts";
import type { ProtoGrpcType as PolicyGrpcType } from "../../../proto/gen/policy_service.ts";
import { grpcPackage } from "../../../proto/messages.ts";

/** Answers of calls by their names; a function gets the request, and what it throws is the call's error. */
export type Answers = Readonly<Record<string, (request: never, metadata: ReadonlyMap<string, string>) => unknown>>;

/** The answer of a server that does not answer. */
export const silence = Symbol("silence");

/** What a watch sends before it stays silent. */
export type Watches = Readonly<Record<string, readonly object[]>>;

/** Starts the server; it ends with the test. Returns its address. */
export async function playedServer(
  answers: Answers,
  watches: Watches = {},
  credentials = ServerCredentials.createInsecure(),
): Promise<string> {
  const server = new Server();
  const { augmenter } = grpcPackage() as unknown as ProtoGrpcType & PolicyGrpcType;
  const unary =
    (answer: (request: never, metadata: ReadonlyMap<string, string>) => unknown) =>
    (call: ServerUnaryCall<never, object>, callback: sendUnaryData<object>) => {
      const metadata = new Map(Object.entries(call.metadata.getMap()).map(([key, value]) => [key, String(value)]));
      try {
        const answered = answer(call.request, metadata);
        if (answered !== silence) callback(null, answered as object);
      } catch (error) {
        callback(error as Error);
      }
    };
  const stream = (updates: readonly object[]) => (call: ServerWritableStream<never, object>) => {
    for (const update of updates) call.write(update);
  };
  const handlers = Object.fromEntries([
    ...Object.entries(answers).map(([name, answer]) => [name, unary(answer)] as const),
    ...Object.entries(watches).map(([name, updates]) => [name, stream(updates)] as const),
  ]);
  server.addService(augmenter.v1.PathService.service, handlers);
  server.addService(augmenter.v1.PolicyService.service, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

/** How a run of the command ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, with nothing around it but what is given. */
export async function run(
  argv: readonly string[],
  { environment = {}, isTTY = false, home = "/nonexistent", signal = new AbortController().signal } = {} as {
    readonly environment?: Readonly<Record<string, string>>;
    readonly isTTY?: boolean;
    readonly home?: string;
    readonly signal?: AbortSignal;
  },
): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  try {
    await runCommand(argv, {
      stdout: {
        isTTY,
        write: (text: string) => {
          written.stdout += text;
        },
      },
      stderr: {
        write: (text: string) => {
          written.stderr += text;
        },
      },
      environment,
      home,
      interruption: () => signal,
      nowMs: () => 1_700_000_000_000,
    });
    return { code: 0, ...written };
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return { code: error.code, ...written, stderr: `${written.stderr}${error.message}\n` };
  }
}
