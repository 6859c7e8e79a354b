/** Sizes and rates as a person writes them. */

const decimal: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const binary: Readonly<Record<string, number>> = { ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30, ti: 2 ** 40 };

/** Bytes: "1048576", "512k", "1.5MB" and "10G" (powers of 1000), "64KiB" and "1Mi" (of 1024); a text that says what it must be otherwise. */
export function bytesFromText(text: string): number | string {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim());
  const factor = match === null ? undefined : factorOf(match[2] ?? "");
  const bytes = Math.round(Number(match?.[1]) * (factor ?? Number.NaN));
  if (bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  return "a size such as 1048576, 64KiB, 1.5MB or 10GiB";
}

/** Bytes a second: "200Mbit" and "1.2 Gbit/s" are bits, "25MB/s" and "25000000" bytes; a text that says what it must be otherwise. */
export function rateFromText(text: string): number | string {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(bit|b|B)?(?:\/s)?$/.exec(normalized(text));
  const factor = match === null ? undefined : decimal[match[2] ?? ""];
  const units = Number(match?.[1]) * (factor ?? Number.NaN);
  const bytesPerSecond = Math.round(match?.[3]?.toLowerCase() === "bit" ? units / 8 : units);
  if (bytesPerSecond >= 1 && bytesPerSecond <= Number.MAX_SAFE_INTEGER) return bytesPerSecond;
  return "a rate such as 200Mbit/s, 1.2Gbit/s or 25MB/s";
}

function factorOf(prefix: string): number | undefined {
  const lower = prefix.toLowerCase();
  return decimal[lower] ?? binary[lower];
}

function normalized(text: string): string {
  return text.trim().replace(/([KMGT])(?=bit|B|\/|$)/i, (letter) => letter.toLowerCase());
}
