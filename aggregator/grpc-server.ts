/** The gRPC server: PathService, health and reflection on one address, each with its limits. */
import type { ServerCredentials, ServiceDefinition } from "@grpc/grpc-js";
import { logVerbosity, Server, setLogVerbosity } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { HealthImplementation, protoPath } from "grpc-health-check";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { ListenAddress } from "../common/listen-address.ts";
import { listenAddressText } from "../common/listen-address.ts";
import type { ProtoGrpcType } from "../proto/gen/path_service.ts";
import type { ProtoGrpcType as PolicyGrpcType } from "../proto/gen/policy_service.ts";
import { grpcPackage, reflectedDefinition } from "../proto/messages.ts";
import { encodedColumns } from "./batch-encoding.ts";
import { queryBounds } from "./core/bounds.ts";
import { encodedPath } from "./path-encoding.ts";
import type { PathService } from "./path-service.ts";
import type { PolicyService } from "./policy-service.ts";
import type { Protection } from "./protection.ts";
import type { Standing } from "./standing.ts";
import { withStanding } from "./standing.ts";

/** A server that runs. */
export interface GrpcEndpoint {
  readonly port: number;
  /** Health answers NOT_SERVING, watches end, running calls get `waitMs` to finish. */
  close(waitMs: number): Promise<void>;
}

const serviceNames = ["augmenter.v1.PathService", "augmenter.v1.PolicyService"];

/** Starts serving. Throws ExitError 4 where the address cannot be had. */
export async function startGrpcServer(
  listen: ListenAddress,
  service: Pick<PathService, "handlers" | "close">,
  policy: Pick<PolicyService, "handlers">,
  protection: Pick<Protection, "credentials" | "interceptors">,
  standing: () => Standing,
): Promise<GrpcEndpoint> {
  // What goes wrong reaches us as errors; the library would print it a second time.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    "grpc.max_receive_message_length": queryBounds.requestMaxBytes,
    "grpc.max_send_message_length": queryBounds.responseMaxBytes,
    "grpc.max_concurrent_streams": queryBounds.streamsPerConnectionMax,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_connection_idle_ms": 10 * 60_000,
    // So that clients find another server when there is one; a watch that ends with it goes on where it was.
    "grpc.max_connection_age_ms": 3_600_000,
    "grpc.max_connection_age_grace_ms": 60_000,
    "grpc-node.max_session_memory": 10,
    "grpc.enable_channelz": 0,
    interceptors: [...protection.interceptors],
  });
  const types = grpcPackage() as unknown as ProtoGrpcType & PolicyGrpcType;
  server.addService(pathServiceDefinition(types), withStanding(service.handlers(), standing));
  server.addService(types.augmenter.v1.PolicyService.service, withStanding(policy.handlers(), standing));
  const health = new HealthImplementation(statusOfAll("SERVING"));
  health.addToServer(server);
  const healthDefinition = loadSync(protoPath, { keepCase: true, longs: String, enums: String, defaults: true });
  new ReflectionService({ ...reflectedDefinition(), ...healthDefinition }).addToServer(server);
  const port = await bound(server, listen, protection.credentials);
  return {
    port,
    close: async (waitMs) => {
      for (const [name, status] of Object.entries(statusOfAll("NOT_SERVING"))) health.setStatus(name, status);
      service.close();
      await ended(server, waitMs);
    },
  };
}

// The whole server is the service without a name.
function statusOfAll<Status extends "SERVING" | "NOT_SERVING">(status: Status): Record<string, Status> {
  return Object.fromEntries(["", ...serviceNames].map((name) => [name, status]));
}

// What is asked most is written by hand: a batch is a megabyte of columns, and one path takes longer to write than to find otherwise.
function pathServiceDefinition(types: ProtoGrpcType): ServiceDefinition {
  const { service } = types.augmenter.v1.PathService;
  return {
    ...service,
    GetPath: { ...service.GetPath, responseSerialize: encodedPath },
    BatchGetPaths: { ...service.BatchGetPaths, responseSerialize: encodedColumns },
  };
}

function bound(server: Server, listen: ListenAddress, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listenAddressText(listen), credentials, (error, port) => {
      if (error === null) return resolve(port);
      const code = /\b(E[A-Z]+):/.exec(error.message)?.[1] ?? error.message;
      const text = `Cannot listen on grpc address ${listenAddressText(listen)}: ${code}`;
      reject(new ExitError(exitCodes.portInUse, text, { cause: error }));
    });
  });
}

function ended(server: Server, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, waitMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
