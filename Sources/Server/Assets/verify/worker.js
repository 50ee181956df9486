/** Keeps the page that checks files, so that it works without a network once it was open. */
"use strict";

importScripts("/verify/keep.js");

const FILES = [
  "address", "bytes", "checkpoint", "curve25519", "ed25519", "file", "journey", "json", "layouts", "memory", "merkle", "note",
  "page", "panel", "parts", "policy", "protobuf", "receipt", "records", "refused", "replay", "seal", "shape", "state",
  "statement", "steps", "summary", "trace", "trust", "verify", "way", "words",
].map((name) => `/verify/${name}.js`).concat(["/assets/style.css", "/assets/icon.svg"]);

keepPage({ cache: "tongzhou-verify", page: "/verify", files: FILES });
