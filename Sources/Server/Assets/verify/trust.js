/**
 * What a reader trusts: chains by their id, and the policies of their organisations. The first ones come from the site
 * itself or from her own hand; what differs later is never taken silently. Kept in the browser, and nowhere else.
 */

const PLACE = "tongzhou.verify.trust";
/** Policies of one chain that are kept, the newest first: organisations come and go. */
const MOST_POLICIES = 32;

function read(storage, place) {
  try {
    return JSON.parse(storage.getItem(place)) ?? null;
  } catch {
    return null;
  }
}

function write(storage, place, value) {
  try {
    storage.setItem(place, JSON.stringify(value));
    return true;
  } catch {
    // A browser may refuse to keep anything; then it holds for this visit.
    return false;
  }
}

function isPin(pin) {
  return pin !== null && typeof pin === "object" && typeof pin.name === "string" && /^[0-9a-f]{64}$/.test(pin.chain)
    && Array.isArray(pin.policies) && pin.policies.length > 0
    && pin.policies.every((policy) => typeof policy === "string")
    && Number.isSafeInteger(pin.since) && typeof pin.own === "boolean";
}

export class Trust {
  /** @param {Storage | null} storage where pins are kept; nowhere where there is none */
  constructor(storage) {
    this.storage = storage;
    const kept = storage === null ? null : read(storage, PLACE);
    /** @type {{name: string, chain: string, policies: string[], since: number, own: boolean}[]} */
    this.pins = Array.isArray(kept) ? kept.filter(isPin) : [];
    this.isKept = true;
  }

  /** The pin of a chain id; `undefined` where there is none. */
  find(chain) { return this.pins.find((pin) => pin.chain === chain); }

  /**
   * What a site offers, held against what is pinned.
   *
   * @returns "first" where it was pinned just now, "same", "other_policy", "other_chain", or "not_pinned" where the
   *   reader brought a chain of her own; the last three change nothing
   */
  meet({ name, chain, policy }, now) {
    const known = this.find(chain);
    if (known !== undefined) return known.policies.includes(policy) ? "same" : "other_policy";
    if (this.pins.some((pin) => pin.name === name && !pin.own)) return "other_chain";
    // Who pinned a chain by her own hand trusts that one, and not whatever else a site names.
    if (this.pins.some((pin) => pin.own)) return "not_pinned";
    this.pins.push({ name, chain, policies: [policy], since: now, own: false });
    this.#keep();
    return "first";
  }

  /** Leaves out policies that do not read any more, and chains without any. */
  async clean(reads) {
    for (const pin of this.pins) {
      const whole = await Promise.all(pin.policies.map(reads));
      pin.policies = pin.policies.filter((_, place) => whole[place]);
    }
    this.pins = this.pins.filter((pin) => pin.policies.length > 0);
  }

  /** Takes another policy of a pinned chain, which the reader has compared. */
  accept(chain, policy) {
    const pin = this.find(chain);
    pin.policies = [policy, ...pin.policies.filter((other) => other !== policy)].slice(0, MOST_POLICIES);
    this.#keep();
  }

  /** Pins what the reader brought herself; what a site named counts no longer. */
  bring({ name, chain, policy }, now) {
    this.pins = this.pins.filter((pin) => pin.own && pin.chain !== chain);
    this.pins.unshift({ name, chain, policies: [policy], since: now, own: true });
    this.#keep();
  }

  /** Forgets everything: the next visit is a first one. */
  forget() {
    this.pins = [];
    this.#keep();
  }

  #keep() { this.isKept = this.storage !== null && write(this.storage, PLACE, this.pins); }
}

export { read, write };
