/** Every verb, in the order of the help. */
import type { Verb } from "../verb.ts";
import { clusterVerbs } from "./cluster-verbs.ts";
import { doctorVerb } from "./doctor-verb.ts";
import { exportVerbs } from "./export-verbs.ts";
import { liveVerbs } from "./live-verbs.ts";
import { ownVerbs } from "./own-verbs.ts";
import { pathVerbs } from "./path-verbs.ts";
import { policyVerbs } from "./policy-verbs.ts";
import { transferVerbs } from "./transfer-verbs.ts";

/** The table from which come parsing, help and completion. */
export const verbs: readonly Verb[] = [
  ...pathVerbs,
  ...transferVerbs,
  ...clusterVerbs,
  ...liveVerbs,
  ...policyVerbs,
  ...exportVerbs,
  doctorVerb,
  ...ownVerbs(() => verbs),
];
