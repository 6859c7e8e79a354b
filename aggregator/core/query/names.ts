/** From what callers write to hosts and addresses. */
import { addressFromText } from "../../../proto/address.ts";
import type { FieldViolation } from "../../../proto/status-details.ts";
import { isHostId } from "../../../proto/subjects.ts";
import type { Steps } from "../steps.ts";
import { inParts } from "../steps.ts";
import type { View } from "../view.ts";
import { invalidField, violationOf } from "./query-fault.ts";

/** Where to: the addresses that a text stands for, 16 bytes each; none where it names a host that nobody knows. */
export interface NamedDestination {
  readonly text: string;
  readonly hostId: string | undefined;
  readonly addresses: readonly Uint8Array[];
}

const namesPerStep = 64;
const sourceRequirement = "the id or an address of a host";
const destinationRequirement = "an IP address or the id of a host";

/** The id of the host that a source names; "" where it is a well-formed address of nobody. Throws QueryFault. */
export function sourceNamed(view: View, field: string, text: string): string {
  const sourceId = sourceIdOf(view, text);
  if (sourceId === undefined) throw invalidField(field, sourceRequirement, text);
  return sourceId;
}

/** What a destination names. Throws QueryFault where it can name nothing. */
export function destinationNamed(view: View, field: string, text: string): NamedDestination {
  const destination = destinationOf(view, text);
  if (destination === undefined) throw invalidField(field, destinationRequirement, text);
  return destination;
}

/** The sources of a list; what can name nothing is added to `violations`. */
export function sourcesNamed(
  view: View,
  field: string,
  texts: readonly string[],
  violations: FieldViolation[],
): Steps<readonly string[]> {
  return inParts(texts, namesPerStep, (text, index) => {
    const sourceId = sourceIdOf(view, text);
    if (sourceId === undefined) violations.push(violationOf(`${field}[${index}]`, sourceRequirement, text));
    return sourceId ?? "";
  });
}

/** The destinations of a list; what can name nothing is added to `violations`. */
export function destinationsNamed(
  view: View,
  field: string,
  texts: readonly string[],
  violations: FieldViolation[],
): Steps<readonly NamedDestination[]> {
  return inParts(texts, namesPerStep, (text, index) => {
    const destination = destinationOf(view, text);
    if (destination === undefined) violations.push(violationOf(`${field}[${index}]`, destinationRequirement, text));
    return destination ?? named(text, undefined, []);
  });
}

/** The id of the host that a destination is; undefined where it is an address of nobody. */
export function ownerIdOf(view: View, { hostId, addresses }: NamedDestination): string | undefined {
  const [address] = addresses;
  return hostId ?? (address === undefined ? undefined : view.hosts.ownerOf(address)?.hostId);
}

/** The id of the host that a source may be; "" for an address of nobody, undefined where it can name nothing. */
export function sourceIdOf(view: View, text: string): string | undefined {
  if (view.hosts.get(text) !== undefined) return text;
  const address = addressFromText(text);
  const owner = address === undefined ? undefined : view.hosts.ownerOf(address);
  if (owner !== undefined) return owner.hostId;
  if (isHostId(text)) return text;
  return address === undefined ? undefined : "";
}

function destinationOf(view: View, text: string): NamedDestination | undefined {
  const host = view.hosts.get(text);
  if (host !== undefined) return named(text, host.hostId, host.addresses);
  const address = addressFromText(text);
  if (address !== undefined) return named(text, undefined, [address]);
  return isHostId(text) ? named(text, text, []) : undefined;
}

function named(text: string, hostId: string | undefined, addresses: readonly Uint8Array[]): NamedDestination {
  return { text, hostId, addresses };
}
