/** The gRPC PolicyService. */
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { Log } from "../common/log.ts";
import type { Policy } from "../proto/gen/augmenter/v1/Policy.ts";
import type { PolicyServiceHandlers } from "../proto/gen/augmenter/v1/PolicyService.ts";
import type { CallRunner } from "./call-runner.ts";
import type { CallerOf } from "./caller.ts";
import type { Clock } from "./clock.ts";
import { policyBounds } from "./core/bounds.ts";
import type { PolicyState } from "./core/policy/policy-book.ts";
import { policyAfter } from "./core/policy/policy-book.ts";
import { changeMessage } from "./core/policy/policy-message.ts";
import { ruleAsked, scopeAsked, whyAsked } from "./core/policy/policy-request.ts";
import type { PolicyAuthor, PolicyRule, PolicyScope } from "./core/policy/policy-rule.ts";
import { scopeKey } from "./core/policy/policy-rule.ts";
import { policyChanges } from "./core/query/policy-changes.ts";
import { policyPage, wholePolicy } from "./core/query/policy-pages.ts";
import { effectivePolicyFor } from "./core/query/policy-query.ts";
import { allValid, notFound, QueryFault } from "./core/query/query-fault.ts";
import type { View } from "./core/view.ts";
import type { PolicyFile } from "./policy-file.ts";

/** What the service works with. */
export interface PolicyServiceParts {
  readonly view: View;
  /** Absent: changes do not outlive the program. */
  readonly file: PolicyFile | undefined;
  readonly calls: CallRunner;
  readonly callerOf: CallerOf;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every change that holds. */
  readonly onChanged: () => void;
}

/** Reads and sets the policy. */
export class PolicyService {
  readonly #parts: PolicyServiceParts;

  constructor(parts: PolicyServiceParts) {
    this.#parts = parts;
  }

  /** What the gRPC server is given. */
  handlers(): Pick<
    PolicyServiceHandlers,
    "GetPolicy" | "GetEffectivePolicy" | "SetPolicyRule" | "DeletePolicyRule" | "ListPolicyChanges"
  > {
    const { view, clock } = this.#parts;
    return {
      GetPolicy: this.#unary("GetPolicy", (request) => this.#policy(request)),
      GetEffectivePolicy: this.#unary("GetEffectivePolicy", (request) => effectivePolicyFor(view, request)),
      ListPolicyChanges: this.#unary("ListPolicyChanges", (request) =>
        policyChanges(view.policy.state.changes, request),
      ),
      SetPolicyRule: this.#unary("SetPolicyRule", (request, call) => {
        const author = this.#author(call, request.why, clock.unixMs());
        const [rule] = allValid(
          () => ruleAsked(request.rule, author),
          () => whyAsked(request.why),
        );
        return this.#change(rule.scope, rule, author, request.expectedRevision);
      }),
      DeletePolicyRule: this.#unary("DeletePolicyRule", (request, call) => {
        const author = this.#author(call, request.why, clock.unixMs());
        const [scope] = allValid(
          () => scopeAsked("scope", request.scope),
          () => whyAsked(request.why),
        );
        const isKnown = view.policy.state.rules.some((rule) => scopeKey(rule.scope) === scopeKey(scope));
        if (!isKnown) throw notFound("a rule of this scope");
        return this.#change(scope, undefined, author, request.expectedRevision);
      }),
    };
  }

  #unary<Request, Answer>(
    method: string,
    answer: (request: Request, call: ServerUnaryCall<Request, Answer>) => Answer,
  ) {
    return (call: ServerUnaryCall<Request, Answer>, callback: sendUnaryData<Answer>): void =>
      this.#parts.calls.unary(method, callback, () => answer(call.request, call));
  }

  #policy(page: Parameters<typeof policyPage>[2]): Policy {
    return policyPage(this.#parts.view.policy.state, this.#parts.file !== undefined, page);
  }

  #change(scope: PolicyScope, rule: PolicyRule | undefined, author: PolicyAuthor, expectedRevision: number): Policy {
    const { view, file, log, onChanged } = this.#parts;
    const { state } = view.policy;
    if (expectedRevision !== 0 && expectedRevision !== state.revision) {
      throw new QueryFault("ABORTED", `Cannot change revision ${expectedRevision} as it is ${state.revision} by now`);
    }
    const next = policyAfter(state, scope, rule, author, policyBounds);
    if (next.rules.length > policyBounds.rulesMax) {
      throw new QueryFault("RESOURCE_EXHAUSTED", `Cannot keep more than ${policyBounds.rulesMax} rules`);
    }
    this.#record(file, next);
    view.policy.replace(next);
    const change = next.changes.at(-1);
    log.info({ change: change === undefined ? undefined : changeMessage(change) }, "policy changed");
    onChanged();
    return this.#policy(wholePolicy);
  }

  // What could not be recorded does not hold.
  #record(file: PolicyFile | undefined, state: PolicyState): void {
    try {
      file?.save(state);
    } catch (error) {
      this.#parts.log.error({ err: error }, "policy could not be recorded");
      throw new QueryFault("UNAVAILABLE", "Cannot record the change, so it does not hold: see the server's log");
    }
  }

  #author(call: Parameters<CallerOf>[0], why: string, changedUnixMs: number): PolicyAuthor {
    const { who, peer } = this.#parts.callerOf(call);
    return { who, peer, changedUnixMs, why };
  }
}
