/**
 * Reads protobuf messages as the format defines them: fields in any order, the last of a single one counts, parts of a
 * message are merged, what is not known is passed over. Throws `BadMessage` for bytes that are no message.
 */
import { concat, fromUTF8 } from "./bytes.js";

export class BadMessage extends Error {}

const VARINT = 0;
const LENGTH = 2;
const MOST_GROUPS = 100;

class Wire {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get isDone() { return this.at === this.bytes.length; }

  varint() {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.isDone) throw new BadMessage("a number does not end");
      const byte = this.bytes[this.at];
      this.at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new BadMessage("a number is too long");
  }

  take(length) {
    if (length > BigInt(this.bytes.length - this.at)) throw new BadMessage("a field does not end");
    this.at += Number(length);
    return this.bytes.subarray(this.at - Number(length), this.at);
  }

  tag() {
    const tag = this.varint();
    const [field, type] = [Number(tag >> 3n), Number(tag & 7n)];
    if (tag >= 2n ** 32n - 1n || field === 0 || type > 5) throw new BadMessage("no field");
    return [field, type];
  }

  /** A field's value; `undefined` for kinds that no message of ours has. */
  value(field, type, depth) {
    switch (type) {
      case VARINT: return this.varint();
      case 1: this.take(8n); return undefined;
      case LENGTH: return this.take(this.varint());
      case 5: this.take(4n); return undefined;
      case 3: this.group(field, depth + 1); return undefined;
      default: throw new BadMessage("a group ends that did not begin");
    }
  }

  group(opened, depth) {
    if (depth > MOST_GROUPS) throw new BadMessage("too deep");
    for (;;) {
      const [field, type] = this.tag();
      if (type === 4) {
        if (field !== opened) throw new BadMessage("another group ends");
        return;
      }
      this.value(field, type, depth);
    }
  }
}

/** A message's fields. Those that are not there are empty, zero or `null`. */
export class Message {
  constructor(bytes) {
    /** @type {Map<number, {type: number, value: any}[]>} */
    this.fields = new Map();
    const wire = new Wire(bytes);
    while (!wire.isDone) {
      const [field, type] = wire.tag();
      const value = wire.value(field, type, 0);
      if (value === undefined) continue;
      if (!this.fields.has(field)) this.fields.set(field, []);
      this.fields.get(field).push({ type, value });
    }
  }

  #all(field, type) {
    return (this.fields.get(field) ?? []).filter((item) => item.type === type).map((item) => item.value);
  }

  bytes(field) { return this.#all(field, LENGTH).at(-1) ?? new Uint8Array(0); }
  uint64(field) { return this.#all(field, VARINT).at(-1) ?? 0n; }
  uint32(field) { return Number(BigInt.asUintN(32, this.uint64(field))); }

  text(field) {
    const texts = this.#all(field, LENGTH).map(fromUTF8);
    if (texts.includes(null)) throw new BadMessage("a text is not in UTF-8");
    return texts.at(-1) ?? "";
  }

  /** A single message: its parts are one message when put together. */
  message(field) {
    const parts = this.#all(field, LENGTH);
    // Each part has to read by itself.
    for (const part of parts) new Message(part);
    return parts.length === 0 ? null : new Message(concat(...parts));
  }

  messages(field) { return this.#all(field, LENGTH).map((bytes) => new Message(bytes)); }
}
