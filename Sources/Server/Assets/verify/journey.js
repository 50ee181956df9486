/** The way of a lot, for people to read. */
import { toHex } from "./bytes.js";
import { code, element, facts, figures } from "./parts.js";
import { Event } from "./trace.js";
import { VOID } from "./way.js";

/** Steps that are shown; all are checked. */
const MOST_STEPS = 2_000;

/** Names of events in the catalogue, by kind. */
const EVENTS = new Map(Object.entries(Event).map(([name, kind]) => [
  kind, `way_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`]));
const UNITS = ["", "", "gram", "piece", "millilitre", "attendance"];
const REASONS = new Map([
  [Event.lost, ["", "expired", "damaged", "stolen", "disaster"]],
  [Event.died, ["", "expired", "damaged", "stolen", "disaster"]],
  [Event.spent, ["", "aid", "overhead"]],
]);

const MICRO_PER_FEN = 10_000n;

/** How much of something; money in yuan. */
function quantity(value, unit, words) {
  if (unit === 1) return words.yuan(value * MICRO_PER_FEN);
  return words.say(`way_${UNITS[unit]}`, { n: words.number(value) });
}

/** What the file of a way proves. */
export function journey(result, words, place) {
  const { lot, gift, reversal, seal } = result;
  const organisation = words.number(lot.holder);
  return [
    element("p", { class: "lead" }, words.say("way_lead", { time: words.moment(seal.time) })),
    figures([
      [words.say("way_came"), quantity(lot.received, lot.unit, words)],
      [words.say("way_left"), quantity(lot.left, lot.unit, words)],
      [words.say("way_handed"), quantity(lot.handed, lot.unit, words)],
      // What a reversal took back stands where losses do in the record, and nothing was lost.
      [words.say(lot.state === VOID ? "way_taken_back" : "way_gone"), quantity(lot.lost, lot.unit, words)],
    ]),
    facts([
      [words.say("way_now"), words.say(`way_state_${lot.state}`, { n: organisation })],
      [words.say("way_lot"), words.number(result.ordinal)],
      [words.say("way_project"), words.number(lot.project)],
      lot.place > 0 ? [words.say("way_place"), `${lot.place}`] : [""],
      gift === null ? [""] : [words.say("way_gift"), words.say("way_gift_text", {
        n: words.number(gift.ordinal), hearts: words.number(gift.hearts) })],
      reversal === null ? [""] : [words.say("way_reversal"), words.moment(reversal.time), " ",
        code(toHex(reversal.reason))],
      ...place(seal, words),
    ]),
    table(result.events, words),
    element("p", { class: "hint" }, words.say("way_note")),
  ];
}

function table(events, words) {
  const titles = ["way_what", "line_time", "way_who", "way_how_much", "way_place"].map((key) => words.say(key));
  const numbers = { class: "number" };
  const head = element("tr", { role: "row" }, ...titles.map((title, at) => element(
    "th", { role: "columnheader", scope: "col", ...(at === 3 ? numbers : {}) }, title)));
  const shown = events.slice(-MOST_STEPS).map((each) => line(each, titles, words));
  return element("div", {},
    element("h3", {}, words.say("way_steps")),
    element("p", { class: "hint" }, words.say("way_steps_text", { n: words.number(events.length) })),
    element("table", { class: "stack", role: "table" },
      element("thead", { role: "rowgroup" }, head), element("tbody", { role: "rowgroup" }, ...shown)));
}

function line({ name, time, event }, titles, words) {
  const organisation = words.number(name >> 48n);
  const amount = event.quantity === 0n ? "" : quantity(event.quantity, event.unit, words);
  const said = words.say("way_told", { n: words.number(name & (2n ** 48n - 1n)), time: words.short(time) });
  return element("tr", { role: "row" },
    element("th", { role: "rowheader", scope: "row" }, what(event, words), element("small", {}, said)),
    element("td", { role: "cell", "data-label": titles[1] },
      element("time", { datetime: words.iso(event.time) }, words.short(event.time))),
    element("td", { role: "cell", "data-label": titles[2] }, words.say("way_organisation", { n: organisation })),
    element("td", { role: "cell", "data-label": titles[3], class: "number" }, amount),
    element("td", { role: "cell", "data-label": titles[4] }, event.place > 0 ? `${event.place}` : ""));
}

/** What happened, to whom and why. */
function what(event, words) {
  const values = { n: words.number(event.other), lots: words.number(event.inputs) };
  const reason = REASONS.get(event.kind)?.[event.reason];
  const text = words.say(EVENTS.get(event.kind), values);
  return reason ? words.say("way_because", { what: text, why: words.say(`way_${reason}`) }) : text;
}
