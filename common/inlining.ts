/**
 * Lets V8 inline more than it does by itself. What is done for each row of a report is many small functions and properties, which come to some
 * 3,000 bytes of bytecode: by itself V8 stops at 920, and what is left are calls, with numbers in boxes between them. Which ones are left depends
 * on what it happens to come to first; so properties, of 30 to 50 bytes each, do not count towards that, as those below 27 do not by themselves.
 */
import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode: of all that is inlined into one function, and of one that is. */
const allBytes = 4_000;
const oneBytes = 1_000;
/** Of one that is inlined whatever there is already. */
const smallBytes = 60;

/** From here on, for what is optimised later. */
export function inlineMore(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${allBytes}`);
  setFlagsFromString(`--max-inlined-bytecode-size=${oneBytes}`);
  setFlagsFromString(`--max-inlined-bytecode-size-small=${smallBytes}`);
}
