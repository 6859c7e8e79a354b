/** The NATS subjects, spelled here and nowhere else. */

const root = "augmenter.v1";

/**
 * What is spoken about:
 * - `report` host -> aggregator: PathReport
 * - `event` host -> aggregator: HostEvent
 * - `host` host -> aggregator: HostAnnouncement
 * - `advice` aggregator -> host: AdviceUpdate
 * - `answer` host -> aggregator: AdviceAnswer
 */
export const subjectKinds = ["report", "event", "host", "advice", "answer"] as const;

/** One of subjectKinds. */
export type SubjectKind = (typeof subjectKinds)[number];

/** The subject on which one host speaks or is spoken to. */
export function subjectFor(kind: SubjectKind, hostId: string): string {
  return `${root}.${kind}.${tokenFor(hostId)}`;
}

/** The subject that covers every host. */
export function subjectForAllHosts(kind: SubjectKind): string {
  return `${root}.${kind}.*`;
}

/** The host a subject belongs to; undefined where the subject is not one of ours. */
export function hostIdOf(kind: SubjectKind, subject: string): string | undefined {
  const prefix = `${root}.${kind}.`;
  if (!subject.startsWith(prefix)) return undefined;
  try {
    return decodeURIComponent(subject.slice(prefix.length));
  } catch {
    return undefined;
  }
}

/** Longest host id, characters. */
export const hostIdMaxLength = 128;

/** Whether a text can name a host: what DNS names, Kubernetes nodes and machine ids are made of. */
export function isHostId(text: string): boolean {
  return text.length <= hostIdMaxLength && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

// A dot separates NATS tokens, so a host name such as node1.example.org must not keep its dots.
function tokenFor(hostId: string): string {
  return encodeURIComponent(hostId).replaceAll(".", "%2E");
}
