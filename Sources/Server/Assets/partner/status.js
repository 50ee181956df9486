/** Status lists (draft-ietf-oauth-status-list-21): which credentials hold. */
import { fromBase64URL, refuse, seconds, Token } from "./token.js";

/** Bytes of the longest list. */
const MOST = 1 << 20;
/** Whatever its issuer allows, a list is good for a day. */
const LIFE = 86_400;
export const SKEW = 60;

/** Stops where the list would be too long, however short its text is. */
async function inflated(compressed) {
  const reader = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MOST) break;
      parts.push(value);
    }
  } catch {
    refuse("malformed", "a list that does not inflate");
  }
  if (length > MOST) {
    reader.cancel().catch(() => {});
    refuse("malformed", "a list that is too long");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Reads and checks a list: its address, its bits, and until when it is good. */
export async function readList(text, issuer, time) {
  const token = new Token(text);
  token.require("statuslist+jwt");
  const claims = await token.verifiedBy(issuer);
  const issued = seconds(claims, "iat");
  if (issued > time + SKEW) refuse("not_yet_valid", "a status list of the future");
  const expires = Math.min(seconds(claims, "exp", true) ?? Infinity, issued + LIFE);
  if (expires <= time) refuse("status_stale", "the status list is too old");
  const list = claims.get("status_list");
  const [bits, lst] = list instanceof Map ? [list.get("bits"), list.get("lst")] : [];
  const compressed = typeof lst === "string" ? fromBase64URL(lst) : null;
  if ((bits !== 1 && bits !== 2) || compressed === null || typeof claims.get("sub") !== "string") {
    refuse("malformed", "no status list");
  }
  return { uri: claims.get("sub"), issued, expires, bits, bytes: await inflated(compressed) };
}

/** Refuses what does not stand as valid in one of the lists. */
export function requireValid(reference, lists, time) {
  const { idx, uri } = reference;
  const list = lists.filter((known) => known.uri === uri).sort((a, b) => b.issued - a.issued)[0];
  if (list === undefined) refuse("status_unknown", "the status list it names is not at hand");
  if (list.expires <= time) refuse("status_stale", "the status list is too old");
  if (!Number.isSafeInteger(idx) || idx < 0 || idx >= (list.bytes.length * 8) / list.bits) {
    refuse("status_unknown", "the status list has no such entry");
  }
  const place = idx * list.bits;
  const state = (list.bytes[Math.floor(place / 8)] >> (place % 8)) & ((1 << list.bits) - 1);
  if (state === 1) refuse("revoked", "it was taken back");
  if (state === 2) refuse("suspended", "it does not hold at present");
  if (state !== 0) refuse("status_unknown", "a state that nobody here knows");
}
