/** The cells of a quick run. */
import type { Cell } from "./fct-cells.ts";
import { cellsFromText } from "./fct-filter.ts";

/**
 * Chosen by a search for the most even spread that fits the time, which knew of each cell how long it would probably take
 * (fct-plan.ts) and nothing else: every value of every dimension equally often (sizes: 7, 6, 6, 5), every pair of values
 * of two dimensions as evenly as the time allows, and four cells of isLongAlone(). In six cells, those with rounds of more
 * than 100 ms alone or of long stalls, the 100 transfers that a p99 needs would take too long, and fewer are planned
 * (fct-plan.ts); where a cell's time is over before its last block, it has fewer, too.
 * None of these counts for a figure of a p99.
 */
const quickFilters = [
  "rtt=1,rate=50,buffer=0.05,size=16K,n=16,cc=bbr",
  "rtt=1,rate=50,buffer=0.05,size=64K,n=1,cc=cubic",
  "rtt=1,rate=50,buffer=0.25,size=256K,n=1,cc=bbr",
  "rtt=1,rate=50,buffer=1,size=1M,n=1,cc=bbr",
  "rtt=1,rate=200,buffer=0.05,size=1M,n=4,cc=cubic",
  "rtt=1,rate=200,buffer=1,size=256K,n=4,cc=cubic",
  "rtt=5,rate=50,buffer=0.05,size=16K,n=1,cc=cubic",
  "rtt=5,rate=50,buffer=1,size=64K,n=4,cc=bbr",
  "rtt=5,rate=200,buffer=0.25,size=16K,n=4,cc=bbr",
  "rtt=5,rate=200,buffer=0.25,size=64K,n=16,cc=cubic",
  "rtt=5,rate=200,buffer=0.25,size=256K,n=16,cc=cubic",
  "rtt=5,rate=200,buffer=1,size=256K,n=16,cc=bbr",
  "rtt=20,rate=50,buffer=0.25,size=256K,n=4,cc=cubic",
  "rtt=20,rate=50,buffer=1,size=16K,n=4,cc=bbr",
  "rtt=20,rate=50,buffer=1,size=64K,n=16,cc=cubic",
  "rtt=20,rate=200,buffer=0.05,size=16K,n=4,cc=cubic",
  "rtt=20,rate=200,buffer=0.05,size=1M,n=1,cc=bbr",
  "rtt=20,rate=200,buffer=0.25,size=64K,n=1,cc=bbr",
  "rtt=50,rate=50,buffer=0.25,size=16K,n=16,cc=cubic",
  "rtt=50,rate=50,buffer=0.25,size=1M,n=4,cc=bbr",
  "rtt=50,rate=50,buffer=1,size=16K,n=16,cc=cubic",
  "rtt=50,rate=200,buffer=0.05,size=64K,n=16,cc=bbr",
  "rtt=50,rate=200,buffer=0.05,size=256K,n=1,cc=bbr",
  "rtt=50,rate=200,buffer=1,size=1M,n=1,cc=cubic",
];

/** A spread over the matrix that is measured within 12 minutes. */
export const quickCells: readonly Cell[] = quickFilters.flatMap((filter) => {
  const cells = cellsFromText(filter);
  if (typeof cells === "string") throw new Error(`Cannot use "${filter}": ${cells}`);
  return cells;
});
