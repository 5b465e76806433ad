import type { Store } from "../../handlers/store/store.ts";

export interface CountedStore {
  readonly store: Store;
  /** Bytes of objects that went in or out so far. */
  readonly bytes: () => number;
}

/** The same store, that can tell how much has passed. */
export function countedStore(store: Store): CountedStore {
  let bytes = 0;
  async function* counting(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  return {
    bytes: () => bytes,
    store: {
      ...store,
      read: (key, versionId, signal) => counting(store.read(key, versionId, signal)),
      write: (object) => store.write({ ...object, body: counting(object.body) }),
    },
  };
}
