import type { ConfigReader, Sdk } from "./sdk.ts";
import { unknownSentinel } from "./wire.ts";

const secretReaders = [
  "getSecret", "getSecretBoolean", "getSecretNumber", "getSecretObject",
  "requireSecret", "requireSecretBoolean", "requireSecretNumber", "requireSecretObject",
] as const;

const plainReaders = ["getBoolean", "getNumber", "getObject", "requireBoolean", "requireNumber", "requireObject"] as const;

const taught = new WeakSet<object>();

/**
 * Lets a configuration value be unknown: the value of a `secure:` key, which nobody can decrypt in a preview.
 * Read as a secret it is an Output that is secret and unknown. Read as a plain string it travels as unknown;
 * read as a plain number, boolean or object it fails, since there is nothing to read.
 */
export function teachConfigUnknown({ pulumi, store }: Sdk): void {
  const prototype = pulumi.Config.prototype;
  if (taught.has(prototype)) return;
  taught.add(prototype);

  const isUnknown = (reader: ConfigReader, key: string): boolean => {
    const values = store.getStore().config.PULUMI_CONFIG ?? "";
    // Looking for the sentinel first spares most programs a second parse of their whole configuration.
    return values.includes(unknownSentinel) && (JSON.parse(values) as Record<string, unknown>)[reader.fullKey(key)] === unknownSentinel;
  };
  for (const name of secretReaders) {
    const original = prototype[name];
    if (!original) throw missing(name);
    prototype[name] = function (key, ...rest) {
      return isUnknown(this, key) ? pulumi.secret(pulumi.unknown) : original.call(this, key, ...rest);
    };
  }
  for (const name of plainReaders) {
    const original = prototype[name];
    if (!original) throw missing(name);
    prototype[name] = function (key, ...rest) {
      if (!isUnknown(this, key)) return original.call(this, key, ...rest);
      throw new Error(`Expected a plain value at ${this.fullKey(key)}, got one that is encrypted and cannot be read in a preview. Read it with ${name.replace(/^(get|require)/, "$1Secret")}().`);
    };
  }
}

function missing(name: string): Error {
  return new Error(`Expected Config.${name} in this version of @pulumi/pulumi, found none.`);
}
