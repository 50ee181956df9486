/**
 * Remembers the checkpoints that were seen. Two different logs of one chain, each shown to other people, are found out
 * when one reader meets both: another origin, or the same size with another root.
 */
import { toHex } from "./bytes.js";
import { Refused } from "./refused.js";
import { read, write } from "./trust.js";

const PLACE = "tongzhou.verify.checkpoints";
/** Checkpoints kept for each chain: the newest ones. */
const MOST = 32;
/** A longer text is not kept; its size and root are. */
const MOST_TEXT = 8_000;

export class Memory {
  constructor(storage) {
    this.storage = storage;
    const kept = storage === null ? null : read(storage, PLACE);
    /**
     * By chain id, the largest size first.
     *
     * @type {Record<string, {origin: string, size: string, root: string, text: string}[]>}
     */
    this.chains = kept !== null && typeof kept === "object" ? kept : {};
  }

  /** The checkpoints of a chain; what was damaged in the browser is left out. */
  of(chain) {
    const kept = Object.hasOwn(this.chains, chain) ? this.chains[chain] : [];
    const isWhole = (item) => item !== null && typeof item === "object" && /^[0-9]{1,19}$/.test(item.size)
      && /^[0-9a-f]{64}$/.test(item.root) && typeof item.origin === "string";
    return Array.isArray(kept) ? kept.filter(isWhole) : [];
  }

  /**
   * Notes a checkpoint whose signatures were checked.
   *
   * @returns "older" where a larger one was seen before: only the log could show that this is a beginning of it; else
   *   "newest"
   * @throws {Refused} `proof.split_view`, with both texts as `evidence`, where another root was seen for this size, or
   *   another log of the chain
   */
  meet(chain, { origin, size, root, text }) {
    const found = { origin, size: `${size}`, root: toHex(root), text: text.length <= MOST_TEXT ? text : "" };
    const known = this.of(chain);
    const same = known.find((item) => item.size === found.size);
    const other = known.find((item) => item.origin !== origin) ?? same;
    if (other !== undefined && (other.origin !== origin || other.root !== found.root)) {
      const name = (item) => `${item.origin} with ${item.size} entries and root ${item.root}`;
      const error = new Refused("proof.split_view", `two logs: ${name(other)}; ${name(found)}`);
      error.step = "memory";
      error.evidence = [other.text, text];
      throw error;
    }
    const isOlder = known.length > 0 && BigInt(known[0].size) > size;
    if (same !== undefined) return isOlder ? "older" : "newest";
    const larger = (a, b) => (BigInt(a.size) < BigInt(b.size) ? 1 : -1);
    this.chains[chain] = [...known, found].sort(larger).slice(0, MOST);
    if (this.storage !== null) write(this.storage, PLACE, this.chains);
    return isOlder ? "older" : "newest";
  }

  /** Forgets everything. */
  forget() {
    this.chains = {};
    if (this.storage !== null) write(this.storage, PLACE, this.chains);
  }
}
