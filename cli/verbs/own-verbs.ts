/** version, config show and completion: what the command tells of itself. */
import { environmentName } from "../../common/option-values.ts";
import { packageVersion } from "../../common/package-version.ts";
import { completionScript, shells } from "../completion.ts";
import { factsTable } from "../core/report.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";

/** The verbs; completion is of `verbs`. */
export function ownVerbs(verbs: () => readonly Verb[]): readonly Verb[] {
  return [
    verb({
      name: "version",
      summary: "the version of this command",
      arguments: [],
      options: {},
      report: async () => {
        const value = { augmenter: packageVersion(), node: process.versions.node };
        return { value, tables: [factsTable("", Object.entries(value))] };
      },
    }),
    verb({
      name: "config show",
      summary: "every setting, its value and where that came from",
      arguments: [],
      options: {},
      report: async ({ session: { settings, configFile } }) => {
        const rows = Object.entries<string>(settings.texts).map(([name, value]) => {
          const origin = settings.origins[name as keyof typeof settings.origins];
          return { name, value, origin, variable: environmentName(name) };
        });
        return {
          value: { file: configFile.path, exists: configFile.exists, settings: rows },
          tables: [
            {
              columns: ["setting", "value", "from", "variable"].map((title) => ({ title, isText: true })),
              rows: rows.map(({ name, value, origin, variable }) => [
                name,
                value === "" ? { text: "empty", tone: "dim" } : value,
                origin === "default" ? { text: origin, tone: "dim" } : { text: origin, tone: "good" },
                variable,
              ]),
              empty: "",
            },
          ],
          notes: [`file: ${configFile.path}${configFile.exists ? "" : " (not there)"}`],
        };
      },
    }),
    verb({
      name: "completion",
      summary: "a completion script: augmenter completion bash > /etc/bash_completion.d/augmenter",
      arguments: [{ name: "shell", description: shells.join(", "), choices: shells }],
      options: {},
      run: async ({ session, words: [shell = ""] }) => session.print(completionScript(shell, verbs())),
    }),
  ];
}
