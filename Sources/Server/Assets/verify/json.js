/**
 * Reads JSON in the form that proof files have: no name twice in an object, no null, and all numbers whole, in digits
 * and not above 2^53 − 1. The browser's own reader keeps the last of two members of one name and rounds large numbers,
 * so two readers could see two different files in the same bytes.
 */
import { malformed } from "./refused.js";

/** Objects and lists within each other; no file of ours needs half of it. */
const DEPTH = 16;

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /0|[1-9][0-9]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const MEANING = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) malformed(`no JSON at character ${this.at}`);
    this.at = pattern.lastIndex;
    return found[0];
  }

  /** The next character that is no space. */
  peek() {
    this.match(SPACE);
    return this.text[this.at];
  }

  expect(character) {
    if (this.peek() !== character) malformed(`no JSON at character ${this.at}`);
    this.at += 1;
  }

  word(word, value) {
    if (!this.text.startsWith(word, this.at)) malformed(`no JSON at character ${this.at}`);
    this.at += word.length;
    return value;
  }

  string() {
    this.expect('"');
    let value = this.match(PLAIN);
    let isEscaped = false;
    while (this.text[this.at] === "\\") {
      const escape = this.match(ESCAPE);
      isEscaped = true;
      if (escape[1] === "u") value += String.fromCharCode(parseInt(escape.slice(2), 16));
      else value += MEANING[escape[1]] ?? escape[1];
      value += this.match(PLAIN);
    }
    if (this.text[this.at] !== '"') malformed("a text does not end");
    this.at += 1;
    if (isEscaped && /\p{Surrogate}/u.test(value)) malformed("half a character");
    return value;
  }

  value(depth) {
    const first = this.peek();
    if (depth >= DEPTH && (first === "{" || first === "[")) malformed("too deep");
    switch (first) {
      case "{": return this.object(depth);
      case "[": return this.list(depth);
      case '"': return this.string();
      case "t": return this.word("true", true);
      case "f": return this.word("false", false);
      default: return this.number();
    }
  }

  number() {
    const number = Number(this.match(NUMBER));
    if (!Number.isSafeInteger(number)) malformed("a number is too large");
    return number;
  }

  object(depth) {
    const members = new Map();
    this.expect("{");
    if (this.peek() === "}") this.at += 1;
    else {
      do {
        this.match(SPACE);
        const name = this.string();
        if (members.has(name)) malformed("two members of one name");
        this.expect(":");
        members.set(name, this.value(depth + 1));
      } while (this.goesOn("}"));
    }
    return members;
  }

  list(depth) {
    const items = [];
    this.expect("[");
    if (this.peek() === "]") this.at += 1;
    else do items.push(this.value(depth + 1)); while (this.goesOn("]"));
    return items;
  }

  goesOn(end) {
    const character = this.peek();
    if (character !== "," && character !== end) malformed(`no JSON at character ${this.at}`);
    this.at += 1;
    return character === ",";
  }
}

/** The value of a JSON text; objects are `Map`. Throws `proof.malformed` for any other text. */
export function parseJSON(text) {
  const parser = new Parser(text);
  const value = parser.value(0);
  if (parser.peek() !== undefined) malformed("something follows the JSON");
  return value;
}
