import module from "node:module";
import { join } from "node:path";

/**
 * Lets Node keep the machine code of the SDK and the providers between runs, which halves their loading.
 * Node 20 cannot; where the process keeps a cache already, that one is used.
 */
export function keepCompiled(cache: string): void {
  const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(join(cache, "compiled"));
}
