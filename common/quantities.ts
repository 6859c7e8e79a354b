/** Numbers as a person reads them, three digits each. */

/** "850 us", "20.1 ms", "1.20 s". */
export function durationText(us: number): string {
  if (us < 1_000) return `${Math.round(us)} us`;
  return us < 1_000_000 ? `${threeDigits(us / 1_000)} ms` : `${threeDigits(us / 1_000_000)} s`;
}

/** Bits, as links are rated: "9.60 kbit/s", "198 Mbit/s", "1.20 Gbit/s". */
export function rateText(bytesPerSecond: number): string {
  return scaled(bytesPerSecond * 8, "bit/s");
}

/** "850 B", "500 kB", "1.20 MB". */
export function bytesText(bytes: number): string {
  return scaled(bytes, "B");
}

/** "0 %", "0.02 %", "1.20 %", "<0.01 %". */
export function shareText(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.01) return "<0.01 %";
  return `${percent < 1 ? percent.toFixed(2) : threeDigits(percent)} %`;
}

/** Whole units: "0 s", "59 s", "12 min", "3 h". */
export function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}

/** "999", "12.3k", "4.56M". */
export function countText(count: number): string {
  return scaled(count, "").replace(" ", "");
}

function scaled(value: number, unit: string): string {
  let rest = value;
  let prefix = "";
  for (const next of ["k", "M", "G", "T"]) {
    // 999.5 would be shown as 1000 of the smaller unit.
    if (rest < 999.5) break;
    rest /= 1_000;
    prefix = next;
  }
  return `${prefix === "" ? Math.round(rest) : threeDigits(rest)} ${prefix}${unit}`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
