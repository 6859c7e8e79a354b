/** Names that somebody may have meant. */

const shownMax = 3;

/**
 * The known names nearest to a text, best first, at most three: by edits (insertion, deletion, substitution, swap of neighbours;
 * Damerau's optimal string alignment), at most a third of the text's length; a name that begins with the text counts as one edit.
 */
export function nearNames(text: string, names: readonly string[]): string[] {
  if (text === "") return [];
  const wanted = text.toLowerCase();
  const editsMax = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, edits: editsBetween(wanted, name.toLowerCase()) }))
    .filter(({ edits }) => edits <= editsMax)
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, shownMax)
    .map(({ name }) => name);
}

/** "did you mean a, b or c?"; empty where nothing is near. */
export function suggestion(text: string, names: readonly string[]): string {
  const near = nearNames(text, names);
  const last = near.pop();
  if (last === undefined) return "";
  return `did you mean ${near.length === 0 ? last : `${near.join(", ")} or ${last}`}?`;
}

function editsBetween(a: string, b: string): number {
  if (b.startsWith(a)) return Math.min(1, b.length - a.length);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
