/** Run inside a namespace: each line of stdin is a URL, each line of stdout what it answered. */
import { createInterface } from "node:readline";

let count = 0;
for await (const url of createInterface({ input: process.stdin })) {
  count += 1;
  process.stdout.write(`${JSON.stringify({ fetch: count, ...(await answerOf(url)) })}\n`);
}

async function answerOf(url: string): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: 0, body: String((error as Error).cause ?? error) };
  }
}
