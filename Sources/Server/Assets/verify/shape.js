/** Reads the members of a file's objects; one that is missing or of another kind makes the file malformed. */
import { fromBase64 } from "./bytes.js";
import { malformed } from "./refused.js";

/** The most hashes of a path. */
export const PATH = 63;

/** The bytes of a base64 value. */
export function bytesOf(value, name, length) {
  const bytes = typeof value === "string" ? fromBase64(value) : null;
  if (bytes === null) malformed(`${name} is no base64`);
  if (length !== undefined && bytes.length !== length) malformed(`${name} has not ${length} bytes`);
  return bytes;
}

/** One object of a file. */
export class Members {
  constructor(value, name) {
    if (!(value instanceof Map)) malformed(`${name} is no object`);
    this.value = value;
    this.name = name;
  }

  has(name) { return this.value.has(name); }

  get(name) {
    if (!this.value.has(name)) malformed(`${this.name} has no ${name}`);
    return this.value.get(name);
  }

  text(name) {
    const value = this.get(name);
    if (typeof value !== "string") malformed(`${name} is no text`);
    return value;
  }

  /** A whole number from 0 to 2^53 − 1: the reader of JSON takes no other. */
  number(name) {
    const value = this.get(name);
    if (typeof value !== "number") malformed(`${name} is no number`);
    return value;
  }

  bytes(name, length) { return bytesOf(this.get(name), name, length); }

  object(name) { return new Members(this.get(name), name); }

  list(name, read) {
    const value = this.get(name);
    if (!Array.isArray(value)) malformed(`${name} is no list`);
    return value.map((item) => read(item, name));
  }

  objects(name, read) { return this.list(name, (item) => read(new Members(item, name))); }

  /** Hashes of 32 bytes. */
  hashes(name, most = Infinity) {
    const hashes = this.list(name, (item) => bytesOf(item, name, 32));
    if (hashes.length > most) malformed(`${name} has more than ${most} hashes`);
    return hashes;
  }

  path() { return this.hashes("path", PATH); }
}
