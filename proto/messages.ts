/** Encoding and decoding of every message, from the .proto files themselves. */
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import type { GrpcObject } from "@grpc/grpc-js";
import { loadPackageDefinition } from "@grpc/grpc-js";
import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";
import { loadSync } from "@grpc/proto-loader";
import type { AdviceAnswer, AdviceAnswer__Output } from "./gen/augmenter/v1/AdviceAnswer.ts";
import type { AdviceUpdate, AdviceUpdate__Output } from "./gen/augmenter/v1/AdviceUpdate.ts";
import type { HostAnnouncement, HostAnnouncement__Output } from "./gen/augmenter/v1/HostAnnouncement.ts";
import type { HostEvent, HostEvent__Output } from "./gen/augmenter/v1/HostEvent.ts";
import type { LeaderLease, LeaderLease__Output } from "./gen/augmenter/v1/LeaderLease.ts";
import type { PathReport, PathReport__Output } from "./gen/augmenter/v1/PathReport.ts";
import type { PeerWord, PeerWord__Output } from "./gen/augmenter/v1/PeerWord.ts";
import type { PolicyWord, PolicyWord__Output } from "./gen/augmenter/v1/PolicyWord.ts";
import type { ReceiveNeeds, ReceiveNeeds__Output } from "./gen/augmenter/v1/ReceiveNeeds.ts";
import type { Sealed, Sealed__Output } from "./gen/augmenter/v1/Sealed.ts";
import type { SnapshotRequest, SnapshotRequest__Output } from "./gen/augmenter/v1/SnapshotRequest.ts";

const protoFiles = ["telemetry", "path_service", "policy_service", "policy_word", "peer_word"].map(
  (name) => `augmenter/v1/${name}.proto`,
);

/** The parsed .proto files: what the gRPC server and the codec below are made from. Names are in camel case. */
export const packageDefinition: PackageDefinition = loadSync(protoFiles, {
  includeDirs: [protoDirectory()],
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

/** The same with the names of the .proto files: what reflection tells clients in other languages. */
export function reflectedDefinition(): PackageDefinition {
  return loadSync(protoFiles, { includeDirs: [protoDirectory()], keepCase: true });
}

/** The services as grpc-js constructors, untyped; see proto/gen for their types. */
export function grpcPackage(): GrpcObject {
  return loadPackageDefinition(packageDefinition);
}

/** The largest NATS payload that is looked at, bytes: NATS' own default limit. */
export const payloadMaxBytes = 1 << 20;

/** Why a payload was refused. */
export const payloadRefusals = ["too_large", "not_protobuf", "bad_checksum"] as const;
export type PayloadRefusal = (typeof payloadRefusals)[number];

export type Opened<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly refusal: PayloadRefusal };

/** One kind of NATS payload: a message inside its sealed envelope. */
export interface Payload<In, Out> {
  /** The bytes to publish. */
  seal(message: In): Uint8Array;
  /** The message of a received payload, or why it is refused. Never throws. */
  open(payload: Uint8Array): Opened<Out>;
}

/** host -> aggregator, on `report`. */
export const pathReport = payload<PathReport, PathReport__Output>("PathReport");
/** host -> aggregator, on `event`. */
export const hostEvent = payload<HostEvent, HostEvent__Output>("HostEvent");
/** host -> aggregator, on `host`. */
export const hostAnnouncement = payload<HostAnnouncement, HostAnnouncement__Output>("HostAnnouncement");
/** aggregator -> host, on `advice`. */
export const adviceUpdate = payload<AdviceUpdate, AdviceUpdate__Output>("AdviceUpdate");
/** host -> aggregator, on `answer`. */
export const adviceAnswer = payload<AdviceAnswer, AdviceAnswer__Output>("AdviceAnswer");
/** leading aggregator -> aggregators of another partition, on `receive`. */
export const receiveNeeds = payload<ReceiveNeeds, ReceiveNeeds__Output>("ReceiveNeeds");
/** aggregator -> aggregators, on `lease`. */
export const leaderLease = payload<LeaderLease, LeaderLease__Output>("LeaderLease");
/** aggregator -> leading aggregator, on `sync`. */
export const snapshotRequest = payload<SnapshotRequest, SnapshotRequest__Output>("SnapshotRequest");

/** leading aggregator -> aggregators of other partitions, on `peer`. */
export const peerWord = payload<PeerWord, PeerWord__Output>("PeerWord");
/** aggregator -> aggregators, on `policy`. */
export const policyWord = payload<PolicyWord, PolicyWord__Output>("PolicyWord");

function payload<In extends object, Out extends object>(name: string): Payload<In, Out> {
  const inner = messageType<In, Out>(name);
  const envelope = messageType<Sealed, Sealed__Output>("Sealed");
  return {
    seal(message) {
      const bytes = inner.serialize(message);
      return envelope.serialize({ crc32: crc32(bytes), message: bytes });
    },
    open(bytes) {
      if (bytes.length > payloadMaxBytes) return { ok: false, refusal: "too_large" };
      try {
        const sealed = envelope.deserialize(asBuffer(bytes));
        if (crc32(sealed.message) !== sealed.crc32) return { ok: false, refusal: "bad_checksum" };
        return { ok: true, message: inner.deserialize(asBuffer(sealed.message)) };
      } catch {
        return { ok: false, refusal: "not_protobuf" };
      }
    },
  };
}

function messageType<In extends object, Out extends object>(name: string): MessageTypeDefinition<In, Out> {
  const found = packageDefinition[`augmenter.v1.${name}`];
  if (found === undefined || !("serialize" in found)) throw new Error(`Cannot find message augmenter.v1.${name}`);
  return found as unknown as MessageTypeDefinition<In, Out>;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// From the sources proto/ is beside this file; from dist/proto/ it is the package's own folder two levels up.
function protoDirectory(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  return /[\\/]dist[\\/]proto[\\/]$/.test(here) ? fileURLToPath(new URL("../../proto/", import.meta.url)) : here;
}
