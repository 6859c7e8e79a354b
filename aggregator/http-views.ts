/** What gRPC tells, as JSON for curl and browsers: GET /v1/..., with the fields of the request as parameters. */
import { HttpError } from "../common/http-body.ts";
import type { JsonRoute } from "../common/http-endpoint.ts";
import type { Clock } from "./clock.ts";
import type { PathColumns } from "./core/query/path-columns.ts";
import { policyPage } from "./core/query/policy-pages.ts";
import { effectivePolicyFor } from "./core/query/policy-query.ts";
import { provenanceNames } from "./core/query/provenance-numbers.ts";
import type { FaultCode } from "./core/query/query-fault.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import { toldFault } from "./core/query/told-fault.ts";
import type { View } from "./core/view.ts";
import { HttpParameters } from "./http-parameters.ts";
import type { QueryName, QueryRequest } from "./query-calls.ts";
import { answerOf } from "./query-calls.ts";

/** As grpc-gateway maps them. */
const statusOf: Readonly<Record<FaultCode, number>> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
};

const firstWindows = ["FIRST_WINDOW_UNSPECIFIED", "FIRST_WINDOW_KERNEL", "FIRST_WINDOW_ADVISED"] as const;

const matrixLevels = [
  "MATRIX_LEVEL_UNSPECIFIED",
  "MATRIX_LEVEL_HOST",
  "MATRIX_LEVEL_RACK",
  "MATRIX_LEVEL_ZONE",
] as const;

/** The routes by path. */
export function httpViews(view: View, clock: Clock, isPolicyDurable = false): Readonly<Record<string, JsonRoute>> {
  const query =
    <Name extends QueryName>(name: Name, requestOf: (parameters: HttpParameters) => QueryRequest<Name>): JsonRoute =>
    (search) =>
      answered(search, (parameters) => {
        const request = requestOf(parameters);
        parameters.end();
        return answerOf(name, view, request, clock.nowMs());
      });
  return {
    "/v1/path": query("GetPath", endsOf),
    "/v1/paths": query("ListPaths", (parameters) => ({ filter: endsOf(parameters), ...pageOf(parameters) })),
    "/v1/estimate": query("EstimateTransfer", (parameters) => ({ ...endsOf(parameters), ...transferOf(parameters) })),
    "/v1/rank": query("RankDestinations", (parameters) => ({
      source: parameters.text("source"),
      candidates: parameters.list("candidates"),
      limit: parameters.number("limit"),
      ...transferOf(parameters),
    })),
    "/v1/batch": (search) => columnsView(query("BatchGetPaths", batchOf)(search) as PathColumns),
    "/v1/explain": query("ExplainAdvice", endsOf),
    "/v1/policy": (search) =>
      answered(search, (parameters) => {
        const page = pageOf(parameters);
        parameters.end();
        return policyPage(view.policy.state, isPolicyDurable, page);
      }),
    "/v1/policy/effective": (search) =>
      answered(search, (parameters) => {
        const ends = endsOf(parameters);
        parameters.end();
        return effectivePolicyFor(view, ends);
      }),
    "/v1/matrix": query("GetMatrix", (parameters) => ({
      level: parameters.choice("level", "MATRIX_LEVEL_", matrixLevels),
      sources: parameters.list("sources"),
      destinations: parameters.list("destinations"),
    })),
    "/v1/hosts": query("ListHosts", (parameters) => ({
      filter: {
        hostId: parameters.text("host_id"),
        rack: parameters.text("rack"),
        zone: parameters.text("zone"),
      },
      ...pageOf(parameters),
    })),
  };
}

function answered(search: URLSearchParams, answer: (parameters: HttpParameters) => unknown): unknown {
  try {
    return answer(new HttpParameters(search));
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const told = toldFault(error);
    const violations = told.violations.map(({ field, description }) => ({
      field: asParameter(field),
      description: asParameter(description),
    }));
    throw new HttpError(statusOf[error.code], asParameter(told.message), { code: error.code, violations });
  }
}

// The fields of a filter are parameters of their own.
function asParameter(text: string): string {
  return text.replace("filter.", "");
}

function endsOf(parameters: HttpParameters) {
  return { source: parameters.text("source"), destination: parameters.text("destination") };
}

function pageOf(parameters: HttpParameters) {
  return { pageSize: parameters.number("page_size"), pageToken: parameters.text("page_token") };
}

function transferOf(parameters: HttpParameters) {
  return {
    bytes: parameters.number("bytes"),
    concurrent: parameters.number("concurrent"),
    firstWindow: parameters.choice("first_window", "FIRST_WINDOW_", firstWindows),
  };
}

function batchOf(parameters: HttpParameters) {
  return {
    sources: parameters.list("sources"),
    destinations: parameters.list("destinations"),
    sourceIndexes: [],
    destinationIndexes: [],
  };
}

// Typed arrays would be objects in JSON.
function columnsView(columns: PathColumns): Readonly<Record<string, readonly unknown[]>> {
  const lists = Object.entries(columns).map(([name, column]) => [name, Array.from(column as ArrayLike<number>)]);
  return {
    ...Object.fromEntries(lists),
    provenance: Array.from(columns.provenance, (number) => provenanceNames[number]),
  };
}
