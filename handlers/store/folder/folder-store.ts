import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Store } from "../store.ts";
import { exists, factsOf, isSuperseded, listObjects, readObject, readText } from "./objects.ts";
import { pathOf, supersededEnding } from "./keys.ts";
import { createObject, writeObject } from "./write.ts";

/**
 * A folder as a store of backups: each key is a path under it. It keeps one version of each object. Nothing in it
 * expires, because a folder has no lifecycle: marking an object only writes an empty file beside it, its name and
 * `.superseded`, and a person who wants the room back removes what is marked, e.g. all of
 * `find <store> -name '*.superseded'` with the files they stand for.
 */
export function folderStore(folder: string): Store {
  const root = resolve(folder);
  return {
    name: root,
    addressOf: (key) => pathOf(root, key),
    list: async function* list(prefix, after) {
      yield* await listObjects(root, prefix, after);
    },
    facts: (key) => factsOf(root, key),
    readText: (key) => readText(root, key),
    read: (key, versionId, signal) => readObject(root, key, versionId, signal),
    write: async (object) => {
      await writeObject(root, object);
      return "";
    },
    create: (key, text) => createObject(root, key, text),
    markSuperseded: async (key) => {
      if (!await exists(pathOf(root, key))) return false;
      await writeFile(`${pathOf(root, key)}${supersededEnding}`, "", { flag: "a", mode: 0o600 });
      return true;
    },
    isSuperseded: (key) => isSuperseded(root, key),
  };
}
