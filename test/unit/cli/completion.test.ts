import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { completionScript, shells } from "../../../cli/completion.ts";
import { verbs } from "../../../cli/verbs/verbs.ts";

function inBash(words: string): string[] {
  const setting = `COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))`;
  const script = `${completionScript("bash", verbs)}\n${setting}; _augmenter; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
}

describe("completionScript()", () => {
  test.each([
    ["augmenter ex", ["explain", "export"]],
    ["augmenter pol", ["policy"]],
    ["augmenter policy ''", ["get", "set"]],
    ["augmenter export s", ["slurm"]],
    ["augmenter rank a --by", ["--bytes"]],
    ["augmenter export k8s --na", ["--name", "--namespace", "--nats-url"]],
    ["augmenter paths --output ''", ["table", "wide", "json", "yaml"]],
    ["augmenter paths -o j", ["json"]],
    ["augmenter matrix --level r", ["rack"]],
    ["augmenter policy set --mode ''", ["off", "observe", "apply"]],
    ["augmenter -o json pol", ["policy"]],
    ["augmenter --server a:1 export --name x s", ["slurm"]],
    ["augmenter --output = json pol", ["policy"]],
    ["augmenter --tls pol", ["policy"]],
    ["augmenter --output =", ["table", "wide", "json", "yaml"]],
    ["augmenter paths --output = j", ["json"]],
    ["augmenter matrix --level = ''", ["host", "rack", "zone"]],
    ["augmenter hosts --ev", ["--every-ms"]],
    ["augmenter completion ''", ["bash", "zsh", "fish"]],
    // Nothing of its own: bash offers files then.
    ["augmenter hosts --config ''", [""]],
    ["augmenter hosts --tls-ca = ''", [""]],
    ["augmenter paths --limit ''", [""]],
    ["augmenter hel", ["help"]],
    ["augmenter help pol", ["policy"]],
    ["augmenter help policy ''", ["get", "set"]],
    ["augmenter help paths ''", [""]],
  ])("in bash %s has %j", (words, completions) => {
    expect(inBash(words)).toEqual(completions);
  });

  test("in zsh words behind valued flags are skipped", () => {
    expect(completionScript("zsh", verbs)).toMatch(
      /case \$word in --config \|.* --output \| -o \|.*\) at=\$\(\(at \+ 1\)\) ;; -\*\)/,
    );
  });

  test("in fish flags take a value exactly where they have one", () => {
    const lines = completionScript("fish", verbs).split("\n");
    const flag = (name: string) => lines.filter((line) => new RegExp(` -l ${name}( |$)`).test(line));
    expect(flag("limit").length).toBeGreaterThan(0);
    for (const name of ["limit", "server", "tls-ca", "config", "bytes"]) {
      for (const line of flag(name)) expect(line).toMatch(new RegExp(` -l ${name} -r -d `));
    }
    for (const name of ["tls", "apply", "everywhere", "watch", "help"]) {
      for (const line of flag(name)) expect(line).not.toMatch(/ -[rx] /);
    }
    expect(flag("output")).toEqual([expect.stringMatching(/ -s o -l output -x -a 'table wide json yaml' /)]);
    expect(flag("watch")[0]).toMatch(/ -s w -l watch -d /);
  });

  test("in zsh files are offered behind flags that take any text", () => {
    expect(completionScript("zsh", verbs)).toMatch(/ {4}--config \| .*\) _files; return ;;\n {2}esac/);
  });

  test("in zsh --flag=value is completed", () => {
    expect(completionScript("zsh", verbs)).toContain("[CURRENT]%%=*}; compset -P '*='");
  });

  test.each(shells)("of %s has every verb and option", (shell) => {
    const script = completionScript(shell, verbs);
    for (const { name, options } of verbs) {
      for (const word of name.split(" ")) expect(script).toContain(word);
      for (const option of Object.keys(options)) expect(script).toContain(option);
    }
  });
});
