/**
 * Keeps the page for shops, so that it works without a network once it was open. The network comes first: what
 * is kept is for when there is none. Everything else of the site passes by.
 */
"use strict";

const CACHE = "tongzhou-partner";
const PAGE = "/hearts/partner";
const LANGUAGES = ["zh", "en"];
const OWN = ["check", "page", "status", "store", "token"].map((name) => `/partner/${name}.js`);
const SHARED = ["bytes", "curve25519", "ed25519", "json", "parts", "refused", "words"]
  .map((name) => `/verify/${name}.js`);
const FILES = [...OWN, ...SHARED, "/assets/style.css", "/assets/icon.svg"];

/** The page in a language. Without cookies: the reader's choice of a language stays hers. */
async function keepPages(cache) {
  await cache.put(PAGE, await fetch(PAGE));
  for (const language of LANGUAGES) {
    const address = `${PAGE}?lang=${language}`;
    await cache.put(address, await fetch(address, { credentials: "omit" }));
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all([cache.addAll(FILES), keepPages(cache)]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

/** Under which address an answer is kept: a file that was named in an address is no part of the page. */
function keyOf(url) {
  if (url.pathname !== PAGE) return url.pathname;
  const language = url.searchParams.get("lang");
  return LANGUAGES.includes(language) ? `${PAGE}?lang=${language}` : PAGE;
}

async function answer(request, key) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(key, response.clone());
    if (response.status < 500) return response;
    return (await cache.match(key)) ?? response;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept === undefined) throw error;
    return kept;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin
    && (url.pathname === PAGE || FILES.includes(url.pathname));
  if (event.request.method === "GET" && isOurs) event.respondWith(answer(event.request, keyOf(url)));
});
