/** Which host has which address, where any of them may say anything: one that two live hosts claim is nobody's. */
import { addressKey } from "./path-key.ts";

/** What came of a claim. */
export interface Claimed {
  /** Hosts that had any of the addresses to themselves until now. */
  readonly losers: ReadonlySet<string>;
  /** How many of the addresses others claim, too. */
  readonly contested: number;
}

/** The only claimant, found in one look, as each path is asked for its owner; or all of several. */
type Claim = string | Set<string>;

const nobody: readonly string[] = [];

/** Owns who claims which address. */
export class AddressClaims {
  readonly #byAddress = new Map<string, Claim>();
  #conflicts = 0;
  #contested = 0;

  /** Times an address was claimed that another live host had: private addresses that repeat, or a host that lies. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** Addresses that more than one live host claims now. */
  get contested(): number {
    return this.#contested;
  }

  /** The only host that claims an address; undefined where none does, or several: then nobody can tell whose path it is. */
  ownerOf(address: Uint8Array): string | undefined {
    const claim = this.#byAddress.get(addressKey(address));
    return typeof claim === "string" ? claim : undefined;
  }

  /** Every host that claims an address. */
  claimantsOf(address: Uint8Array): readonly string[] {
    const claim = this.#byAddress.get(addressKey(address));
    if (claim === undefined) return nobody;
    return typeof claim === "string" ? [claim] : [...claim];
  }

  /** Whether a host claims an address, alone or not. */
  isClaimedBy(hostId: string, address: Uint8Array): boolean {
    const claim = this.#byAddress.get(addressKey(address));
    return typeof claim === "string" ? claim === hostId : claim?.has(hostId) === true;
  }

  /** A host claims addresses from here on. */
  claim(hostId: string, addresses: readonly Uint8Array[]): Claimed {
    const losers = new Set<string>();
    let contested = 0;
    for (const address of addresses) {
      const key = addressKey(address);
      const claim = this.#byAddress.get(key);
      if (claim === undefined) {
        this.#byAddress.set(key, hostId);
        continue;
      }
      if (claim === hostId || (typeof claim !== "string" && claim.has(hostId))) continue;
      if (typeof claim === "string") {
        losers.add(claim);
        this.#contested += 1;
        this.#byAddress.set(key, new Set([claim, hostId]));
      } else claim.add(hostId);
      this.#conflicts += 1;
      contested += 1;
    }
    return { losers, contested };
  }

  /** Ends a host's claims. An address that one other host claims is that one's from now on. */
  release(hostId: string, addresses: readonly Uint8Array[]): void {
    for (const address of addresses) {
      const key = addressKey(address);
      const claim = this.#byAddress.get(key);
      if (claim === hostId) this.#byAddress.delete(key);
      if (claim === undefined || typeof claim === "string" || !claim.delete(hostId) || claim.size > 1) continue;
      for (const owner of claim) this.#byAddress.set(key, owner);
      this.#contested -= 1;
    }
  }
}
