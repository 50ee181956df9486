/**
 * What the workers of pages share that work without a network once they were open. The network comes first: what is
 * kept is for when there is none. Everything else of the site passes by.
 */
"use strict";

/**
 * Keeps a page in each language, and files that it needs.
 *
 * @param {{cache: string, page: string, files: string[]}} kept
 */
self.keepPage = ({ cache: name, page, files }) => {
  const languages = ["zh", "en"];

  /** The page in a language. Without cookies: the reader's choice of a language stays hers. */
  async function keepPages(cache) {
    await cache.put(page, await fetch(page));
    for (const language of languages) {
      const address = `${page}?lang=${language}`;
      await cache.put(address, await fetch(address, { credentials: "omit" }));
    }
  }

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const cache = await caches.open(name);
      await Promise.all([cache.addAll(files), keepPages(cache)]);
      await self.skipWaiting();
    })());
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil(self.clients.claim());
  });

  /** Under which address an answer is kept: a file that was named in an address is no part of the page. */
  function keyOf(url) {
    if (url.pathname !== page) return url.pathname;
    const language = url.searchParams.get("lang");
    return languages.includes(language) ? `${page}?lang=${language}` : page;
  }

  async function answer(request, key) {
    const cache = await caches.open(name);
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
    const isOurs = url.origin === self.location.origin && (url.pathname === page || files.includes(url.pathname));
    if (event.request.method === "GET" && isOurs) event.respondWith(answer(event.request, keyOf(url)));
  });
};
