/** GetEffectivePolicy. */
import type { EffectivePolicy } from "../../../proto/gen/augmenter/v1/EffectivePolicy.ts";
import type { GetEffectivePolicyRequest__Output } from "../../../proto/gen/augmenter/v1/GetEffectivePolicyRequest.ts";
import { effectiveMessage } from "../policy/policy-message.ts";
import type { View } from "../view.ts";
import { endsAsked } from "./path-query.ts";
import { notFound } from "./query-fault.ts";

/** Answers GetEffectivePolicy. Throws QueryFault. */
export function effectivePolicyFor(view: View, request: GetEffectivePolicyRequest__Output): EffectivePolicy {
  const { sourceId, named } = endsAsked(view, request);
  const [address] = named.addresses;
  if (address === undefined) throw notFound(`an address of host ${JSON.stringify(request.destination)}`);
  const host = view.hosts.get(sourceId);
  return effectiveMessage(view.policy.forPath(sourceId, host, address), host?.mode ?? "unknown");
}
