/** Everything the aggregator knows, as its parts share it. */
import type { Abroad } from "./abroad.ts";
import type { AdviceLedger } from "./advice-ledger.ts";
import type { FailureLog } from "./failure-log.ts";
import type { FanIns } from "./fan-ins.ts";
import type { Hosts } from "./hosts.ts";
import type { Inference } from "./inference.ts";
import type { PathTable } from "./path-table.ts";
import type { PolicyBook } from "./policy/policy-book.ts";
import type { SharedFailures } from "./shared-failures.ts";

/** The parts are objects that change; whoever has the view sees them change. */
export interface View {
  readonly table: PathTable;
  readonly hosts: Hosts;
  readonly ledger: AdviceLedger;
  readonly policy: PolicyBook;
  readonly failures: FailureLog;
  readonly sharedFailures: SharedFailures;
  readonly fanIns: FanIns;
  /** Absent where this aggregator looks after all hosts. */
  readonly abroad?: Abroad;
  readonly inference: Inference;
  /** What is wrong with the cluster as a whole, each in a sentence. Absent where nobody looks. */
  readonly warnings?: () => readonly string[];
}
