/** What the reader trusts, shown and changed on the page; what differs from before is an alarm. */
import { toHex, utf8 } from "./bytes.js";
import { verifyCheckpoint } from "./checkpoint.js";
import { sha256 } from "./merkle.js";
import { NoteFault } from "./note.js";
import { at, code, element, evidence, facts, now } from "./parts.js";
import { Policy } from "./policy.js";
import { Refused } from "./refused.js";

/** How long the site may take to say what it offers, in milliseconds. */
const PATIENCE = 20_000;

export class Panel {
  /**
   * @param {import("./words.js").Words} words
   * @param {import("./trust.js").Trust} trust
   * @param {import("./memory.js").Memory} memory
   */
  constructor(words, trust, memory) {
    this.words = words;
    this.trust = trust;
    this.memory = memory;
  }

  #alarm(key, values, ...more) {
    at("alarms").append(element("div", { class: "verdict bad" },
      element("p", {}, element("strong", {}, this.words.say(key, values))), ...more));
  }

  #note(key) { at("alarms").append(element("p", { class: "note" }, this.words.say(key))); }

  #quorum(policy) {
    return this.words.say("policy_text", {
      n: this.words.number(policy.witnesses.length), q: this.words.number(policy.needed) });
  }

  #policy(text) {
    return element("details", {}, element("summary", {}, this.words.say("see_policy")), element("pre", {}, text));
  }

  /** Holds what the site names against what is pinned; the first time it is pinned. */
  async meetSite() {
    const chains = await offered();
    at("alarms").replaceChildren();
    if (chains === null) this.#note("site_silent");
    // Where the site has a chain that the reader brought, its others are none of her business.
    const isKnown = (chains ?? []).some(({ chain }) => this.trust.find(chain) !== undefined);
    let isFirst = false;
    for (const offer of chains ?? []) isFirst = await this.#meet(offer, isKnown) === "first" || isFirst;
    if (isFirst) this.#note("first_visit");
    await this.show();
  }

  async #meet(offer, isKnown) {
    const met = this.trust.meet(offer, now());
    if (met === "other_chain" || (met === "not_pinned" && !isKnown)) {
      this.#alarm("other_chain", { name: offer.name }, element("p", {}, code(this.words.groups(offer.chain))));
    } else if (met === "other_policy") {
      const button = element("button", { type: "button" }, this.words.say("take_policy"));
      button.addEventListener("click", async () => {
        this.trust.accept(offer.chain, offer.policy);
        await this.meetSite();
      });
      this.#alarm("other_policy", { name: offer.name }, this.#policy(offer.policy), button);
    } else if (met !== "not_pinned") {
      await this.#meetCheckpoint(offer);
    }
    return met;
  }

  /** The site's own newest checkpoint: another log than the one that was seen before shows here already. */
  async #meetCheckpoint({ chain, policy, checkpoint: text }) {
    try {
      this.memory.meet(chain, { ...await verifyCheckpoint(text, await Policy.read(policy)), text });
    } catch (error) {
      if (error instanceof Refused) this.#alarm("code_split_view", {}, evidence(error, this.words));
      else if (error instanceof NoteFault) this.#alarm("site_unsigned");
      else throw error;
    }
  }

  /** Shows every pin. */
  async show() {
    const shown = await Promise.all(this.trust.pins.map((pin) => this.#card(pin)));
    if (!this.trust.isKept) shown.push(element("p", { class: "note" }, this.words.say("not_kept")));
    at("pins").replaceChildren(...(shown.length > 0 ? shown : [element("p", {}, this.words.say("no_pins"))]));
  }

  async #card({ name, chain, policies: [text], since, own }) {
    const { words } = this;
    const policy = await Policy.read(text);
    const print = toHex(await sha256(utf8(text))).slice(0, 32);
    return element("div", { class: "card" },
      element("h3", {}, words.say("pin_name", { name: own ? words.say("own_name") : name })),
      facts([
        [words.say("chain_id"), code(words.groups(chain))],
        [words.say("policy"), this.#quorum(policy), " ", code(words.groups(print))],
        [words.say("pinned"), words.say(own ? "pinned_own" : "pinned_site", { time: words.moment(BigInt(since)) })],
      ]),
      this.#policy(text));
  }

  /** Takes the reader's own id and policy out of the form. */
  async bring() {
    const chain = at("own-chain").value.toLowerCase().replace(/[\s-]/g, "");
    // A text field writes every end of a line in one way; the last one may be missing after pasting.
    const policy = at("own-policy").value.replace(/\r\n?/g, "\n").replace(/\n*$/, "\n");
    let fault = /^[0-9a-f]{64}$/.test(chain) ? null : "own_bad_chain";
    try {
      await Policy.read(policy);
    } catch (error) {
      if (!(error instanceof NoteFault)) throw error;
      fault ??= "own_bad_policy";
    }
    if (fault === null) {
      this.trust.bring({ name: "", chain, policy }, now());
      await this.meetSite();
    }
    at("own-answer").replaceChildren(
      element("p", { class: fault === null ? "verdict" : "verdict bad" }, this.words.say(fault ?? "own_taken")));
  }

  /** Forgets everything; what the site names now is then met for the first time. */
  async forget() {
    this.trust.forget();
    this.memory.forget();
    await this.meetSite();
  }
}

/** Names, policies and checkpoints of the chains that this site serves; `null` where it does not answer. */
async function offered() {
  try {
    // A site that does not answer in time is none: the page works without it.
    const how = { credentials: "omit", signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch("/v1/chains", how);
    const { chains } = await answer.json();
    return await Promise.all(chains.map(async ({ id, name }) => {
      const [policy, checkpoint] = await Promise.all(["policy", "checkpoint"].map(async (file) => {
        const response = await fetch(`/log/${name}/${file}`, how);
        if (!response.ok) throw new Error("no answer");
        return response.text();
      }));
      await Policy.read(policy);
      return { name, chain: id, policy, checkpoint };
    }));
  } catch {
    return null;
  }
}
