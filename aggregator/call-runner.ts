/** What every gRPC call has in common: it is counted, and what the caller did wrong becomes a status with details. */
import type { sendUnaryData } from "@grpc/grpc-js";
import { Metadata, status } from "@grpc/grpc-js";
import { statusDetails, statusDetailsKey } from "../proto/status-details.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import { toldFault } from "./core/query/told-fault.ts";
import type { Steps } from "./core/steps.ts";
import type { Metrics } from "./metrics.ts";
import type { Ending, SlicedWork } from "./sliced-work.ts";

/** An error as grpc-js sends it. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** A stream that can be told of an error. */
interface ErrorSink {
  emit(event: "error", error: CallStatus): unknown;
}

/** Runs calls. */
export class CallRunner {
  readonly #metrics: Pick<Metrics, "calls">;
  readonly #work: SlicedWork;
  /** A counter by its labels takes microseconds to find, which is a part of what a call takes. */
  readonly #succeeded = new Map<string, { inc(): void }>();

  constructor(metrics: Pick<Metrics, "calls">, work: SlicedWork) {
    this.#metrics = metrics;
    this.#work = work;
  }

  /** Answers a call with what `answer` returns, or with the fault that it throws. */
  unary<Answer>(method: string, callback: sendUnaryData<Answer>, answer: () => Answer): void {
    let response: Answer;
    try {
      response = answer();
    } catch (error) {
      callback(this.#failed(method, error));
      return;
    }
    this.#countSuccess(method);
    callback(null, response);
  }

  /** Answers a call with what the steps come to, unless nobody waits for it any more. */
  long<Answer>(method: string, callback: sendUnaryData<Answer>, steps: Steps<Answer>, ending: Ending): void {
    const onAnswer = (answer: Answer) => {
      this.#countSuccess(method);
      callback(null, answer);
    };
    this.#work.begin(steps, ending, onAnswer, (error) => callback(this.#failed(method, error)));
  }

  /** Begins a stream; it ends at once with the fault that `begin` throws. */
  watch(method: string, call: ErrorSink, begin: () => void): void {
    try {
      begin();
      this.#countSuccess(method);
    } catch (error) {
      call.emit("error", this.#failed(method, error));
    }
  }

  #countSuccess(method: string): void {
    let counter = this.#succeeded.get(method);
    if (counter === undefined) {
      counter = this.#metrics.calls.labels({ method, code: "OK" });
      this.#succeeded.set(method, counter);
    }
    counter.inc();
  }

  #failed(method: string, error: unknown): CallStatus {
    if (!(error instanceof QueryFault)) throw error;
    this.#metrics.calls.inc({ method, code: error.code });
    return callStatus(error);
  }
}

/** A fault as gRPC tells it. */
export function callStatus(fault: QueryFault): CallStatus {
  const { code } = fault;
  const { message, violations } = toldFault(fault);
  const metadata = new Metadata();
  if (violations.length > 0) metadata.set(statusDetailsKey, statusDetails(status[code], message, violations));
  return { code: status[code], details: message, metadata };
}
