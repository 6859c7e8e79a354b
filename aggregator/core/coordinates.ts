/**
 * Network coordinates: the RTT between two hosts that never spoke, from the RTTs to hosts that both spoke to.
 *
 * Vivaldi with height (F. Dabek, R. Cox, F. Kaashoek, R. Morris: Vivaldi, a decentralized network coordinate system, SIGCOMM 2004):
 * hosts are bodies, every measured RTT is a spring between two of them, and each measurement moves its ends a little towards
 * where the spring is at rest. The constants are those of HashiCorp Serf (coordinate/config.go, DefaultConfig), which runs it in
 * clusters. What differs, and why:
 *
 * - Springs of 20 ms that are off by a twentieth would throw the hosts of a rack, 0.1 ms apart, about. So there is a space for each
 *   level: zones lie among zones, the racks of a zone among each other, the hosts of a rack likewise. A path is as long as the
 *   distance at the level where its ends part, and the heights of what lies below it. Who names no rack and no zone is alone in
 *   one of each, and then this is Vivaldi as it was published.
 * - All measurements arrive in one place, so each one moves both of its ends.
 * - The RTTs are minima over minutes: Serf's filter of latencies and its adjustment term have nothing left to do.
 */
import type { Place } from "./topology.ts";
import { isSamePlace } from "./topology.ts";

/** Serf: 8 dimensions; more do not help (Ledlie, Gardner, Seltzer: Network Coordinates in the Wild, NSDI 2007). */
const dimensions = 8;
/**
 * What two zones that never spoke are apart is told by where the others put them, and among few in eight dimensions they can lean out of
 * what the others span at no cost. Networks lie in two or three dimensions, nearly: beyond these each movement draws a body
 * back by this part of itself.
 */
const freeDimensions = 3;
const flattening = 0.03;
/** Serf's VivaldiErrorMax: of what nothing is known of. */
const errorMax = 1.5;
/** Serf's zeroThreshold. */
const errorMin = 1e-6;
/** Serf's VivaldiCE and VivaldiCC: how far one measurement changes error and place. */
const errorGain = 0.25;
const placeGain = 0.25;
/** Serf's HeightMin is 10 us; of a path there are up to six heights here. */
const heightMinUs = 1;
const startHeightUs = 10;
/** Serf's zeroThreshold: nearer than 1 us is the same place. */
const samePlaceUs = 1;
/** Serf refuses RTTs above 10 s. */
const rttMaxUs = 10e6;
const rttMinUs = 1;

/** A host, and where it is. */
export interface Spot {
  readonly hostId: string;
  readonly place: Place;
}

/** What one measurement did. */
export type Observed = "taken" | "refused" | "reset" | "too_many_hosts";

/** An RTT between two hosts, and the relative error that their coordinates had lately, 0..1.5. */
export interface CoordinateRtt {
  readonly rttUs: number;
  readonly error: number;
}

interface Body {
  /** Microseconds in each dimension, and above the plane. */
  readonly vector: number[];
  height: number;
  error: number;
  measurements: number;
  /** That move it: itself, or the hosts of the rack or zone. */
  hosts: number;
}

/** A host's own body, its rack's, its zone's. */
type Chain = readonly [Body, Body, Body];

interface Home {
  readonly place: Place;
  readonly chain: Chain;
  /** Of what the host measured itself, at any level. */
  error: number;
}

/** Owns the coordinates of every host, rack and zone. */
export class Coordinates {
  readonly #hostsMax: number;
  readonly #homes = new Map<string, Home>();
  readonly #bodies = new Map<string, Body>();
  #directions = 0;

  constructor(hostsMax: number) {
    this.#hostsMax = hostsMax;
  }

  /** Hosts that have a coordinate. */
  get size(): number {
    return this.#homes.size;
  }

  /** The relative error that a host's coordinate had lately, 0..1.5; undefined where it has none. */
  errorOf(host: Spot): number | undefined {
    return this.#knownHomeOf(host)?.error;
  }

  /** Takes in a measured minimum RTT between two hosts, microseconds. */
  observe(source: Spot, destination: Spot, rttUs: number): Observed {
    if (source.hostId === destination.hostId || !(rttUs >= rttMinUs && rttUs <= rttMaxUs)) return "refused";
    const [fromHome, toHome] = [this.#homeOf(source), this.#homeOf(destination)];
    if (fromHome === undefined || toHome === undefined) return "too_many_hosts";
    const [from, to] = [fromHome.chain, toHome.chain];
    const top = partingLevel(from, to);
    const predictedUs = distance(from, to);
    for (let level = 0; level <= top; level += 1) {
      const [body, other] = [from[level], to[level]];
      if (body === undefined || other === undefined) continue;
      const apart = level === top ? gap(body, other) : undefined;
      const weight = body.error / Math.max(body.error + other.error, errorMin);
      this.#move(body, other, weight, rttUs, predictedUs, apart);
      this.#move(other, body, 1 - weight, rttUs, predictedUs, apart);
    }
    const weight = fromHome.error / Math.max(fromHome.error + toHome.error, errorMin);
    fromHome.error = errorAfter(fromHome.error, weight, rttUs, predictedUs);
    toHome.error = errorAfter(toHome.error, 1 - weight, rttUs, predictedUs);
    if (Number.isFinite(distance(from, to) + fromHome.error + toHome.error)) return "taken";
    for (const body of [...from, ...to]) restart(body);
    fromHome.error = errorMax;
    toHome.error = errorMax;
    return "reset";
  }

  /** The RTT that the coordinates of two hosts tell; undefined where one of them has none. */
  rttBetween(source: Spot, destination: Spot): CoordinateRtt | undefined {
    const from = this.#knownHomeOf(source);
    const to = this.#knownHomeOf(destination);
    if (from === undefined || to === undefined) return undefined;
    const top = partingLevel(from.chain, to.chain);
    const errors = [from.error, to.error, from.chain[top].error, to.chain[top].error];
    return { rttUs: distance(from.chain, to.chain), error: Math.hypot(...errors) / Math.sqrt(errors.length) };
  }

  forget(hostId: string): void {
    const home = this.#homes.get(hostId);
    if (home === undefined) return;
    this.#homes.delete(hostId);
    const keys = keysOf(hostId, home.place);
    for (const [level, body] of home.chain.entries()) {
      body.hosts -= 1;
      if (body.hosts === 0) this.#bodies.delete(keys[level] ?? "");
    }
  }

  // Also for who only asks: what a host was where it is no longer would be told as if it were known well.
  #knownHomeOf(host: Spot): Home | undefined {
    return this.#homes.has(host.hostId) ? this.#homeOf(host) : undefined;
  }

  // A host that moved begins anew: its cable is another one.
  #homeOf({ hostId, place }: Spot): Home | undefined {
    const known = this.#homes.get(hostId);
    if (known !== undefined && isSamePlace(known.place, place)) return known;
    if (known === undefined && this.#homes.size >= this.#hostsMax) return undefined;
    this.forget(hostId);
    const keys = keysOf(hostId, place);
    const chain: Chain = [this.#join(keys[0]), this.#join(keys[1]), this.#join(keys[2])];
    const home: Home = { place, chain, error: errorMax };
    this.#homes.set(hostId, home);
    return home;
  }

  #join(key: string): Body {
    let body = this.#bodies.get(key);
    if (body === undefined) {
      const vector: number[] = new Array(dimensions).fill(0);
      body = { vector, height: startHeightUs, error: errorMax, measurements: 0, hosts: 0 };
      this.#bodies.set(key, body);
    }
    body.hosts += 1;
    return body;
  }

  /**
   * Serf's updateVivaldi() and ApplyForce(), but that a height moves by its part of the path, not of the distance: bodies that lie close
   * would throw each other up. `apart` is undefined below the level where the ends part. What n hosts measure moves by a root of n
   * less than a host for each measurement: with their mean it would be too slow to find its place. Its first measurements move it as
   * they would a host.
   */
  #move(body: Body, other: Body, weight: number, rttUs: number, predictedUs: number, apart: number | undefined): void {
    body.measurements += 1;
    const share = weight / Math.min(Math.sqrt(body.hosts), body.measurements);
    const forceUs = placeGain * share * (rttUs - predictedUs);
    const heightPart = (body.height + other.height) / Math.max(predictedUs, rttUs);
    body.height = Math.max(heightMinUs, body.height + forceUs * heightPart);
    if (apart === undefined) return;
    body.error = errorAfter(body.error, share, rttUs, predictedUs);
    const areTogether = apart <= samePlaceUs;
    // Where Serf draws a random direction, each next one is as good, and the same inputs give the same coordinates.
    if (areTogether) this.#directions += 1;
    const direction = areTogether ? directionOf(this.#directions) : undefined;
    for (let index = 0; index < dimensions; index += 1) {
      const away = direction === undefined ? (at(body, index) - at(other, index)) / apart : (direction[index] ?? 0);
      const kept = index < freeDimensions ? 1 : 1 - flattening * placeGain * share;
      body.vector[index] = at(body, index) * kept + away * forceUs;
    }
  }
}

function errorAfter(error: number, share: number, rttUs: number, predictedUs: number): number {
  const wrongness = Math.min(errorMax, Math.abs(predictedUs - rttUs) / rttUs);
  return error + (wrongness - error) * errorGain * share;
}

// Whoever names no rack is a rack of its own, and a rack without a zone a zone.
function keysOf(hostId: string, place: Place): readonly [string, string, string] {
  const host = `host ${hostId}`;
  const rack = place.rack === 0 ? `rack of ${host}` : `rack ${place.rack}`;
  return [host, rack, place.zone === 0 ? `zone of ${rack}` : `zone ${place.zone}`];
}

function partingLevel(from: Chain, to: Chain): 0 | 1 | 2 {
  if (from[2] !== to[2]) return 2;
  return from[1] === to[1] ? 0 : 1;
}

function distance(from: Chain, to: Chain): number {
  const top = partingLevel(from, to);
  let sum = gap(from[top], to[top]);
  for (let level = 0; level <= top; level += 1) sum += (from[level]?.height ?? 0) + (to[level]?.height ?? 0);
  return sum;
}

function gap(body: Body, other: Body): number {
  let square = 0;
  for (let index = 0; index < dimensions; index += 1) square += (at(body, index) - at(other, index)) ** 2;
  return Math.sqrt(square);
}

function at(body: Body, index: number): number {
  return body.vector[index] ?? 0;
}

function restart(body: Body): void {
  body.vector.fill(0);
  body.height = startHeightUs;
  body.error = errorMax;
  body.measurements = 0;
}

/** The n-th of a sequence of unit vectors that point everywhere. */
function directionOf(n: number): Float64Array {
  const direction = new Float64Array(dimensions);
  for (let index = 0; index < dimensions; index += 1) {
    direction[index] = ((n * Math.sqrt(primes[index] ?? 2)) % 1) - 0.5;
  }
  const length = Math.hypot(...direction);
  return direction.map((part) => part / length);
}

// Multiples of the roots of primes are spread evenly over the unit cube (Weyl, 1916).
const primes = [2, 3, 5, 7, 11, 13, 17, 19] as const;
