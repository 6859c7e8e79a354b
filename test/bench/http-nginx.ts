/** nginx: its configuration, and a folder with that and the objects it serves. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newRunId, ownerLives, runIdIn } from "../testbed/run-id.ts";

/** The port nginx listens on in every host. */
export const nginxPort = 8080;

const folderPrefix = "augmenter-http-";

/** A folder of its own in the system's temporary one, and how to remove it. */
export interface NginxFolder {
  readonly path: string;
  remove(): void;
}

/** Makes the folder with an object of each size. Folders of runs that were killed are removed first. */
export function createNginxFolder(sizesBytes: readonly number[]): NginxFolder {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(folderPrefix))) {
    const owner = runIdIn(name.slice(folderPrefix.length));
    if (owner !== null && !ownerLives(owner)) removeFolder(join(tmpdir(), name));
  }
  const path = join(tmpdir(), `${folderPrefix}${newRunId()}`);
  try {
    mkdirSync(join(path, "objects"), { recursive: true });
    for (const bytes of sizesBytes) writeFileSync(join(path, "objects", objectName(bytes)), randomBytes(bytes));
  } catch (error) {
    removeFolder(path);
    throw error;
  }
  return { path, remove: () => removeFolder(path) };
}

/** Writes the configuration for one address, and returns nginx's arguments for it. */
export function configureNginx(folder: NginxFolder, address: string): readonly string[] {
  const file = join(folder.path, `${address}.conf`);
  writeFileSync(file, nginxConfig(folder.path, address));
  // Without -e it opens the log that Debian compiled in, before it has read the configuration.
  return ["-p", folder.path, "-e", "stderr", "-c", file];
}

/** An object's address. */
export function objectUrl(address: string, bytes: number): string {
  return `http://${address}:${nginxPort}/${objectName(bytes)}`;
}

/**
 * One process in the foreground, which ends with whoever started it; files are sent as Debian's own configuration
 * has it (sendfile, tcp_nopush), and a connection is closed after each response.
 */
export function nginxConfig(folder: string, address: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${folder}/${address}-${name};`,
  );
  return `daemon off;
master_process off;
pid ${folder}/${address}.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
${temporary.join("\n")}
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 0;
  default_type application/octet-stream;
  server {
    listen ${address}:${nginxPort};
    root ${folder}/objects;
  }
}
`;
}

function objectName(bytes: number): string {
  return String(bytes);
}

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
