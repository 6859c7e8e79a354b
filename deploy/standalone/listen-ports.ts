/** Looks at the addresses to listen on before anything is started, so that a second start disturbs no first one. */
import type { AddressInfo, Server } from "node:net";
import { createServer } from "node:net";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import type { ListenAddress } from "../../common/listen-address.ts";
import { listenAddressText } from "../../common/listen-address.ts";

/**
 * The addresses by option name, each with a port that was free a moment ago in place of port 0. Throws ExitError 4
 * where one cannot be had, or where two are the same.
 */
export async function freeAddresses<Name extends string>(
  wanted: Readonly<Record<Name, ListenAddress>>,
): Promise<Record<Name, ListenAddress>> {
  // All are held until the last is had: otherwise two might get the same port.
  const held: Server[] = [];
  try {
    const found: [string, ListenAddress][] = [];
    for (const [name, address] of Object.entries<ListenAddress>(wanted)) {
      const server = await listening(name, address);
      held.push(server);
      found.push([name, { host: address.host, port: (server.address() as AddressInfo).port }]);
    }
    return Object.fromEntries(found) as Record<Name, ListenAddress>;
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listening(name: string, address: ListenAddress): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      const text = `Cannot listen on --${name} ${listenAddressText(address)}: ${error.code ?? error.message}`;
      reject(new ExitError(exitCodes.portInUse, text, { cause: error }));
    });
    server.listen({ ...address, exclusive: true }, () => resolve(server));
  });
}

/** Where a server that listens on an address is reached from this host: any address of it may mean all of them. */
export function reachableText(address: ListenAddress): string {
  const loopback: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  return listenAddressText({ ...address, host: loopback[address.host] ?? address.host });
}
