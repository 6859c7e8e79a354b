/**
 * What survives the agent: maps and the attached program, pinned in the BPF file system.
 *
 *   <bpffs>/augmenter/<host id>/link          the attached sock_ops program
 *   <bpffs>/augmenter/<host id>/release       reading it lifts the pacing of every connection in the reader's network namespace
 *   <bpffs>/augmenter/<host id>/v<n>/<map>    the maps, by layout version
 */
import { existsSync, mkdirSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { MapName } from "./bpf-object.ts";
import { mapNames } from "./bpf-object.ts";
import { limit } from "./layout.gen.ts";
import type { Libbpf } from "./libbpf.ts";
import { cString } from "./libbpf.ts";
import { bpfFileSystem } from "./mounts.ts";
import { readInEveryNamespace } from "./release.ts";

/** The pins of one host id. */
export class PinDirectory {
  readonly #libbpf: Libbpf;
  readonly #path: string;

  /** Mounts the BPF file system where the host has none. Throws ExitError where that is refused. */
  constructor(libbpf: Libbpf, hostId: string) {
    this.#libbpf = libbpf;
    this.#path = `${bpfFileSystem()}/augmenter/${hostId}`;
    mkdirSync(this.#mapsPath, { recursive: true, mode: 0o700 });
  }

  /** The pinned link, opened; undefined where there is none. */
  openLink(): number | undefined {
    return this.#open("link");
  }

  pinLink(fd: number): void {
    this.#pin(fd, "link");
  }

  pinRelease(fd: number): void {
    this.#pin(fd, "release");
  }

  /** The pinned maps of this layout version, opened: all of them, or none. */
  openMaps(): Partial<Record<MapName, number>> {
    const fds: Partial<Record<MapName, number>> = {};
    for (const name of mapNames) {
      const fd = this.#open(`v${limit.layoutVersion}/${name}`);
      if (fd === undefined) return {};
      fds[name] = fd;
    }
    return fds;
  }

  pinMap(fd: number, name: MapName): void {
    this.#pin(fd, `v${limit.layoutVersion}/${name}`);
  }

  /** Reading this file lifts the pacing of every connection in the reader's network namespace. */
  get releasePath(): string {
    return `${this.#path}/release`;
  }

  /** Lifts the pacing that a pinned program has set. Returns what kept it from doing so, and in which network namespaces. */
  release(): string[] {
    return existsSync(this.releasePath) ? readInEveryNamespace(this.releasePath) : [];
  }

  /** Unpins maps of other layout versions. */
  removeOldMaps(): void {
    for (const entry of readdirSync(this.#path)) {
      if (/^v\d+$/.test(entry) && entry !== `v${limit.layoutVersion}`) removeTree(`${this.#path}/${entry}`);
    }
  }

  /** Unpins the link: once no process holds it, the program is detached. */
  removeLink(): void {
    removeFile(`${this.#path}/link`);
    removeFile(this.releasePath);
  }

  /** Unpins everything of this host id. */
  removeAll(): void {
    removeTree(this.#path);
    try {
      rmdirSync(dirname(this.#path));
    } catch {
      // Another host id's agent still has pins here.
    }
  }

  get #mapsPath(): string {
    return `${this.#path}/v${limit.layoutVersion}`;
  }

  #open(name: string): number | undefined {
    const path = `${this.#path}/${name}`;
    return existsSync(path) ? this.#libbpf.bpf_obj_get.call(cString(path)) : undefined;
  }

  #pin(fd: number, name: string): void {
    const path = `${this.#path}/${name}`;
    removeFile(path);
    this.#libbpf.bpf_obj_pin.call(fd, cString(path));
  }
}

function removeTree(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(`${path}/${entry.name}`);
    else removeFile(`${path}/${entry.name}`);
  }
  rmdirSync(path);
}

function removeFile(path: string): void {
  if (existsSync(path)) unlinkSync(path);
}
