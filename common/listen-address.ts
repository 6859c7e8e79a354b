/** Where a server listens, as a text and as its parts. */
import { isIP } from "node:net";

/** An address and a port. */
export interface ListenAddress {
  /** An IPv4 or IPv6 address without brackets. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** The parts of "127.0.0.1:7443" or "[::1]:7443"; undefined where the text is neither. */
export function listenAddressFromText(text: string): ListenAddress | undefined {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+)):(?<port>\d{1,5})$/.exec(text);
  if (match?.groups === undefined) return undefined;
  const { v4, v6, port } = match.groups;
  const host = v6 ?? v4 ?? "";
  if (isIP(host) !== (v6 === undefined ? 4 : 6) || Number(port) > 65535) return undefined;
  return { host, port: Number(port) };
}

/** The reverse of listenAddressFromText. */
export function listenAddressText(address: ListenAddress): string {
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
