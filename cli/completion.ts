/** Completion scripts, made from the verbs themselves. */
import type { OptionTable } from "../common/option-values.ts";
import { offeredOptions } from "./repeated.ts";
import { settingsTable } from "./settings.ts";
import type { Verb } from "./verb.ts";

/** Shells that are known. */
export const shells = ["bash", "zsh", "fish"] as const;

/** What may follow some words of the command. */
interface Step {
  /** "", "policy", "policy get". */
  readonly after: string;
  readonly words: readonly { readonly word: string; readonly help: string }[];
}

/** The script of a shell; `shell` is one of `shells`. */
export function completionScript(shell: string, verbs: readonly Verb[]): string {
  const steps = stepsOf(verbs);
  const choices = choicesOf(verbs);
  if (shell === "fish") return fishScript(steps, choices, verbs);
  const valued = valuedFlags(verbs).map(spellings).join(" | ");
  return shell === "zsh" ? zshScript(steps, choices, valued) : bashScript(steps, choices, valued);
}

function stepsOf(verbs: readonly Verb[]): readonly Step[] {
  const heads = new Map<string, { word: string; help: string }[]>();
  const steps: Step[] = [];
  for (const verb of verbs) {
    const { name, summary, arguments: args } = verb;
    const [first = "", second] = name.split(" ");
    const start = heads.get("") ?? [];
    if (!start.some(({ word }) => word === first))
      start.push({ word: first, help: second === undefined ? summary : "" });
    heads.set("", start);
    if (second !== undefined) heads.set(first, [...(heads.get(first) ?? []), { word: second, help: summary }]);
    const choices = args.flatMap((argument) => argument.choices ?? []).map((word) => ({ word, help: "" }));
    steps.push({ after: name, words: [...choices, ...flagsOf(offeredOptions(verb))] });
  }
  const headSteps = [...heads].map(([after, words]) => ({ after, words }));
  return [...headSteps.map(withHelp), ...headSteps.map(behindHelp), ...steps];
}

const helpWord = { word: "help", help: "help of a verb" };

function withHelp({ after, words }: Step): Step {
  return { after, words: after === "" ? [...words, helpWord] : words };
}

// `augmenter help policy set`.
function behindHelp({ after, words }: Step): Step {
  return { after: after === "" ? helpWord.word : `${helpWord.word} ${after}`, words };
}

function flagsOf(table: OptionTable): { readonly word: string; readonly help: string }[] {
  return Object.entries(table).map(([name, { description }]) => ({ word: `--${name}`, help: description }));
}

/** The words that may follow a flag, by flag; of those that take any text there are none. */
function choicesOf(verbs: readonly Verb[]): readonly (readonly [flag: string, words: readonly string[]])[] {
  const tables: readonly OptionTable[] = [settingsTable, ...verbs.map(({ options }) => options)];
  const choices = new Map<string, readonly string[]>();
  for (const table of tables) {
    for (const [name, { schema, isFlag }] of Object.entries(table)) {
      // What oneOf() makes tells its words.
      const words = "options" in schema ? (schema.options as readonly string[]).filter((word) => word !== "") : [];
      if (words.length > 0 && isFlag === undefined) choices.set(name, words);
    }
  }
  return [...choices];
}

const globalFlags = [
  ...flagsOf(settingsTable),
  { word: "--config", help: "configuration file" },
  { word: "--help", help: "help" },
];

/** Every flag behind which a word of its own follows. */
function valuedFlags(verbs: readonly Verb[]): readonly string[] {
  const tables: readonly OptionTable[] = [settingsTable, ...verbs.map(offeredOptions)];
  const flags = tables.flatMap((table) => Object.entries(table)).filter(([, { isFlag }]) => isFlag === undefined);
  return [...new Set(["config", ...flags.map(([name]) => name)])];
}

/** The letters that stand for flags. */
function shortsOf(verbs: readonly Verb[]): readonly (readonly [flag: string, short: string])[] {
  const tables: readonly OptionTable[] = [settingsTable, ...verbs.map(offeredOptions)];
  const specs = tables.flatMap((table) => Object.entries(table));
  return specs.flatMap(([name, { short }]) => (short === undefined ? [] : [[name, short] as const]));
}

type Choices = ReturnType<typeof choicesOf>;

function bashScript(steps: readonly Step[], choices: Choices, valued: string): string {
  const values = choices.map(
    ([flag, words]) =>
      `    ${spellings(flag)}) COMPREPLY=($(compgen -W ${quoted(words.join(" "))} -- "$current")); return ;;`,
  );
  const cases = steps.map(
    ({ after, words }) => `    ${quoted(after)}) words=${quoted(words.map(({ word }) => word).join(" "))} ;;`,
  );
  return `# bash completion of augmenter
_augmenter() {
  local current=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} path= word words= at
  # --flag=value is three words.
  if [[ $current == = ]]; then current=; elif [[ $flag == = ]]; then flag=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  case $flag in
${values.join("\n")}
    # Any text, such as the name of a file, which bash offers where nothing else is.
    ${valued}) return ;;
  esac
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in ${valued}) if [[ \${COMP_WORDS[at + 1]} == = ]]; then at=$((at + 2)); else at=$((at + 1)); fi ;; -*) ;; *) if [ -z "$path" ]; then path=$word; else case $path in *' '*) ;; ${pairHeads(steps)}) path="$path $word" ;; esac; fi ;; esac
  done
  case $path in
${cases.join("\n")}
  esac
  if [[ $current == -* ]]; then words="$words ${globalFlags.map(({ word }) => word).join(" ")}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _augmenter augmenter
`;
}

function zshScript(steps: readonly Step[], choices: Choices, valued: string): string {
  const values = choices.map(
    ([flag, words]) => `    ${spellings(flag)}) compadd -- ${words.map(quoted).join(" ")}; return ;;`,
  );
  const entry = ({ word, help }: { readonly word: string; readonly help: string }) =>
    quoted(`${word.replaceAll(":", "\\:")}:${help.replaceAll(":", "\\:")}`);
  const cases = steps.map(({ after, words }) => `    ${quoted(after)}) entries=(${words.map(entry).join(" ")}) ;;`);
  return `#compdef augmenter
_augmenter() {
  local -a entries
  local verb= word at
  local flag=\${words[CURRENT - 1]}
  if [[ \${words[CURRENT]} == --*=* ]]; then flag=\${words[CURRENT]%%=*}; compset -P '*='; fi
  case $flag in
${values.join("\n")}
    ${valued}) _files; return ;;
  esac
  for ((at = 2; at < CURRENT; at++)); do
    word=\${words[at]}
    case $word in ${valued}) at=$((at + 1)) ;; -*) ;; *) if [[ -z $verb ]]; then verb=$word; else case $verb in *' '*) ;; ${pairHeads(steps)}) verb="$verb $word" ;; esac; fi ;; esac
  done
  case $verb in
${cases.join("\n")}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then entries+=(${globalFlags.map(entry).join(" ")}); fi
  _describe augmenter entries
}
if [[ $funcstack[1] == _augmenter ]]; then _augmenter "$@"; else compdef _augmenter augmenter; fi
`;
}

function fishScript(steps: readonly Step[], choices: Choices, verbs: readonly Verb[]): string {
  const words = new Map(choices);
  const valuedNames = new Set(valuedFlags(verbs));
  const shorts = new Map(shortsOf(verbs));
  const valued = (flag: string) => {
    const values = words.get(flag);
    const short = shorts.get(flag);
    const spelled = `${short === undefined ? "" : `-s ${short} `}-l ${flag}`;
    if (values !== undefined) return `${spelled} -x -a ${quoted(values.join(" "))}`;
    return valuedNames.has(flag) ? `${spelled} -r` : spelled;
  };
  const lines = steps.flatMap(({ after, words: following }) => {
    const seen =
      after === ""
        ? "__fish_use_subcommand"
        : after
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return following.map(({ word, help }) => {
      const what = word.startsWith("--") ? valued(word.slice(2)) : `-f -a ${quoted(word)}`;
      return `complete -c augmenter -n ${quoted(seen)} ${what} -d ${quoted(help)}`;
    });
  });
  const globals = globalFlags.map(
    ({ word, help }) => `complete -c augmenter ${valued(word.slice(2))} -d ${quoted(help)}`,
  );
  return `# fish completion of augmenter\n${[...lines, ...globals].join("\n")}\n`;
}

/** The verbs of two words, by their first, as a pattern of case. */
function pairHeads(steps: readonly Step[]): string {
  const heads = new Set(steps.filter(({ after }) => after.includes(" ")).map(({ after }) => after.split(" ")[0] ?? ""));
  return [...heads].join(" | ");
}

/** A flag as patterns of case. */
function spellings(flag: string): string {
  return flag === "output" ? "--output | -o" : `--${flag}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
