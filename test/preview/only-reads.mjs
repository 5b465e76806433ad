// Preloaded before anything else: notes every socket and every file that is written, and tells at the end.
import dgram from "node:dgram";
import dns from "node:dns";
import fs, { writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const deeds = [];

function watch(object, name, describe) {
  const original = object[name];
  if (typeof original !== "function") return;
  object[name] = function (...args) {
    const deed = describe(...args);
    if (deed !== undefined) deeds.push(deed);
    return Reflect.apply(original, this, args);
  };
}

const pathOf = (path) => (path instanceof URL ? fileURLToPath(path) : typeof path === "string" || path instanceof Uint8Array ? resolve(String(path)) : undefined);
const writes = (path) => (typeof path === "number" ? undefined : `write ${pathOf(path)}`);
const opens = (path, flags = "r") => (/^(r|rs)$/.test(String(flags)) || flags === 0 ? undefined : writes(path));

watch(net.Socket.prototype, "connect", () => "socket connect");
watch(net.Server.prototype, "listen", () => "socket listen");
watch(dgram.Socket.prototype, "bind", () => "socket bind");
watch(dgram.Socket.prototype, "send", () => "socket send");
for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) watch(dns, name, (host) => `dns ${host}`);
for (const name of ["lookup", "resolve"]) watch(dns.promises, name, (host) => `dns ${host}`);
for (const api of [fs, fs.promises]) {
  for (const name of ["writeFile", "appendFile", "mkdir", "mkdtemp", "rm", "rmdir", "unlink", "truncate", "chmod", "utimes", "symlink"]) {
    watch(api, name, writes);
    watch(api, `${name}Sync`, writes);
  }
  for (const name of ["rename", "copyFile", "cp", "link"]) {
    watch(api, name, (_, to) => writes(to));
    watch(api, `${name}Sync`, (_, to) => writes(to));
  }
  for (const name of ["open", "openSync"]) watch(api, name, opens);
  watch(api, "createWriteStream", writes);
}
syncBuiltinESMExports();

process.on("exit", () => writeSync(2, `\ndeeds: ${JSON.stringify([...new Set(deeds)])}\n`));
