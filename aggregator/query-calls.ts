/** The questions that have one answer, by the names of the contract: what gRPC and HTTP both serve. */
import { batchGetPaths } from "./core/query/batch-query.ts";
import { measuredElsewhere, nowhereElse } from "./core/query/elsewhere.ts";
import { explainAdvice } from "./core/query/explain-query.ts";
import { listHosts } from "./core/query/host-query.ts";
import { getMatrix } from "./core/query/matrix-query.ts";
import { getPath, listPaths } from "./core/query/path-query.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import { checkTexts } from "./core/query/text-lengths.ts";
import { estimateTransfer, rankDestinations } from "./core/query/transfer-query.ts";
import type { View } from "./core/view.ts";

/** Each takes the view, the request and the time, and throws QueryFault for what the caller did wrong. */
export const queryCalls = {
  GetPath: getPath,
  BatchGetPaths: batchGetPaths,
  ListPaths: listPaths,
  EstimateTransfer: estimateTransfer,
  RankDestinations: rankDestinations,
  GetMatrix: getMatrix,
  ExplainAdvice: explainAdvice,
  ListHosts: listHosts,
} as const;

/** The name of one. */
export type QueryName = keyof typeof queryCalls;

/** What it is asked. */
export type QueryRequest<Name extends QueryName> = Parameters<(typeof queryCalls)[Name]>[1];

/** What it answers. */
export type QueryAnswer<Name extends QueryName> = ReturnType<(typeof queryCalls)[Name]>;

/** Answers one, and says where else to ask. Throws QueryFault. */
export function answerOf<Name extends QueryName>(
  name: Name,
  view: View,
  request: QueryRequest<Name>,
  nowMs: number,
): QueryAnswer<Name> {
  checkTexts(request);
  const answer = queryCalls[name] as (view: View, request: QueryRequest<Name>, nowMs: number) => QueryAnswer<Name>;
  const elsewhere = name === "ListHosts" ? nowhereElse : measuredElsewhere(view, asked(name, request));
  if (elsewhere.length === 0) return answer(view, request, nowMs);
  try {
    return { ...answer(view, request, nowMs), measuredElsewhere: elsewhere };
  } catch (error) {
    if (!(error instanceof QueryFault && error.code === "NOT_FOUND")) throw error;
    throw new QueryFault(
      "NOT_FOUND",
      `${error.message}; it is measured elsewhere: ask partition ${elsewhere.join(", ")}`,
    );
  }
}

// A matrix names racks and zones, whose hosts may be of any partition.
function asked(name: QueryName, request: object): object {
  const isOfPlaces = name === "GetMatrix" && (request as QueryRequest<"GetMatrix">).level !== "MATRIX_LEVEL_HOST";
  return isOfPlaces ? {} : request;
}
