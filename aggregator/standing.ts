/** Whether an aggregator leads, as every answer of it says. */
import { Metadata } from "@grpc/grpc-js";

/** What is said. */
export interface Standing {
  readonly role: "leader" | "standby";
  /** Fencing term in which it leads; 0: it stands by. */
  readonly term: number;
  /** Who leads, as far as is known; "" where nobody was heard. */
  readonly leader: string;
  /** The part of the hosts that it looks after. */
  readonly partition: string;
  /** Hosts had no time to report twice yet: the view is emptier than the cluster. */
  readonly warming: boolean;
}

interface Answering {
  sendMetadata(metadata: Metadata): void;
}

/** The handlers of a service, each of which begins its answer with `augmenter-role`, `augmenter-term` and `augmenter-warming`. */
export function withStanding<Handlers extends object>(handlers: Handlers, standing: () => Standing): Handlers {
  const metadataNow = metadataSource(standing);
  const wrapped = Object.entries(handlers).map(([method, handler]) => [
    method,
    (call: Answering, ...rest: readonly unknown[]) => {
      call.sendMetadata(metadataNow());
      return (handler as (call: Answering, ...rest: readonly unknown[]) => unknown)(call, ...rest);
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers;
}

// It changes with the leader, and is sent with every answer.
function metadataSource(standing: () => Standing): () => Metadata {
  let told: Standing | undefined;
  let metadata = new Metadata();
  return () => {
    const now = standing();
    if (now.role !== told?.role || now.term !== told.term || now.warming !== told.warming) {
      told = now;
      metadata = new Metadata();
      metadata.set("augmenter-role", now.role);
      metadata.set("augmenter-term", String(now.term));
      metadata.set("augmenter-warming", String(now.warming));
    }
    return metadata;
  };
}
