/** The version of the installed package. */
import { existsSync, readFileSync } from "node:fs";

/** The `version` of package.json: beside this folder in the sources, one level further up in dist/. */
export function packageVersion(): string {
  const path = ["../package.json", "../../package.json"]
    .map((relative) => new URL(relative, import.meta.url))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error("Cannot find package.json beside the program");
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { readonly version: string };
  return version;
}
