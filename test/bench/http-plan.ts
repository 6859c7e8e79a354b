/** What the HTTP benchmark measures, and how long that takes. */
import type { Congestion } from "../testbed/network-plan.ts";
import { packetBytes, payloadBytes } from "./fct-cells.ts";

/** The path between the client and the server of each pair. */
export interface HttpPath {
  readonly rttMs: number;
  readonly rateMbitPerSecond: number;
  /** The bottleneck's drop-tail buffer, in bandwidth-delay products. */
  readonly bufferBdp: number;
  readonly congestion: Congestion;
}

/** One condition: what is requested, by how many connections at a time. */
export interface HttpCell {
  readonly sizeBytes: number;
  readonly connections: number;
}

/** How much is measured. */
export interface HttpPlan {
  readonly sizesBytes: readonly number[];
  readonly connections: readonly number[];
  readonly repetitions: number;
  /** Of each repetition of each system. */
  readonly seconds: number;
}

/** What is compared. */
export const httpSystems = ["default", "advised"] as const;

export type HttpSystem = (typeof httpSystems)[number];

/** The cluster sees so much of a cell's traffic before it is measured: two reports. */
export const warmUpSeconds = 2;
/** The most that is spent on learning the path before the first cell. */
export const learnSecondsMax = 20;

const setupSeconds = 8;
const usualLearnSeconds = 10;
/** wrk looks only ten times a second whether its time is over. */
const overheadSecondsOfRun = 0.2;
const valuesMax = 8;
const unitBytes: Readonly<Record<string, number>> = { "": 1, K: 1 << 10, M: 1 << 20 };

/** Every combination, the smallest objects first. */
export function httpCells({ sizesBytes, connections }: HttpPlan): readonly HttpCell[] {
  return sizesBytes.flatMap((sizeBytes) => connections.map((count) => ({ sizeBytes, connections: count })));
}

/** The order of the systems in a repetition: they take turns at being first. */
export function orderOf(repetition: number): readonly HttpSystem[] {
  return repetition % 2 === 0 ? httpSystems : [...httpSystems].reverse();
}

/** How long a run probably takes. */
export function httpSeconds(plan: HttpPlan): number {
  const runs = plan.repetitions * httpSystems.length;
  const perCell = warmUpSeconds + overheadSecondsOfRun + runs * (plan.seconds + overheadSecondsOfRun);
  return setupSeconds + usualLearnSeconds + httpCells(plan).length * perCell;
}

/**
 * The most requests a second that physics allows: a connection's every request takes a round trip for the handshake,
 * one until the response begins, and the time its bytes take; all connections share the rate of the path.
 */
export function requestsPerSecondLimit(cell: HttpCell, path: HttpPath): number {
  const wireBits = cell.sizeBytes * 8 * (packetBytes / payloadBytes);
  const sendSeconds = wireBits / (path.rateMbitPerSecond * 1e6);
  return Math.min(cell.connections / ((2 * path.rttMs) / 1000 + sendSeconds), 1 / sendSeconds);
}

/** The sizes of a text such as "16K,1M,5000"; what is wrong as a text. */
export function sizesFromText(text: string): readonly number[] | string {
  return listFromText(text, "sizes such as 16K,1M of 1..16M", (part) => {
    const [, digits = "", unit = ""] = /^(\d{1,8})([KM]?)$/i.exec(part) ?? [];
    const bytes = digits === "" ? 0 : Number(digits) * (unitBytes[unit.toUpperCase()] ?? 0);
    return bytes >= 1 && bytes <= 16 << 20 ? bytes : undefined;
  });
}

/** The connections of a text such as "1,8"; what is wrong as a text. */
export function connectionsFromText(text: string): readonly number[] | string {
  return listFromText(text, "numbers such as 1,8 of 1..256", (part) => {
    const count = /^\d{1,3}$/.test(part) ? Number(part) : 0;
    return count >= 1 && count <= 256 ? count : undefined;
  });
}

/** A buffer of a text such as "0.25"; what is wrong as a text. */
export function bufferBdpFromText(text: string): number | string {
  const value = /^\d{1,3}(\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= 100 ? value : "0..100";
}

function listFromText(
  text: string,
  wanted: string,
  parse: (part: string) => number | undefined,
): readonly number[] | string {
  const values = text.split(",").map(parse);
  const valid = values.filter((value) => value !== undefined);
  const distinct = [...new Set(valid)];
  if (valid.length < values.length || distinct.length > valuesMax) return `at most ${valuesMax} ${wanted}`;
  return distinct;
}
