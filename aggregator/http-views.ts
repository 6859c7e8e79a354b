/** What gRPC tells, as JSON for curl and browsers: GET or POST /v1/..., with the fields of the request as parameters. */
import { BodyReader, HttpError } from "../common/http-body.ts";
import type { IsGone, JsonPost, JsonRoute } from "../common/http-endpoint.ts";
import type { FieldViolation } from "../proto/status-details.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import type { PathColumns } from "./core/query/path-columns.ts";
import { policyChanges } from "./core/query/policy-changes.ts";
import { policyPage } from "./core/query/policy-pages.ts";
import { effectivePolicyFor } from "./core/query/policy-query.ts";
import { provenanceNames } from "./core/query/provenance-numbers.ts";
import type { FaultCode } from "./core/query/query-fault.ts";
import { invalidFields, QueryFault } from "./core/query/query-fault.ts";
import { toldFault } from "./core/query/told-fault.ts";
import type { View } from "./core/view.ts";
import { HttpParameters, parametersIn } from "./http-parameters.ts";
import type { LongName, QueryName, QueryRequest, ShortName } from "./query-calls.ts";
import { answerOf, isLong, stepsOf } from "./query-calls.ts";
import type { Ending, SlicedWork } from "./sliced-work.ts";

/** As grpc-gateway maps them. */
const statusOf: Readonly<Record<FaultCode, number>> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
  CANCELLED: 499,
  DEADLINE_EXCEEDED: 504,
};

const firstWindows = ["FIRST_WINDOW_UNSPECIFIED", "FIRST_WINDOW_KERNEL", "FIRST_WINDOW_ADVISED"] as const;

const matrixLevels = [
  "MATRIX_LEVEL_UNSPECIFIED",
  "MATRIX_LEVEL_HOST",
  "MATRIX_LEVEL_RACK",
  "MATRIX_LEVEL_ZONE",
] as const;

/** What the routes answer from. */
export interface HttpViewParts {
  readonly view: View;
  readonly clock: Clock;
  readonly work: SlicedWork;
  readonly isPolicyDurable: boolean;
}

/** Makes the answer to one question. Throws QueryFault. */
export type HttpView = (parameters: HttpParameters, isGone: IsGone) => Promise<unknown>;

/** The questions by path. */
export function httpViews({ view, clock, work, isPolicyDurable }: HttpViewParts): Readonly<Record<string, HttpView>> {
  const query =
    <Name extends QueryName>(name: Name, requestOf: (parameters: HttpParameters) => QueryRequest<Name>): HttpView =>
    (asked, isGone) =>
      answered(asked, requestOf, (request, ending) => {
        const nowMs = clock.nowMs();
        if (!isLong(name)) return answerOf(name as ShortName, view, request as QueryRequest<ShortName>, nowMs);
        return work.run(stepsOf(name, view, request as QueryRequest<LongName>, nowMs), () =>
          isGone() ? left() : ending(),
        );
      });
  const batch = query("BatchGetPaths", batchOf);
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
    "/v1/batch": async (asked, isGone) => columnsView((await batch(asked, isGone)) as PathColumns),
    "/v1/explain": query("ExplainAdvice", endsOf),
    "/v1/policy": (asked) => answered(asked, pageOf, (page) => policyPage(view.policy.state, isPolicyDurable, page)),
    "/v1/policy/effective": (asked) => answered(asked, endsOf, (ends) => effectivePolicyFor(view, ends)),
    "/v1/policy/changes": (asked) => answered(asked, pageOf, (page) => policyChanges(view.policy.state.changes, page)),
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

/** The questions as GETs. */
export function httpRoutes(views: Readonly<Record<string, HttpView>>): Readonly<Record<string, JsonRoute>> {
  const route =
    (view: HttpView): JsonRoute =>
    (query, isGone) =>
      told(() => view(new HttpParameters(query), isGone));
  return Object.fromEntries(Object.entries(views).map(([path, view]) => [path, route(view)]));
}

/** The same as POSTs: parameters are taken from a JSON object, too, for lists that are longer than a URL may be. */
export function httpPosts(views: Readonly<Record<string, HttpView>>): Readonly<Record<string, JsonPost>> {
  const bodies = new BodyReader({ maxBytes: queryBounds.requestMaxBytes, readingMax: 16, readMs: 2_000 });
  const post = (view: HttpView): JsonPost => ({
    bodies,
    answer: (body, isGone, query) => told(async () => view(parametersIn(body, query), isGone)),
  });
  return Object.fromEntries(Object.entries(views).map(([path, view]) => [path, post(view)]));
}

async function answered<Request>(
  parameters: HttpParameters,
  requestOf: (parameters: HttpParameters) => Request,
  answer: (request: Request, ending: Ending) => unknown,
): Promise<unknown> {
  const request = requestOf(parameters);
  const wrong = parameters.wrong();
  try {
    if (wrong.length === 0) return await answer(request, () => undefined);
  } catch (error) {
    throw inParameters(error);
  }
  throw invalidFields([...wrong, ...(await othersWrong(wrong, (ending) => answer(request, ending)))]);
}

// What cannot be read is taken for not given, to see what is wrong with the rest. Nobody waits for more than that.
async function othersWrong(
  wrong: readonly FieldViolation[],
  answer: (ending: Ending) => unknown,
): Promise<readonly FieldViolation[]> {
  let slices = 0;
  const ending = () => {
    slices += 1;
    return slices > 1 ? left() : undefined;
  };
  try {
    await answer(ending);
    return [];
  } catch (error) {
    const fault = inParameters(error);
    if (!(fault instanceof QueryFault)) throw fault;
    return fault.violations.filter(({ field }) => !wrong.some((known) => known.field === field));
  }
}

// The fields of a filter are parameters of their own.
function inParameters(error: unknown): unknown {
  if (!(error instanceof QueryFault)) return error;
  const asSentence = (text: string) => text.replace(/^Cannot use filter\./, "Cannot use ");
  const violations = error.violations.map(({ field, description }) => ({
    field: field.replace(/^filter\./, ""),
    description: asSentence(description),
  }));
  return new QueryFault(error.code, asSentence(error.message), violations);
}

async function told(answer: () => Promise<unknown>): Promise<unknown> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const { message, violations } = toldFault(error);
    throw new HttpError(statusOf[error.code], message, { code: error.code, violations });
  }
}

function left(): QueryFault {
  return new QueryFault("CANCELLED", "Cannot answer as the caller has left");
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
