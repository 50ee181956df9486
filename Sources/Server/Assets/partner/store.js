/**
 * What a shop keeps in its browser: pinned keys, the newest status lists, and its open questions.
 *
 * It stands in the browser's database, whose transactions come one after another whatever window they are of. With
 * localStorage that is not so, even under a lock: a window may read what another one has replaced a moment ago.
 */
import { WINDOW } from "./check.js";
import { issuerOf } from "./token.js";

const NAME = "tongzhou.partner";
const PLACE = "kept";
const MOST_QUESTIONS = 500;

function settled(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

function database() {
  const request = globalThis.indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(PLACE));
  return settled(request);
}

function issuerIn(kept) {
  try {
    return kept.keys === null ? null : issuerOf(kept.keys);
  } catch {
    return null;
  }
}

function exchange(kept, json) {
  kept.keys = json;
  kept.lists = {};
}

export class Store {
  /** @param {IDBDatabase | null} kept `null` where the browser keeps nothing */
  constructor(kept) {
    this.database = kept;
    /** @type {{keys: string | null, lists: Record<string, string>, questions: object[]}} */
    this.kept = { keys: null, lists: {}, questions: [] };
  }

  static async open() {
    const store = new Store(await database().catch(() => null));
    await store.read();
    return store;
  }

  /** Takes over what another window has written since. */
  async read() {
    this.kept = (await this.inDatabase("readonly", (place) => settled(place.get(PLACE)))) ?? this.kept;
  }

  /**
   * Changes what is kept, and no window changes it between what `work` sees and what it leaves.
   *
   * @template T
   * @param {(kept: Store["kept"]) => T} work waits for nothing
   * @returns {Promise<T>} what `work` returned
   */
  async change(work) {
    const done = await this.inDatabase("readwrite", (place) => settled(place.get(PLACE)).then((found) => {
      const kept = found ?? structuredClone(this.kept);
      const said = work(kept);
      place.put(kept, PLACE);
      return { kept, said };
    }));
    if (done === null) return work(this.kept);
    this.kept = done.kept;
    return done.said;
  }

  /** What `steps` comes to, once it is written; `null` where nothing is kept. */
  async inDatabase(mode, steps) {
    if (this.database === null) return null;
    try {
      const transaction = this.database.transaction(PLACE, mode);
      const isWritten = new Promise((resolve, reject) => {
        transaction.addEventListener("complete", resolve);
        transaction.addEventListener("abort", () => reject(transaction.error));
      });
      const [said] = await Promise.all([steps(transaction.objectStore(PLACE)), isWritten]);
      return said;
    } catch {
      // Full, or taken away: it is known until the page is closed, and what was written before counts no longer.
      this.database = null;
      return null;
    }
  }

  /** The pinned issuer; `null` before there is one. */
  get issuer() { return issuerIn(this.kept); }

  /** Pins an issuer's keys where there are none yet: those that another window pinned stay, with its lists. */
  pinFirst(json) {
    return this.change((kept) => {
      if (issuerIn(kept) === null) exchange(kept, json);
    });
  }

  /** Pins keys in place of those that are pinned. */
  pin(json) {
    return this.change((kept) => exchange(kept, json));
  }

  /** Texts of the status lists at hand. */
  get lists() { return Object.values(this.kept.lists).filter((text) => typeof text === "string"); }

  keepList(uri, text) {
    return this.change((kept) => {
      kept.lists[uri] = text;
    });
  }

  ask(question) {
    return this.change((kept) => {
      const open = kept.questions.filter((known) => known.time > question.time - 2 * WINDOW);
      kept.questions = [question, ...open].slice(0, MOST_QUESTIONS);
    });
  }

  /** The question that a nonce belongs to, by what was read last; `null` for none that is open. */
  question(nonce, time) {
    return this.kept.questions.find((known) => known.nonce === nonce && known.time > time - WINDOW
      && known.time <= time) ?? null;
  }

  /** Marks a question as answered; `false` where that was done before, maybe in another window, or it is unknown. */
  take(nonce) {
    return this.change((kept) => {
      const question = kept.questions.find((known) => known.nonce === nonce);
      if (question === undefined || question.isAnswered) return false;
      question.isAnswered = true;
      return true;
    });
  }
}
