/** The page that checks a file: reads it, shows each step as it goes, and what the file proves. */
import { fromHex } from "./bytes.js";
import { MOST_BYTES } from "./file.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { at, code, element, evidence, wordsOfPage } from "./parts.js";
import { summary } from "./summary.js";
import { Trust } from "./trust.js";
import { open, Policy, Refused, verify } from "./verify.js";

const words = wordsOfPage();

/** Where things are kept; `null` where the browser keeps nothing. */
function storage() {
  try {
    return window.localStorage ?? null;
  } catch {
    return null;
  }
}

const trust = new Trust(storage());
const memory = new Memory(storage());
const panel = new Panel(words, trust, memory);

/** A mark and words for each step. */
function watcher() {
  const items = new Map();
  return (name, state) => {
    if (!items.has(name)) {
      items.set(name, element("li", {}));
      at("steps").append(items.get(name));
    }
    const item = items.get(name);
    item.className = { begun: "ahead", passed: "", refused: "wrong" }[state];
    const mark = { begun: "…", passed: "✓", refused: "✗" }[state];
    const text = { begun: "step_begun", passed: `step_${name}_text`, refused: "step_refused" }[state];
    item.replaceChildren(
      element("strong", {}, `${mark} ${words.say(`step_${name}`)}`),
      element("p", {}, element("span", {}, words.say(text))));
  };
}

/** The bytes of a file or an answer, up to the most that any file has. */
async function bytesOf(source) {
  const parts = [];
  let length = 0;
  const reader = source.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    parts.push(value);
    if (length > MOST_BYTES) break;
  }
  await reader.cancel();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** What an address of this site asks for, so that a valid proof of something else is not taken for it. */
function askedBy(path) {
  const proof = /^\/v1\/proofs\/([a-z_]+)\/([0-9]+)$/.exec(path);
  if (proof) return { table: proof[1], ordinal: Number(proof[2]) };
  const receipt = /^\/v1\/receipts\/([0-9a-f]{64})$/.exec(path);
  if (receipt) return { transaction: receipt[1] };
  const statement = /^\/v1\/members\/([0-9]+)\/statement$/.exec(path);
  if (statement) return { membership: Number(statement[1]) };
  const way = /^\/v1\/ways\/([0-9]+)$/.exec(path);
  if (way) return { lot: Number(way[1]) };
  const gift = /^\/v1\/gifts\/([0-9]+)\/way$/.exec(path);
  if (gift) return { gift: Number(gift[1]) };
  const absence = /^\/v1\/absence\/([a-z_]+)\/([0-9a-f]{64})$/.exec(path);
  return absence ? { table: absence[1], absentKey: fromHex(absence[2]) } : {};
}

function answers(result, { transaction, membership, lot, gift }) {
  return (transaction === undefined || result.transaction?.hash === transaction)
    && (lot === undefined || (result.kind === "way" && result.ordinal === lot))
    && (gift === undefined || (result.kind === "way" && result.gift?.ordinal === gift))
    && (membership === undefined || (result.kind === "statement" && result.ordinal === membership));
}

/** Checks with the policies that are pinned for the file's chain, the newest first. */
async function verified(bytes, asked, watch) {
  watch("file", "begun");
  let opened;
  try {
    opened = await open(bytes);
  } catch (error) {
    watch("file", "refused");
    throw error;
  }
  const pin = trust.find(opened.chain) ?? trust.pins[0];
  for (const [place, policy] of pin.policies.entries()) {
    try {
      return await verify(opened, { ...asked, chain: pin.chain, policy, watch });
    } catch (error) {
      if (error.code !== "proof.no_quorum" || place === pin.policies.length - 1) throw error;
    }
  }
  throw new Error("a pin has a policy");
}

async function check(read, asked = {}) {
  at("outcome").hidden = false;
  for (const id of ["steps", "verdict", "summary"]) at(id).replaceChildren();
  const begun = performance.now();
  try {
    const bytes = await read();
    if (trust.pins.length === 0) return say("nothing_pinned", {}, false);
    const watch = watcher();
    const result = await verified(bytes, asked, watch);
    if (!answers(result, asked)) throw new Refused("proof.not_included", "the proof is of something else");
    const age = result.seal ? memory.meet(result.chain, result.seal.checkpoint) : null;
    const isChecked = result.kind !== "attestation";
    say(isChecked ? "holds" : "read_only", { ms: words.number(Math.ceil(performance.now() - begun)) }, isChecked);
    at("summary").replaceChildren(summary(result, words));
    if (age === "older") at("verdict").append(element("p", { class: "hint" }, words.say("older")));
  } catch (error) {
    if (error instanceof Refused) refuse(error);
    else if (error instanceof Unreachable) say("unreachable", {}, false);
    else throw error;
  }
  at("verdict").focus();
  return undefined;
}

/** How long an address may take to answer in full, in milliseconds. */
const PATIENCE = 60_000;

/** An address of this site that did not answer. */
class Unreachable extends Error {}

function say(key, values, isGood) {
  at("verdict").replaceChildren(element("p", { class: isGood ? "verdict" : "note" },
    element("strong", {}, words.say(key, values))));
}

function refuse(error) {
  const key = error.code.replace("proof.", "code_");
  at("verdict").replaceChildren(element("div", { class: "verdict bad" },
    element("p", {}, element("strong", {}, words.say(key))),
    element("p", {}, words.say(`${key}_text`)), evidence(error, words)));
}

/** An address of this very site, as the page's own address names it; `null` for any other. */
function ownAddress(text) {
  if (!text.startsWith("/") || /^\/[/\\]/.test(text)) return null;
  const url = new URL(text, location.origin);
  return url.origin === location.origin ? url : null;
}

async function checkAddress(text) {
  const url = ownAddress(text);
  at("outcome").hidden = false;
  if (url === null) return say("foreign", {}, false);
  at("from").replaceChildren(element("p", {}, words.say("from"), " ", code(url.pathname + url.search)));
  return check(async () => {
    try {
      const answer = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) return await bytesOf(answer.body);
    } catch {
      // No network, or an answer that does not end: both are said below.
    }
    throw new Unreachable();
  }, askedBy(url.pathname));
}

function checkFile(file) {
  at("from").replaceChildren(element("p", {}, words.say("chosen"), " ", code(file.name)));
  return check(() => bytesOf(file.stream()));
}

function listen() {
  // Else a browser says nothing when the same file is chosen again.
  at("file").addEventListener("click", () => { at("file").value = ""; });
  at("file").addEventListener("change", () => {
    if (at("file").files.length > 0) checkFile(at("file").files[0]);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file === undefined) return;
    if (at("own").contains(event.target)) at("own-policy").value = await file.text();
    else checkFile(file);
  });
  at("own").addEventListener("submit", (event) => {
    event.preventDefault();
    panel.bring();
  });
  at("forget").addEventListener("click", () => panel.forget());
}

async function start() {
  if (globalThis.crypto?.subtle === undefined || typeof DecompressionStream === "undefined") {
    at("starting").textContent = words.say("too_old");
    return;
  }
  listen();
  at("tool").hidden = false;
  at("starting").hidden = true;
  await trust.clean((policy) => Policy.read(policy).then(() => true, () => false));
  await panel.meetSite();
  const address = new URLSearchParams(location.search).get("file");
  if (address !== null && address !== "") await checkAddress(address);
  document.documentElement.dataset.ready = "true";
  // Without a worker the page works as long as there is a network.
  await navigator.serviceWorker?.register("/verify/worker.js", { scope: "/verify" }).catch(() => {});
}

await start();
