/** Pieces of a page. Values only ever become text, never markup. */
import { Words } from "./words.js";

/** An element with attributes and children; a child that is no element becomes text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A list of names and values; what has no value is left out. */
export function facts(rows) {
  const list = element("dl", { class: "facts" });
  for (const [name, ...values] of rows) {
    if (values[0] === undefined || values[0] === null) continue;
    list.append(element("dt", {}, name), element("dd", {}, ...values));
  }
  return list;
}

/** Numbers to be seen at a glance. */
export function figures(rows) {
  return element("dl", { class: "figures" }, ...rows.map(([name, value]) => (
    element("div", {}, element("dt", {}, name), element("dd", {}, value)))));
}

/** A long code. */
export function code(text) { return element("code", {}, text); }

/** What people who know the formats want: the code, what was found, and texts to keep. */
export function evidence(error, words) {
  return element("details", {}, element("summary", {}, words.say("details")),
    element("p", { lang: "en" }, code(`${error.code}: ${error.message}`)),
    ...(error.evidence ?? []).filter(Boolean).map((text) => element("pre", {}, text)));
}

/** The page's element of this id. */
export function at(id) { return document.getElementById(id); }

/** The texts that the server put into the page. */
export function wordsOfPage() {
  const texts = at("words").content.querySelectorAll("data");
  return new Words(new Map([...texts].map((item) => [item.value, item.textContent.trim()])));
}

/** Seconds since 1970. */
export function now() { return Math.floor(Date.now() / 1000); }
