/** Which host has which address, where any of them may say anything. */
import { addressKey } from "./path-key.ts";

interface Claim {
  owner: string;
  readonly claimants: Set<string>;
}

/** Owns who claims which address. */
export class AddressClaims {
  readonly #byAddress = new Map<string, Claim>();
  #conflicts = 0;

  /** Times an address was claimed that another live host had: private addresses that repeat, or a host that lies. */
  get conflicts(): number {
    return this.#conflicts;
  }

  /** The host that claimed an address last. */
  ownerOf(address: Uint8Array): string | undefined {
    return this.#byAddress.get(addressKey(address))?.owner;
  }

  /** The same, unless another live host claims the address too: then nobody can tell whose path it is. */
  soleOwnerOf(address: Uint8Array): string | undefined {
    const claim = this.#byAddress.get(addressKey(address));
    return claim?.claimants.size === 1 ? claim.owner : undefined;
  }

  /** Makes a host the owner of addresses, and returns the hosts that had any of them before. */
  claim(hostId: string, addresses: readonly Uint8Array[]): ReadonlySet<string> {
    const losers = new Set<string>();
    for (const address of addresses) {
      const key = addressKey(address);
      const claim = this.#byAddress.get(key);
      if (claim === undefined) {
        this.#byAddress.set(key, { owner: hostId, claimants: new Set([hostId]) });
        continue;
      }
      if (claim.owner !== hostId) {
        this.#conflicts += 1;
        losers.add(claim.owner);
      }
      claim.owner = hostId;
      claim.claimants.add(hostId);
    }
    return losers;
  }

  /** Ends a host's claims. An address that another host claims too is that one's from now on. */
  release(hostId: string, addresses: readonly Uint8Array[]): void {
    for (const address of addresses) {
      const key = addressKey(address);
      const claim = this.#byAddress.get(key);
      if (!claim?.claimants.delete(hostId)) continue;
      const [other] = claim.claimants;
      if (other === undefined) this.#byAddress.delete(key);
      else if (claim.owner === hostId) claim.owner = other;
    }
  }
}
