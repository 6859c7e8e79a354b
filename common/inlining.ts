/**
 * Lets V8 inline more than it does by itself. What is done for each row of a report is many small functions and properties, which come to some
 * 3,000 bytes of bytecode: by itself V8 stops at 920, and what is left are calls, with numbers in boxes between them.
 */
import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode: of all that is inlined into one function, and of one that is. */
const allBytes = 4_000;
const oneBytes = 1_000;

/** From here on, for what is optimised later. */
export function inlineMore(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${allBytes}`);
  setFlagsFromString(`--max-inlined-bytecode-size=${oneBytes}`);
}
