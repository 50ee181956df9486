/** The shop's page: asks, and checks what a giver shows, also without a network. */
import { at, code, element, evidence, now, wordsOfPage } from "../verify/parts.js";
import { Refused } from "../verify/refused.js";
import { check, nameOf, newNonce, taken } from "./check.js";
import { readList } from "./status.js";
import { Store } from "./store.js";
import { issuerOf, refuse } from "./token.js";

const KEYS = "/v1/hearts/issuer-keys.json";
const PATIENCE = 10_000;
const words = wordsOfPage();

const store = await Store.open();
/** The keys that the site gives now, where they are others than those that are pinned. */
let offered = null;

async function fetched(path) {
  try {
    const answer = await fetch(path, { credentials: "omit", cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** Who is asked about: a shop's number and a threshold. */
function chosen() {
  const own = at("own-partner").value.trim();
  const [partner, threshold] = (own === "" ? at("channel").value : own).split(":");
  if (!/^[0-9]{1,10}$/.test(partner ?? "") || !/^[1-9][0-9]{0,3}$/.test(threshold ?? "")) return null;
  return { audience: `urn:tongzhou:partner:${at("tool").dataset.chain}:${partner}`, threshold: Number(threshold) };
}

/** The question as a QR code. The site draws it, so it is asked for only when somebody wants to see it. */
function picture(text) {
  const image = element("img", { alt: words.say("qr_alt"), width: "220", height: "220" });
  const figure = element("figure", { class: "qr" }, image, element("figcaption", {}, words.say("qr_text")));
  const drawn = element("details", {}, element("summary", {}, words.say("qr")), figure);
  image.addEventListener("error", () => {
    figure.replaceWith(element("p", { class: "note" }, words.say("qr_none")));
  });
  drawn.addEventListener("toggle", () => {
    if (drawn.open && !image.hasAttribute("src")) image.src = `/qr/questions/${text}`;
  });
  return drawn;
}

async function ask() {
  const asked = chosen();
  // Nobody answers the question before, while the new one is written down.
  at("question").replaceChildren();
  if (asked === null) return at("question").replaceChildren(element("p", { class: "note" }, words.say("no_channel")));
  const question = { ...asked, nonce: newNonce(), time: now(), isAnswered: false };
  await store.ask(question);
  const text = `${question.audience}:${question.threshold}:${question.nonce}`;
  const copy = element("button", { type: "button", class: "plain" }, words.say("copy"));
  copy.addEventListener("click", () => navigator.clipboard?.writeText(text).catch(() => {}));
  at("question").replaceChildren(
    element("p", {}, words.say("asked", { n: `${question.threshold}` })), element("p", {}, code(text)),
    picture(text), element("p", { class: "buttons" }, copy));
  return undefined;
}

/** The lists at hand that still hold; one that does not is as good as none. */
async function lists(issuer, time) {
  const known = [];
  for (const text of store.lists) {
    try {
      known.push(await readList(text, issuer, time));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return known;
}

/** Fetches the list that a credential names, where that is the issuer's own and there is a network. */
async function freshen(uri, issuer, time) {
  const number = typeof uri === "string" && uri.startsWith(`${issuer.issuer}/v1/hearts/status/`)
    ? /\/([1-9][0-9]?)$/.exec(uri)?.[1] : undefined;
  if (number === undefined) return;
  const text = await fetched(`/v1/hearts/status/${number}`);
  if (text === null) return;
  const list = await readList(text, issuer, time);
  await store.keepList(list.uri, text);
}

async function judged(text) {
  await store.read();
  const [issuer, time] = [store.issuer, now()];
  if (issuer === null) return { key: "no_keys", isGood: false };
  const parts = taken(text);
  const question = store.question(parts.binding.claims.get("nonce"), time);
  if (question === null) refuse("wrong_nonce", "it answers no question of the last five minutes");
  if (question.isAnswered) refuse("replayed", "the question was answered before");
  const reference = parts.token.claims.get("status")?.get?.("status_list");
  await freshen(reference?.get?.("uri"), issuer, time);
  const isReached = await check(parts, question, issuer, await lists(issuer, time), time);
  // Looked at once more: in the meantime another window may have had the same answer.
  const isFirst = await store.take(question.nonce);
  if (!isFirst) refuse("replayed", "the question was answered before");
  return { key: isReached ? "reached" : "not_reached", isGood: isReached, values: { n: `${question.threshold}` } };
}

async function answer() {
  const text = at("answer").value.trim();
  if (text === "") return;
  try {
    const { key, isGood, values } = await judged(text);
    at("verdict").replaceChildren(element("div", { class: isGood ? "verdict" : "verdict bad" },
      element("p", { class: "big" }, words.say(key, values)), element("p", {}, words.say(`${key}_text`, values))));
    at("answer").value = "";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const key = error.code.replace("credential.", "code_");
    at("verdict").replaceChildren(element("div", { class: "verdict bad" },
      element("p", { class: "big" }, words.say("refused")),
      element("p", {}, words.say(words.has(key) ? key : "code_other")), evidence(error, words)));
  }
  at("verdict").focus();
}

function showPin() {
  const issuer = store.issuer;
  const rows = issuer === null ? [element("p", { class: "note" }, words.say("no_keys"))] : [
    element("p", {}, words.say("pinned"), " ", code(issuer.issuer)),
    ...[...issuer.keys.values()].map((key) => element("p", {}, code(words.groups(nameOf(key)))))];
  if (offered !== null) {
    const take = element("button", { type: "button", class: "plain" }, words.say("take_keys"));
    take.addEventListener("click", async () => {
      await store.pin(offered);
      offered = null;
      showPin();
    });
    rows.push(element("div", { class: "verdict bad" }, element("p", {}, words.say("other_keys")), take));
  }
  at("pin").replaceChildren(...rows);
}

/** The first keys are pinned; others are shown, and taken only when somebody says so. */
async function meetSite() {
  const json = await fetched(KEYS);
  if (json !== null) {
    try {
      const names = (issuer) => [issuer.issuer, ...[...issuer.keys].map(([kid, key]) => kid + nameOf(key))].join();
      const given = issuerOf(json);
      await store.pinFirst(json);
      if (names(store.issuer) !== names(given)) offered = json;
      await freshen(`${given.issuer}/v1/hearts/status/1`, store.issuer, now());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  showPin();
}

async function start() {
  if (globalThis.crypto?.subtle === undefined || typeof DecompressionStream === "undefined") {
    at("starting").textContent = words.say("too_old");
    return;
  }
  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  at("show").addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  at("file").addEventListener("change", async () => {
    const file = at("file").files[0];
    if (file === undefined || file.size > 10_000) return;
    at("answer").value = await file.text();
    await answer();
  });
  at("tool").hidden = false;
  at("starting").hidden = true;
  await meetSite();
  document.documentElement.dataset.ready = "true";
  await navigator.serviceWorker?.register("/partner/worker.js", { scope: "/hearts/partner" }).catch(() => {});
}

await start();
