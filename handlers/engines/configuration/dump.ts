import type { Dump } from "../dump.ts";
import { readObjectCommand } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { LineContents } from "../line-contents.ts";
import { type ConfigurationItem, HASHED_BY, type ItemKind, ordered } from "./item.ts";

export interface ConfigurationSource {
  /** Reads everything, or fails before the first byte is written. */
  readonly read: (signal: AbortSignal) => Promise<readonly ConfigurationItem[]>;
  readonly region: string;
}

/** What a stack needs to be rebuilt, one line of JSON for each thing, compressed. Secret values are never asked for. */
export async function openConfigurationDump({ read, region }: ConfigurationSource, signal: AbortSignal): Promise<Dump> {
  const items = ordered(await read(signal));
  const contents = new LineContents<ItemKind>(HASHED_BY);
  let dumpBytes = 0;

  async function* body(): AsyncGenerator<Uint8Array> {
    for (const { kind, name, definition } of items) {
      signal.throwIfAborted();
      const line = JSON.stringify({ kind, name, definition });
      contents.add(kind, line);
      const bytes = Buffer.from(`${line}\n`);
      dumpBytes += bytes.length;
      yield await Promise.resolve(bytes);
    }
  }
  return {
    extension: "jsonl.gz",
    body: gzip(body()),
    describe: () => ({
      tool: "upkeep, AWS SDK",
      serverVersion: `AWS ${region}`,
      consistency: `Each thing at the moment it was read: during an update some may be of before and some of after it. ${withheld(items)}`,
      ...contents.contents(),
      dumpBytes,
      restoreCommand: (address) => `${readObjectCommand(address)} | gunzip > configuration.jsonl`,
    }),
    close: () => Promise.resolve(),
  };
}

/** What a stranger must not look for in it, and what he must keep to himself. */
function withheld(items: readonly ConfigurationItem[]): string {
  const secure = items.filter(({ kind, definition }) => kind === "parameter" && isSecure(definition)).length;
  const state = items.some(({ kind }) => kind === "stack-state");
  return `No value of a secret is in it: of ${secure} SecureString parameters and of all secrets only names, versions and settings.`
    + (state ? " The stack's state holds its secrets as Pulumi encrypted them: they open only with the stack's own key or passphrase." : " The stack's state is not in it.");
}

const isSecure = (definition: unknown): boolean =>
  typeof definition === "object" && definition !== null && "Type" in definition && definition.Type === "SecureString";
