/** One JSON object a line, for programs: the addresses first, then the paths every second. */
import type { Addresses, Display, Scene } from "./display.ts";
import type { Notices } from "./notices.ts";
import { pathJson, shownPaths } from "./path-row.ts";

/** How it is shown. */
export interface JsonDisplayOptions {
  readonly write: (text: string) => void;
  readonly writeNotice: (text: string) => void;
  readonly notices: Notices;
  readonly isApplied: boolean;
  /** The wall clock, milliseconds since the Unix epoch. */
  readonly unixMs: () => number;
}

/** Paths in one line; `paths_total` tells of the rest. */
const pathsMax = 1_000;

/** Holds no state of its own. */
export class JsonDisplay implements Display {
  readonly #options: JsonDisplayOptions;

  constructor(options: JsonDisplayOptions) {
    this.#options = options;
  }

  status(): void {
    // Who reads JSON sees the program begin and end.
  }

  addresses({ grpc, http, agentHttp, nats }: Addresses): void {
    this.#line({ addresses: { grpc, http, agent_http: agentHttp, nats } });
  }

  show({ paths, nowMs }: Scene): void {
    const notice = this.#options.notices.takeNew();
    if (notice !== undefined) this.#options.writeNotice(`${notice}\n`);
    const shown = shownPaths(paths);
    this.#line({
      time: new Date(this.#options.unixMs()).toISOString(),
      mode: this.#options.isApplied ? "apply" : "observe",
      paths_total: shown.length,
      paths: shown.slice(0, pathsMax).map((path) => pathJson(path, nowMs)),
    });
  }

  #line(value: object): void {
    this.#options.write(`${JSON.stringify(value)}\n`);
  }
}
