/**
 * Signed tokens (JWT) as the program reads them: one spelling of base64url, no member twice, Ed25519 and nothing else,
 * no extensions, and a key that was pinned by its name.
 */
import { fromBase64, fromUTF8, utf8 } from "../verify/bytes.js";
import { verifyEd25519 } from "../verify/ed25519.js";
import { parseJSON } from "../verify/json.js";
import { Refused } from "../verify/refused.js";

const ALGORITHMS = ["EdDSA", "Ed25519"];

/** Throws a refusal with one of the `credential.*` codes of docs/errors.md. */
export function refuse(code, message) {
  throw new Refused(`credential.${code}`, message);
}

/** The bytes of base64url without padding, in its one spelling; `null` for any other text. */
export function fromBase64URL(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(padded + "=".repeat((4 - (padded.length % 4)) % 4));
}

/** Base64url without padding. */
export function toBase64URL(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A JSON object of base64url; a list where that is asked for. */
export function decoded(text, isWanted = (value) => value instanceof Map) {
  const bytes = fromBase64URL(text);
  const json = bytes === null ? null : fromUTF8(bytes);
  if (json === null) refuse("malformed", "no base64url of a text");
  let value;
  try {
    value = parseJSON(json);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse("malformed", error.message);
  }
  if (!isWanted(value)) refuse("malformed", "JSON of another kind");
  return value;
}

/** A whole number of a claim; `undefined` where there is none and it may be missing. */
export function seconds(claims, name, mayBeMissing = false) {
  const value = claims.get(name);
  if (value === undefined && mayBeMissing) return undefined;
  if (!Number.isSafeInteger(value)) refuse("malformed", `${name} is no time`);
  return value;
}

export class Token {
  /** @param {string} text three parts with dots between */
  constructor(text) {
    const parts = text.split(".");
    if (parts.length !== 3) refuse("malformed", "not three parts");
    this.header = decoded(parts[0]);
    this.claims = decoded(parts[1]);
    this.signature = fromBase64URL(parts[2]);
    if (this.signature === null) refuse("malformed", "no base64url of a signature");
    this.signed = utf8(`${parts[0]}.${parts[1]}`);
  }

  /** Refuses another type, another algorithm, and extensions. */
  require(type) {
    if (this.header.get("typ") !== type) refuse("wrong_type", `not of the type ${type}`);
    if (!ALGORITHMS.includes(this.header.get("alg"))) refuse("wrong_algorithm", "only Ed25519 signs here");
    if (this.header.has("crit") || this.header.has("b64")) refuse("critical_header", "an extension");
  }

  /** The claims, once a key has been found to have signed them. */
  async verified(key) {
    if (!(await verifyEd25519(this.signature, this.signed, key))) {
      refuse("bad_signature", "another key signed it, or it was altered");
    }
    return this.claims;
  }

  /** The claims, once a pinned key of an issuer has been found to have signed them. */
  async verifiedBy(issuer) {
    const key = issuer.keys.get(this.header.get("kid"));
    if (key === undefined) refuse("unknown_key", "signed with a key that is not pinned");
    return this.verified(key);
  }
}

/** The 32 bytes of an Ed25519 key as a JSON Web Key; `null` for another kind of key. */
export function keyOf(jwk) {
  if (!(jwk instanceof Map) || jwk.get("kty") !== "OKP" || jwk.get("crv") !== "Ed25519") return null;
  const bytes = typeof jwk.get("x") === "string" ? fromBase64URL(jwk.get("x")) : null;
  return bytes?.length === 32 ? bytes : null;
}

/** An issuer with its keys by name, out of the file that people pin. */
export function issuerOf(json) {
  let value;
  try {
    value = parseJSON(json);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refuse("malformed", error.message);
  }
  const list = value instanceof Map ? value.get("keys") ?? value.get("jwks")?.get?.("keys") : null;
  if (!Array.isArray(list) || typeof value.get("issuer") !== "string") refuse("malformed", "no issuer's keys");
  const keys = new Map();
  for (const jwk of list) {
    const key = keyOf(jwk);
    if (key !== null && typeof jwk.get("kid") === "string") keys.set(jwk.get("kid"), key);
  }
  if (keys.size === 0) refuse("malformed", "no Ed25519 key with a name");
  return { issuer: value.get("issuer"), keys };
}
