/** Which logs and witnesses are trusted, and how many it takes (C2SP tlog-policy). */
import { toBinary, utf8 } from "./bytes.js";
import { fault, VerifierKey } from "./note.js";

const MOST = 256;
const MOST_BYTES = 8_000_000;
const MOST_ITEM_BYTES = 2_048;
/** Types of keys that make no cosignatures: log, ECDSA, tree head. */
const LOG_TYPES = new Set([1, 2, 5]);

export class Policy {
  constructor() {
    /** @type {VerifierKey[]} */
    this.logs = [];
    /** @type {{name: string, key: VerifierKey}[]} */
    this.witnesses = [];
    /** @type {{name: string, threshold: number, members: string[]}[]} */
    this.groups = [];
    /** A name; `null` where none is needed. */
    this.quorum = undefined;
    this.defined = new Set();
    this.grouped = new Set();
  }

  /** Reads a policy; throws `NoteFault` for what is none. */
  static async read(source) {
    const text = toBinary(typeof source === "string" ? utf8(source) : source);
    if (text.length > MOST_BYTES) fault("the policy is too long");
    if ((text !== "" && !text.endsWith("\n")) || /[\x00-\x08\x0b-\x1f\x7f]/.test(text)) {
      fault("a byte is not permitted in a policy, or its last line does not end");
    }
    const policy = new Policy();
    for (const line of text.split("\n").slice(0, -1)) await policy.#line(line.split(/[ \t]+/).filter(Boolean));
    if (policy.quorum === undefined) fault("the policy names no quorum");
    policy.#checkKeys();
    return policy;
  }

  get keys() { return [...this.logs, ...this.witnesses.map((witness) => witness.key)]; }

  async #line([keyword, ...items]) {
    if (keyword === undefined || keyword.startsWith("#")) return;
    const count = items.length;
    // Names and addresses; keys have limits of their own.
    const named = keyword === "log" ? items.slice(1) : items.filter((_, at) => keyword !== "witness" || at !== 1);
    if (named.some((item) => item.length > MOST_ITEM_BYTES)) fault("a name or address is too long");
    if (keyword === "log" && count >= 1 && count <= 2) {
      if (this.logs.length === MOST) fault("too many logs");
      this.logs.push(await VerifierKey.read(items[0]));
    } else if (keyword === "witness" && count >= 2 && count <= 3) {
      if (this.witnesses.length === MOST) fault("too many witnesses");
      this.witnesses.push({ name: items[0], key: await VerifierKey.read(items[1]) });
      this.#define(items[0]);
    } else if (keyword === "group" && count >= 3) {
      this.#group(items);
    } else if (keyword === "quorum" && count === 1 && this.quorum === undefined) {
      if (items[0] !== "none" && !this.defined.has(items[0])) fault("the quorum is not defined");
      this.quorum = items[0] === "none" ? null : items[0];
    } else {
      fault("a line of the policy has no known form");
    }
  }

  #group([name, written, ...members]) {
    if (this.groups.length === MOST) fault("too many groups");
    for (const member of members) {
      if (!this.defined.has(member)) fault("a member is used before it is defined");
      if (this.grouped.has(member)) fault("a name is a member twice");
      this.grouped.add(member);
    }
    let threshold = written === "all" ? members.length : 1;
    if (written !== "all" && written !== "any") {
      if (!/^[1-9][0-9]{0,3}$/.test(written)) fault("a group's threshold is no number");
      threshold = Number(written);
    }
    if (threshold > members.length) fault("a group's threshold is above the number of its members");
    this.groups.push({ name, threshold, members });
    this.#define(name);
  }

  #define(name) {
    if (name === "none" || this.defined.has(name)) fault("a name is defined twice, or is none");
    this.defined.add(name);
  }

  #checkKeys() {
    if (this.logs.some((key) => key.isCosigner)) fault("a log has a key of a cosigner");
    if (this.witnesses.some(({ key }) => LOG_TYPES.has(key.type))) fault("a witness has a key that cosigns nothing");
    const seen = new Set(this.keys.map((key) => toBinary(key.key)));
    if (seen.size !== this.keys.length) fault("a key stands in the policy twice");
  }

  /** How many organisations it takes; the members of a group may be groups themselves, then of these. */
  get needed() {
    if (this.quorum === null) return 0;
    return this.groups.find(({ name }) => name === this.quorum)?.threshold ?? 1;
  }

  /** Whether cosignatures by these keys fulfil the quorum; a key counts once. */
  isMetBy(keys) {
    if (this.quorum === null) return true;
    const given = new Set(keys);
    const witnessed = new Set(this.witnesses.filter(({ key }) => given.has(key)).map(({ name }) => name));
    // A group names only what stands before it, so one walk in order decides them all.
    for (const { name, threshold, members } of this.groups) {
      if (members.filter((member) => witnessed.has(member)).length >= threshold) witnessed.add(name);
    }
    return witnessed.has(this.quorum);
  }
}
