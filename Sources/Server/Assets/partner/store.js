/** What a shop keeps in its browser: pinned keys, the newest status lists, and its open questions. */
import { WINDOW } from "./check.js";
import { issuerOf } from "./token.js";

const PLACE = "tongzhou.partner";
const MOST_QUESTIONS = 500;

export class Store {
  /** @param {Storage | null} storage `null` where the browser keeps nothing */
  constructor(storage) {
    this.storage = storage;
    /** @type {{keys: string | null, lists: Record<string, string>, questions: object[]}} */
    this.kept = { keys: null, lists: {}, questions: [] };
    this.read();
  }

  /** Takes over what another window has written since. */
  read() {
    let kept = null;
    try {
      kept = JSON.parse(this.storage?.getItem(PLACE) ?? "null");
    } catch {
      // Damaged or forbidden: what is known here stays.
    }
    if (kept !== null && typeof kept === "object") this.kept = { ...this.kept, ...kept };
  }

  write() {
    try {
      this.storage?.setItem(PLACE, JSON.stringify(this.kept));
    } catch {
      // Full or forbidden: it is known until the page is closed, and what was written before counts no longer.
      this.storage = null;
    }
  }

  /** The pinned issuer; `null` before there is one. */
  get issuer() {
    try {
      return this.kept.keys === null ? null : issuerOf(this.kept.keys);
    } catch {
      return null;
    }
  }

  pin(json) {
    this.read();
    this.kept.keys = json;
    this.kept.lists = {};
    this.write();
  }

  /** Texts of the status lists at hand. */
  get lists() { return Object.values(this.kept.lists).filter((text) => typeof text === "string"); }

  keepList(uri, text) {
    this.read();
    this.kept.lists[uri] = text;
    this.write();
  }

  ask(question) {
    this.read();
    const open = this.kept.questions.filter((known) => known.time > question.time - 2 * WINDOW);
    this.kept.questions = [question, ...open].slice(0, MOST_QUESTIONS);
    this.write();
  }

  /** The question that a nonce belongs to; `null` for none that is open. */
  question(nonce, time) {
    this.read();
    return this.kept.questions.find((known) => known.nonce === nonce && known.time > time - WINDOW
      && known.time <= time) ?? null;
  }

  /** Marks a question as answered; `false` where that was done before, maybe in another window, or it is unknown. */
  take(nonce) {
    this.read();
    const question = this.kept.questions.find((known) => known.nonce === nonce);
    if (question === undefined || question.isAnswered) return false;
    question.isAnswered = true;
    this.write();
    return true;
  }
}
