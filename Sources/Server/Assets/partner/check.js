/**
 * What a giver shows: a credential, one disclosure, and her key's signature that she shows it now, here, to this shop.
 * The checks and their order are those of the program (docs/green-channel.md).
 */
import { toHex, utf8 } from "../verify/bytes.js";
import { decoded, keyOf, refuse, seconds, toBase64URL, Token } from "./token.js";
import { requireValid, SKEW } from "./status.js";

export const KIND = "urn:tongzhou:love-index:1";
const LIFE = 86_400;
/** How old her signature may be, in seconds. */
export const WINDOW = 300;
const MOST_BYTES = 8192;
const MOST_DIGESTS = 16;

async function digest(text) {
  return toBase64URL(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
}

/** Takes a text apart; nothing of it is believed yet. */
export function taken(text) {
  if (text.length > MOST_BYTES) refuse("malformed", "too long");
  const parts = text.split("~");
  if (parts.length < 2) refuse("malformed", "not a presentation");
  if (parts.at(-1) === "") refuse("no_key_binding", "no holder signed that she shows it");
  if (parts.length !== 3) refuse("disclosure_count", `it discloses ${parts.length - 2} things instead of one`);
  const token = new Token(parts[0]);
  const disclosure = decoded(parts[1], Array.isArray);
  const [salt, claim, value] = disclosure;
  if (disclosure.length !== 3 || typeof salt !== "string" || salt.length < 22 || typeof claim !== "string"
    || typeof value !== "boolean") refuse("malformed", "a disclosure of another form");
  const binding = new Token(parts[2]);
  return { token, disclosure: { text: parts[1], claim, value }, binding, shown: `${parts[0]}~${parts[1]}~` };
}

function requireIssued(claims, issuer, time) {
  if (claims.get("iss") !== issuer.issuer) refuse("wrong_issuer", "the key is another issuer's");
  if (claims.get("vct") !== KIND) refuse("wrong_kind", "another kind of credential");
  const digests = claims.get("_sd");
  if (claims.get("_sd_alg") !== "sha-256" || !Array.isArray(digests) || digests.length === 0
    || digests.length > MOST_DIGESTS || new Set(digests).size !== digests.length) {
    refuse("malformed", "digests by another hash, none, too many, or one twice");
  }
  const [iat, exp, nbf] = [seconds(claims, "iat"), seconds(claims, "exp"), seconds(claims, "nbf", true)];
  if (iat > time + SKEW || (nbf ?? iat) > time + SKEW) refuse("not_yet_valid", "it begins in the future");
  if (exp <= time) refuse("expired", "its time is over");
  if (exp <= iat || exp - iat > LIFE) refuse("malformed", "valid for longer than such a credential may");
  return digests;
}

async function requireBinding(parts, holder, { audience, nonce }, time) {
  parts.binding.require("kb+jwt");
  const claims = await parts.binding.verified(holder);
  if (claims.get("aud") !== audience) refuse("wrong_audience", "it was made for another partner");
  if (claims.get("nonce") !== nonce) refuse("wrong_nonce", "it answers another question");
  if (claims.get("sd_hash") !== await digest(parts.shown)) refuse("other_content", "she signed another presentation");
  const iat = seconds(claims, "iat");
  if (iat > time + SKEW) refuse("not_yet_valid", "it is signed in the future");
  if (iat < time - WINDOW) refuse("expired", "it was signed too long ago");
}

/**
 * Whether the threshold is reached. Throws a refusal for what does not hold.
 *
 * @param {object} parts of `taken`
 * @param {{audience: string, threshold: number, nonce: string}} question
 * @param {{issuer: string, keys: Map<string, Uint8Array>}} issuer as it was pinned
 * @param {object[]} lists status lists at hand
 * @param {number} time seconds since 1970
 */
export async function check(parts, question, issuer, lists, time) {
  parts.token.require("dc+sd-jwt");
  const claims = await parts.token.verifiedBy(issuer);
  const digests = requireIssued(claims, issuer, time);
  const cnf = claims.get("cnf");
  const holder = cnf instanceof Map ? keyOf(cnf.get("jwk")) : null;
  if (holder === null) refuse("malformed", "no holder's key");
  await requireBinding(parts, holder, question, time);
  if (!digests.includes(await digest(parts.disclosure.text))) {
    refuse("foreign_disclosure", "it discloses something of another credential");
  }
  if (parts.disclosure.claim !== `love_index_gte_${question.threshold}`) {
    refuse("other_threshold", "it says nothing of this threshold");
  }
  const status = claims.get("status");
  const reference = status instanceof Map ? status.get("status_list") : null;
  if (!(reference instanceof Map)) refuse("malformed", "no status");
  requireValid({ idx: reference.get("idx"), uri: reference.get("uri") }, lists, time);
  return parts.disclosure.value;
}

/** Sixteen bytes that nobody can guess. */
export function newNonce() {
  return toBase64URL(crypto.getRandomValues(new Uint8Array(16)));
}

/** A short name of a key, to be compared by eye. */
export function nameOf(key) { return toHex(key.subarray(0, 8)); }
