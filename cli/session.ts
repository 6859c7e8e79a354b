/** What a run of the command works with: its settings, its place to print to, the connection, the clock, the end. */
import { AugmenterClient } from "../client/client.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { Environment } from "../common/option-values.ts";
import { printable } from "../common/printable-text.ts";
import type { ConfigFile } from "./config-file.ts";
import type { Report } from "./core/report.ts";
import type { ReportLook } from "./report-text.ts";
import { reportText } from "./report-text.ts";
import type { Settings } from "./settings.ts";
import { connectOptions } from "./settings.ts";

/** process.stdout, except in tests. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** The process around the command. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: { write(text: string): unknown };
  readonly environment: Environment;
  readonly home: string;
  /** Aborted by the first Ctrl-C after it was asked for. */
  readonly interruption: () => AbortSignal;
  readonly nowMs: () => number;
}

/** Owns the connection. */
export class Session {
  readonly settings: Settings;
  readonly configFile: ConfigFile;
  readonly surroundings: Surroundings;
  #client: AugmenterClient | undefined;

  constructor(settings: Settings, configFile: ConfigFile, surroundings: Surroundings) {
    this.settings = settings;
    this.configFile = configFile;
    this.surroundings = surroundings;
  }

  /** Connected at the first use. Throws ExitError 2 where a file of the settings cannot be read or used. */
  get client(): AugmenterClient {
    this.#client ??= this.#connected();
    return this.#client;
  }

  #connected(): AugmenterClient {
    const options = connectOptions(this.settings);
    try {
      return new AugmenterClient(options);
    } catch (error) {
      // What OpenSSL says of a key that belongs to another certificate, or of what is not PEM.
      const { tlsCa, tlsCert, tlsKey } = this.settings.values;
      const files = [tlsCa, tlsCert, tlsKey].filter((file) => file !== "").join(", ");
      const reason = error instanceof Error ? error.message : String(error);
      const text = `Cannot use the TLS files ${files}: ${reason}; --tls-key must be the key of --tls-cert, both in PEM without a passphrase`;
      throw new ExitError(exitCodes.badConfiguration, text, { cause: error });
    }
  }

  /** Whether a person looks at it, and may be shown colours (https://no-color.org). */
  get isColoured(): boolean {
    const { stdout, environment } = this.surroundings;
    return stdout.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  }

  /** A report as the settings want it. */
  textOf(report: Report, isRepeated: boolean): string {
    const look: ReportLook = { format: this.settings.values.output, isColoured: this.isColoured, isRepeated };
    return reportText(report, look);
  }

  print(text: string): void {
    this.surroundings.stdout.write(text);
  }

  /** One line on stderr, which is not part of the answer. */
  note(text: string): void {
    this.surroundings.stderr.write(`${printable(text)}\n`);
  }

  close(): void {
    this.#client?.close();
  }
}
