/** What a file proves, for people to read. */
import { toHex } from "./bytes.js";
import { journey } from "./journey.js";
import { code, element, facts, figures } from "./parts.js";
import { Kind } from "./replay.js";

/** Lines of a statement that are shown; the sums are over all. */
const MOST_LINES = 2_000;

/** Names of changes in the catalogue, by kind. */
const CHANGES = [
  "", "join", "fund", "top_up", "reinstate", "leave", "end", "reverse", "file_case", "rotate_key", "recover",
  "veto_recovery", "recovered", "kept_key", "set_payee", "set_heir", "death", "take_over", "illness",
];
const STATUS = ["", "member_active", "member_leaving", "member_ended"];

/** What was found, under a heading of its own. */
export function summary(result, words) {
  const made = { receipt, statement, state, absence, attestation, way }[result.kind](result, words);
  return element("div", {}, element("h2", {}, words.say("summary")), ...made.filter(Boolean));
}

/** The block under whose seal everything stands, and who signed. */
function place(seal, words) {
  return [
    [words.say("signed_by"), words.say("signed_by_text", {
      n: words.number(seal.checkpoint.cosigned), all: words.number(seal.checkpoint.witnesses) })],
    [words.say("log"), code(seal.checkpoint.origin)],
    [words.say("block"), words.number(seal.height)],
  ];
}

function receipt({ seal, index, transaction, succeeded }, words) {
  const key = `tx:${transaction.contract}:${transaction.kind}`;
  const what = words.has(key) ? words.say(key) : words.say("tx_unknown");
  return [
    element("p", { class: "big" }, what),
    element("p", { class: succeeded ? "verdict" : "note" }, words.say(succeeded ? "succeeded" : "maybe_failed")),
    facts([
      [words.say("when"), words.moment(seal.time)],
      [words.say("who"), code(transaction.sender)],
      transaction.cosigners.length > 0 ? [words.say("who_too"), code(transaction.cosigners.join(" "))] : [""],
      transaction.rows > 0 ? [words.say("rows"), words.number(transaction.rows)] : [""],
      [words.say("where"), words.number(index)],
      ...place(seal, words),
      [words.say("hash"), code(transaction.hash)],
    ]),
  ];
}

function statement(result, words) {
  const { lines, seal } = result;
  const total = (pick) => lines.reduce((sum, line) => sum + (pick(line) ?? 0n), 0n);
  const amounts = (...kinds) => total(({ change }) => (change && kinds.includes(change.kind) ? change.amount : 0n));
  const paid = amounts(Kind.fund, Kind.topUp, Kind.reinstate);
  const shared = total(({ settlement, moved }) => (settlement ? -moved : 0n));
  const some = (sum) => (sum > 0n ? words.yuan(sum) : undefined);
  return [
    element("p", { class: "lead" }, words.say(STATUS[result.status])),
    figures([
      [words.say("balance"), words.yuan(result.balance)],
      [words.say("paid_in"), words.yuan(paid)],
      [words.say("shared"), words.yuan(shared)],
    ]),
    facts([
      [words.say("as_of"), words.moment(seal.time)],
      [words.say("membership"), words.number(result.ordinal)],
      [words.say("plan"), words.number(result.plan)],
      [words.say("member_number"), words.number(result.number)],
      [words.say("joined"), words.moment(result.joined)],
      [words.say("reversed"), some(amounts(Kind.reverse))],
      [words.say("arrears"), some(total(arrears))],
      [words.say("returned"), some(amounts(Kind.end))],
      [words.say("shares_back"), some(amounts(Kind.illness))],
      [words.say("owner"), code(result.owner)],
      ...place(seal, words),
    ]),
    result.reserve === null ? null : reserve(result.reserve, words),
    table(result, words),
  ];
}

/** What the custodian says that it holds, beside what it owed for the plan. */
function reserve({ number, asOf, held, owedNow }, words) {
  return element("div", {},
    element("h3", {}, words.say("reserve")),
    element("p", { class: held >= owedNow ? undefined : "bad" }, words.say("reserve_text", {
      n: words.number(number), time: words.moment(asOf), held: words.yuan(held), owed: words.yuan(owedNow) })),
    element("p", { class: "hint" }, words.say("reserve_note")));
}

/** What of a deposit within grace went to the plan's reserve. */
function arrears({ change, moved }) {
  return change && change.kind === Kind.reinstate ? change.amount - moved : 0n;
}

function table({ lines, cases }, words) {
  const titles = ["line_what", "line_time", "line_amount", "line_balance"].map((key) => words.say(key));
  const numbers = { class: "number" };
  const head = element("tr", { role: "row" }, ...titles.map((title, at) => element(
    "th", { role: "columnheader", scope: "col", ...(at > 1 ? numbers : {}) }, title)));
  const settled = new Map(cases.map((each) => [each.number, each.cases]));
  const shown = lines.slice(-MOST_LINES).reverse().map((line) => {
    const { name, time, amount } = lineWords(line, words);
    const listed = line.settlement ? settled.get(line.settlement.number) : undefined;
    const note = listed && listed.length > 0 ? element("small", {}, words.say("line_cases", {
      cases: listed.map((item) => words.say("line_case", { n: item.case, aid: words.amount(item.aid) }))
        .join(words.say("list_comma")) })) : null;
    return element("tr", { role: "row" },
      element("th", { role: "rowheader", scope: "row" }, name, note),
      element("td", { role: "cell", "data-label": titles[1] },
        element("time", { datetime: words.iso(time) }, words.short(time))),
      element("td", { role: "cell", "data-label": titles[2], ...numbers }, amount === null ? "" : words.signed(amount)),
      element("td", { role: "cell", "data-label": titles[3], ...numbers }, words.amount(line.balance)));
  });
  return element("div", {},
    element("h3", {}, words.say("lines")),
    element("p", { class: "hint" }, words.say("lines_text", { n: words.number(lines.length) })),
    element("table", { class: "stack", role: "table" },
      element("thead", { role: "rowgroup" }, head), element("tbody", { role: "rowgroup" }, ...shown)));
}

function lineWords(line, words) {
  const { change, settlement } = line;
  if (settlement) {
    return { name: words.say("change_share", { n: words.number(settlement.number) }), time: settlement.time,
      amount: line.moved };
  }
  const values = {
    n: `${change.number}`, arrears: words.yuan(arrears(line)), shares: words.yuan(change.amount),
  };
  const isDeposit = [Kind.fund, Kind.topUp, Kind.reinstate].includes(change.kind);
  const isOut = [Kind.end, Kind.reverse].includes(change.kind);
  let amount = null;
  if (isDeposit) ({ amount } = change);
  else if (isOut) amount = -change.amount;
  return { name: words.say(`change_${CHANGES[change.kind]}`, values), time: change.time, amount };
}

function state({ seal, table: name, count, ordinal, record }, words) {
  return [
    element("p", { class: "lead" }, words.say("state_text", { time: words.moment(seal.time) })),
    facts([
      [words.say("table"), code(name)],
      [words.say("ordinal"), words.say("ordinal_text", { n: words.number(ordinal), all: words.number(count) })],
      [words.say("record"), code(toHex(record))],
      ...place(seal, words),
    ]),
  ];
}

function absence({ seal, table: name, key }, words) {
  return [
    element("p", { class: "lead" }, words.say(`absent_${name}`, { time: words.moment(seal.time) })),
    facts([[words.say("table"), code(name)], [words.say("key"), code(key)], ...place(seal, words)]),
  ];
}

function way(result, words) { return journey(result, words, place); }

function attestation(_, words) {
  return [element("p", { class: "note" }, words.say("attestation_text"))];
}
