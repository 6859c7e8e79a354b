/** The questions that have one answer, by the names of the contract: what gRPC and HTTP both serve. */
import { batchGetPaths } from "./core/query/batch-query.ts";
import { measuredElsewhere, nowhereElse } from "./core/query/elsewhere.ts";
import { explainAdvice } from "./core/query/explain-query.ts";
import { listHosts } from "./core/query/host-query.ts";
import { getMatrix } from "./core/query/matrix-query.ts";
import { getPath, listPaths } from "./core/query/path-query.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import { allWrongWith, longTexts } from "./core/query/text-lengths.ts";
import { estimateTransfer, rankDestinations } from "./core/query/transfer-query.ts";
import type { Steps } from "./core/steps.ts";
import { inOneGo, inParts } from "./core/steps.ts";
import type { View } from "./core/view.ts";

/**
 * Each takes the view, the request and the time, and throws QueryFault for what the caller did wrong: those about one thing, or a page of
 * hosts, at once.
 */
export const shortCalls = {
  GetPath: getPath,
  EstimateTransfer: estimateTransfer,
  ExplainAdvice: explainAdvice,
  ListHosts: listHosts,
} as const;

/** And those about many in steps. */
export const longCalls = {
  BatchGetPaths: batchGetPaths,
  ListPaths: listPaths,
  RankDestinations: rankDestinations,
  GetMatrix: getMatrix,
} as const;

/** The names of both kinds. */
export type ShortName = keyof typeof shortCalls;
export type LongName = keyof typeof longCalls;
export type QueryName = ShortName | LongName;

/** What one is asked. */
export type QueryRequest<Name extends QueryName> = Parameters<(typeof shortCalls & typeof longCalls)[Name]>[1];

/** What it answers. */
export type QueryAnswer<Name extends QueryName> = Name extends ShortName
  ? ReturnType<(typeof shortCalls)[Name]>
  : Name extends LongName
    ? StepsAnswer<ReturnType<(typeof longCalls)[Name]>>
    : never;

type StepsAnswer<Work> = Work extends Steps<infer Answer> ? Answer : never;

/** Answers a short one, and says where else to ask. Throws QueryFault. */
export function answerOf<Name extends ShortName>(
  name: Name,
  view: View,
  request: QueryRequest<Name>,
  nowMs: number,
): QueryAnswer<Name> {
  const answer = shortCalls[name] as (view: View, request: QueryRequest<Name>, nowMs: number) => QueryAnswer<Name>;
  const tooLong = longTexts(request);
  if (tooLong.length > 0) {
    const answering = (shorter: QueryRequest<Name>) => inParts([shorter], 1, (each) => answer(view, each, nowMs));
    throw inOneGo(allWrongWith(tooLong, request, answering));
  }
  const elsewhere = name === "ListHosts" ? nowhereElse : measuredElsewhere(view, request as object);
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

/** The same of a long one, in steps. */
export function* stepsOf<Name extends LongName>(
  name: Name,
  view: View,
  request: QueryRequest<Name>,
  nowMs: number,
): Steps<QueryAnswer<Name>> {
  type Answering = (view: View, request: QueryRequest<Name>, nowMs: number) => Steps<QueryAnswer<Name>>;
  const answering = longCalls[name] as Answering;
  const tooLong = longTexts(request);
  if (tooLong.length > 0) {
    throw yield* allWrongWith(tooLong, request, (shorter) => answering(view, shorter, nowMs));
  }
  const answer = yield* answering(view, request, nowMs);
  const elsewhere = measuredElsewhere(view, asked(name, request));
  return elsewhere.length === 0 ? answer : { ...answer, measuredElsewhere: elsewhere };
}

// A matrix names racks and zones, whose hosts may be of any partition.
function asked(name: LongName, request: object): object {
  const isOfPlaces = name === "GetMatrix" && (request as QueryRequest<"GetMatrix">).level !== "MATRIX_LEVEL_HOST";
  return isOfPlaces ? {} : request;
}

/** Whether a call is answered in steps. */
export function isLong(name: QueryName): name is LongName {
  return Object.hasOwn(longCalls, name);
}
