/** Blocks this thread. For cleaning up while the process exits, when nothing asynchronous runs any more. */
export function sleepSync(lengthMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lengthMs);
}
