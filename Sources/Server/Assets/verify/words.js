/** Texts, amounts and moments as the other pages write them. */

const CHINA = 8n * 3600n;

function grouped(digits) {
  return digits.replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
}

export class Words {
  /** @param {Map<string, string>} texts by key; `{name}` stands for a value */
  constructor(texts) {
    this.texts = texts;
  }

  has(key) { return this.texts.has(key); }

  /** A text with its values filled in, in one pass. */
  say(key, values = {}) {
    const text = this.texts.get(key) ?? `⟦${key}⟧`;
    return text.replace(/\{([a-z_]+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
  }

  /** Digits in groups of three. */
  number(value) { return grouped(`${value}`); }

  /** Yuan without a unit: two decimals where it is whole fen, else all six. */
  amount(micro) {
    const size = micro < 0n ? -micro : micro;
    const decimals = (size % 1_000_000n).toString().padStart(6, "0");
    const shown = size % 10_000n === 0n ? decimals.slice(0, 2) : decimals;
    return `${micro < 0n ? "-" : ""}${grouped((size / 1_000_000n).toString())}.${shown}`;
  }

  /** With a plus or minus in front. */
  signed(micro) { return micro > 0n ? `+${this.amount(micro)}` : this.amount(micro); }

  yuan(micro) { return this.say("yuan", { amount: this.amount(micro) }); }

  /** Parts of a moment in China time, in seconds since 1970. */
  #parts(seconds) {
    const date = new Date(Number((seconds + CHINA) * 1000n));
    const two = (value) => `${value}`.padStart(2, "0");
    return {
      year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(),
      clock: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`, second: two(date.getUTCSeconds()), two,
    };
  }

  /** A moment in a sentence. */
  moment(seconds) {
    const { year, month, day, clock } = this.#parts(seconds);
    return this.say("moment", { year, month: this.say(`month_${month}`), day, clock });
  }

  /** A moment for a table. */
  short(seconds) {
    const { year, month, day, clock, two } = this.#parts(seconds);
    return `${year}-${two(month)}-${two(day)} ${clock}`;
  }

  /** A moment for machines. */
  iso(seconds) {
    const { second } = this.#parts(seconds);
    return `${this.short(seconds).replace(" ", "T")}:${second}+08:00`;
  }

  /** A long code in groups of four, to be compared by eye. */
  groups(code) { return code.replace(/(.{4})(?=.)/g, "$1 "); }
}
