/** Text of others on a terminal: what would move its cursor, colour it, turn its direction or hide in it is shown as its number. */

// Control and format characters (zero width, direction), and the separators of lines and paragraphs.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const unprintableInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line, as a person sees it: U+202E becomes "\u{202e}". */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON as the same value in printable characters. */
export function printableJson(text: string): string {
  const units = (character: string) => Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return text.replaceAll(unprintableInJson, (character) =>
    units(character)
      .map((unit) => `\\u${hex(unit, 4)}`)
      .join(""),
  );
}

/** YAML whose texts all stand in double quotes, as the same value in printable characters. */
export function printableYaml(text: string): string {
  return text.replaceAll(unprintableInJson, (character) => `\\U${hex(character.codePointAt(0) ?? 0, 8)}`);
}

/** Whether JSON or YAML has printable characters only. */
export function isPrintableDocument(text: string): boolean {
  return text.search(unprintableInJson) < 0;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
