import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a compiled C program of the testbed is, whether this runs as a source or from dist/. */
export function programPath(name: "switch" | "loadgen"): string {
  const path = join(projectRoot(), "dist", "test", "testbed", name);
  if (!existsSync(path)) {
    throw new Error(`Cannot start "${path}" as it is missing: run make -C test/testbed`);
  }
  return path;
}

/** Where a program of the package is built, by its place in dist/. */
export function builtProgram(path: string): string {
  const built = join(projectRoot(), "dist", path);
  if (!existsSync(built)) throw new Error(`Cannot start "${built}" as it is missing: run npm run build`);
  return built;
}

/** The folder with package.json, whether this runs as a source or from dist/. */
export function projectRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) {
      return folder;
    }
  }
  throw new Error(`Cannot find the project: no package.json above "${import.meta.dirname}"`);
}
