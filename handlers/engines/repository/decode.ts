import type { Decode } from "../decode.ts";
import { BundleInspector } from "./bundle-inspector.ts";

/** Reads a bundle whole: every ref of it, and the hash of all its objects. */
export const decodeRepository: Decode = async (dump, signal) => {
  const inspector = new BundleInspector();
  for await (const chunk of dump) {
    signal.throwIfAborted();
    inspector.add(chunk);
  }
  return inspector.end();
};
