/** The place of a page in the list of all paths: the key of the last path before it. Stable under any change. */
import { addressBytes } from "../../../proto/address.ts";
import { isHostId } from "../../../proto/subjects.ts";

/** Opaque to the caller. */
export function pageTokenFor(key: string): string {
  return Buffer.from(key, "latin1").toString("base64url");
}

/** The key of a token; undefined where it is none of ours. */
export function keyOfPageToken(token: string): string | undefined {
  if (!/^[\w-]{1,256}$/.test(token)) return undefined;
  const key = Buffer.from(token, "base64url").toString("latin1");
  const hostId = key.slice(0, -addressBytes - 1);
  const isKey = isHostId(hostId) && key[hostId.length] === " ";
  return isKey && pageTokenFor(key) === token ? key : undefined;
}
