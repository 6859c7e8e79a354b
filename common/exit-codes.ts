/** What the programs tell their caller when they end, and how they say it. */

/** The exit codes of every program. */
export const exitCodes = {
  /** Ended as asked. */
  ok: 0,
  /** A fault in the program itself; a stack trace is on stderr. */
  unexpected: 1,
  /** An option is unknown, out of range, or contradicts another. */
  badConfiguration: 2,
  /** No NATS server answered in time, or it refused the connection. */
  brokerUnreachable: 3,
  /** An address to listen on is taken or is not this host's. */
  portInUse: 4,
  /** A needed capability is missing. */
  insufficientPrivileges: 5,
  /** The kernel lacks a needed feature, or cgroup2 or bpffs is not mounted. */
  kernelUnsuitable: 6,
  /** The aggregator cannot be reached, does not answer in time, or its TLS does not fit. */
  serverUnreachable: 7,
  /** A host, a path or a rule that was named is not known. */
  notFound: 8,
  /** The aggregator asks for a token or a client certificate, or the caller's role may not do this. */
  denied: 9,
  /** `doctor` found something else that keeps Augmenter from working here. */
  unhealthy: 10,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a program with a code and one line that a person can act on. */
export class ExitError extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExitError";
    this.code = code;
  }
}
