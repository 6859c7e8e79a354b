/** The TypeScript client: every call of `augmenter.v1` as a promise, every watch as an async iterable. */
import type { Client, ClientReadableStream, Metadata, ServiceError } from "@grpc/grpc-js";
import { logVerbosity, setLogVerbosity, status } from "@grpc/grpc-js";
import type { BatchGetPathsRequest } from "../proto/gen/augmenter/v1/BatchGetPathsRequest.ts";
import type { BatchGetPathsResponse__Output } from "../proto/gen/augmenter/v1/BatchGetPathsResponse.ts";
import type { DeletePolicyRuleRequest } from "../proto/gen/augmenter/v1/DeletePolicyRuleRequest.ts";
import type { EffectivePolicy__Output } from "../proto/gen/augmenter/v1/EffectivePolicy.ts";
import type { EstimateTransferRequest } from "../proto/gen/augmenter/v1/EstimateTransferRequest.ts";
import type { ExplainAdviceRequest } from "../proto/gen/augmenter/v1/ExplainAdviceRequest.ts";
import type { ExplainAdviceResponse__Output } from "../proto/gen/augmenter/v1/ExplainAdviceResponse.ts";
import type { GetEffectivePolicyRequest } from "../proto/gen/augmenter/v1/GetEffectivePolicyRequest.ts";
import type { GetMatrixRequest } from "../proto/gen/augmenter/v1/GetMatrixRequest.ts";
import type { GetMatrixResponse__Output } from "../proto/gen/augmenter/v1/GetMatrixResponse.ts";
import type { GetPathRequest } from "../proto/gen/augmenter/v1/GetPathRequest.ts";
import type { GetPolicyRequest } from "../proto/gen/augmenter/v1/GetPolicyRequest.ts";
import type { HostUpdate__Output } from "../proto/gen/augmenter/v1/HostUpdate.ts";
import type { ListHostsRequest } from "../proto/gen/augmenter/v1/ListHostsRequest.ts";
import type { ListHostsResponse__Output } from "../proto/gen/augmenter/v1/ListHostsResponse.ts";
import type { ListPathsRequest } from "../proto/gen/augmenter/v1/ListPathsRequest.ts";
import type { ListPathsResponse__Output } from "../proto/gen/augmenter/v1/ListPathsResponse.ts";
import type { ListPolicyChangesRequest } from "../proto/gen/augmenter/v1/ListPolicyChangesRequest.ts";
import type { ListPolicyChangesResponse__Output } from "../proto/gen/augmenter/v1/ListPolicyChangesResponse.ts";
import type { PathEstimate__Output } from "../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathServiceClient } from "../proto/gen/augmenter/v1/PathService.ts";
import type { PathUpdate__Output } from "../proto/gen/augmenter/v1/PathUpdate.ts";
import type { Policy__Output } from "../proto/gen/augmenter/v1/Policy.ts";
import type { PolicyServiceClient } from "../proto/gen/augmenter/v1/PolicyService.ts";
import type { RankDestinationsRequest } from "../proto/gen/augmenter/v1/RankDestinationsRequest.ts";
import type { RankDestinationsResponse__Output } from "../proto/gen/augmenter/v1/RankDestinationsResponse.ts";
import type { SetPolicyRuleRequest } from "../proto/gen/augmenter/v1/SetPolicyRuleRequest.ts";
import type { TransferEstimate__Output } from "../proto/gen/augmenter/v1/TransferEstimate.ts";
import type { ViewVersion } from "../proto/gen/augmenter/v1/ViewVersion.ts";
import type { WatchHostsRequest } from "../proto/gen/augmenter/v1/WatchHostsRequest.ts";
import type { WatchPathsRequest } from "../proto/gen/augmenter/v1/WatchPathsRequest.ts";
import type { ProtoGrpcType } from "../proto/gen/path_service.ts";
import type { ProtoGrpcType as PolicyGrpcType } from "../proto/gen/policy_service.ts";
import { grpcPackage } from "../proto/messages.ts";
import { CallError, callErrorFrom } from "./call-error.ts";
import type { ConnectOptions } from "./connection.ts";
import { callMetadata, channelCredentials, channelOptions, isTokenExposed } from "./connection.ts";
import { requireEnumTexts } from "./enum-texts.ts";
import type { Versioned, WatchOptions } from "./resumed-watch.ts";
import { resumedWatch } from "./resumed-watch.ts";

export { CallError } from "./call-error.ts";
export type { ConnectOptions, TlsFiles } from "./connection.ts";
export type { WatchOptions } from "./resumed-watch.ts";

const deadlineDefaultMs = 5_000;

/**
 * Owns one connection to an aggregator. Every call rejects with a CallError. Requests and answers are the messages of
 * proto/augmenter/v1 with names in camel case; their comments are the reference.
 */
export class AugmenterClient {
  readonly #paths: PathServiceClient;
  readonly #policy: PolicyServiceClient;
  readonly #metadata: Metadata;
  readonly #deadlineMs: number;
  readonly #closing = new AbortController();
  readonly #running = new Set<{ cancel(): void }>();

  /** Connects at the first call. Throws where a TLS file cannot be read, or the token would travel in the clear. */
  constructor(options: ConnectOptions) {
    if (isTokenExposed(options)) throw new Error(`Cannot send a token to ${options.address} without TLS: give tls`);
    // What goes wrong with a call reaches its caller as an error; the library would print it a second time.
    setLogVerbosity(logVerbosity.NONE);
    const { augmenter } = grpcPackage() as unknown as ProtoGrpcType & PolicyGrpcType;
    const channel = channelCredentials(options.tls);
    const channelSettings = channelOptions(options.tls);
    this.#paths = new augmenter.v1.PathService(options.address, channel, channelSettings);
    this.#policy = new augmenter.v1.PolicyService(options.address, channel, channelSettings);
    this.#metadata = callMetadata(options.token);
    this.#deadlineMs = options.deadlineMs ?? deadlineDefaultMs;
  }

  /** Ends the connection. Running calls, and any made later, reject with CANCELLED; running watches end without an error. */
  close(): void {
    this.#closing.abort();
    for (const call of this.#running) call.cancel();
    this.#paths.close();
    this.#policy.close();
  }

  getPath(request: GetPathRequest): Promise<PathEstimate__Output> {
    return this.#ask(this.#paths, "GetPath", request);
  }

  batchGetPaths(request: BatchGetPathsRequest): Promise<BatchGetPathsResponse__Output> {
    return this.#ask(this.#paths, "BatchGetPaths", request);
  }

  listPaths(request: ListPathsRequest): Promise<ListPathsResponse__Output> {
    return this.#ask(this.#paths, "ListPaths", request);
  }

  rankDestinations(request: RankDestinationsRequest): Promise<RankDestinationsResponse__Output> {
    return this.#ask(this.#paths, "RankDestinations", request);
  }

  estimateTransfer(request: EstimateTransferRequest): Promise<TransferEstimate__Output> {
    return this.#ask(this.#paths, "EstimateTransfer", request);
  }

  getMatrix(request: GetMatrixRequest): Promise<GetMatrixResponse__Output> {
    return this.#ask(this.#paths, "GetMatrix", request);
  }

  explainAdvice(request: ExplainAdviceRequest): Promise<ExplainAdviceResponse__Output> {
    return this.#ask(this.#paths, "ExplainAdvice", request);
  }

  listHosts(request: ListHostsRequest): Promise<ListHostsResponse__Output> {
    return this.#ask(this.#paths, "ListHosts", request);
  }

  /** The paths as they are, then every change, for ever: see resumedWatch(). */
  watchPaths(
    request: Omit<WatchPathsRequest, "resumeAfter">,
    options: WatchOptions = {},
  ): AsyncGenerator<PathUpdate__Output, void, undefined> {
    return this.#watch((resumeAfter) => this.#paths.watchPaths({ ...request, resumeAfter }, this.#metadata), options);
  }

  /** The hosts as they are, then every change of what they announce. */
  watchHosts(
    request: Omit<WatchHostsRequest, "resumeAfter">,
    options: WatchOptions = {},
  ): AsyncGenerator<HostUpdate__Output, void, undefined> {
    return this.#watch((resumeAfter) => this.#paths.watchHosts({ ...request, resumeAfter }, this.#metadata), options);
  }

  getPolicy(request: GetPolicyRequest = {}): Promise<Policy__Output> {
    return this.#ask(this.#policy, "GetPolicy", request);
  }

  getEffectivePolicy(request: GetEffectivePolicyRequest): Promise<EffectivePolicy__Output> {
    return this.#ask(this.#policy, "GetEffectivePolicy", request);
  }

  setPolicyRule(request: SetPolicyRuleRequest): Promise<Policy__Output> {
    return this.#ask(this.#policy, "SetPolicyRule", request);
  }

  deletePolicyRule(request: DeletePolicyRuleRequest): Promise<Policy__Output> {
    return this.#ask(this.#policy, "DeletePolicyRule", request);
  }

  listPolicyChanges(request: ListPolicyChangesRequest): Promise<ListPolicyChangesResponse__Output> {
    return this.#ask(this.#policy, "ListPolicyChanges", request);
  }

  #ask<Request extends object, Response>(client: Client, method: string, request: Request): Promise<Response> {
    const call = (client as unknown as Record<string, UnaryMethod<Request, Response>>)[method];
    if (call === undefined) throw new Error(`Cannot call ${method} as the .proto files have no such method`);
    return new Promise((resolve, reject) => {
      this.#requireOpen();
      requireEnumTexts(client === this.#paths ? "PathService" : "PolicyService", method, request);
      const options = { deadline: Date.now() + this.#deadlineMs };
      const running = call.call(client, request, this.#metadata, options, (error, response) => {
        this.#running.delete(running);
        if (error === null && response !== undefined) resolve(response);
        else reject(callErrorFrom(error));
      });
      this.#running.add(running);
    });
  }

  async *#watch<Update extends Versioned>(
    open: (resumeAfter: ViewVersion | null) => ClientReadableStream<Update>,
    options: WatchOptions,
  ): AsyncGenerator<Update, void, undefined> {
    this.#requireOpen();
    const signals = [this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])];
    yield* resumedWatch(open, { ...options, signal: AbortSignal.any(signals) });
  }

  #requireOpen(): void {
    if (this.#closing.signal.aborted) throw new CallError(status.CANCELLED, "Cannot call as this client was closed");
  }
}

type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { readonly deadline: number },
  callback: (error: ServiceError | null, response?: Response) => void,
) => { cancel(): void };
