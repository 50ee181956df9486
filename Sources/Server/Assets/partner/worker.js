/** Keeps the page for shops, so that it works without a network once it was open. */
"use strict";

importScripts("/verify/keep.js");

const OWN = ["check", "page", "status", "store", "token"].map((name) => `/partner/${name}.js`);
const SHARED = ["bytes", "curve25519", "ed25519", "json", "parts", "refused", "words"]
  .map((name) => `/verify/${name}.js`);
const FILES = [...OWN, ...SHARED, "/assets/style.css", "/assets/icon.svg"];

keepPage({ cache: "tongzhou-partner", page: "/hearts/partner", files: FILES });
