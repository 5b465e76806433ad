/**
 * Finds the keys that a folder of files cannot hold beside the others: S3 knows no folders, so `a` and `a/b` may both be
 * objects, and `a//b` and `../a` are names like any other. Takes keys in S3's order, where all that begin with a key
 * follow it; holds no more of them than a key has characters.
 */
export class UnpackableKeys {
  #count = 0;
  #first = "";
  /** Keys that the last one begins with, the shortest first. */
  #beginnings: string[] = [];

  see(key: string): void {
    this.#beginnings = this.#beginnings.filter((one) => key.startsWith(one));
    if (isNoPath(key) || this.#beginnings.some((one) => !one.endsWith("/") && key[one.length] === "/")) {
      this.#count += 1;
      if (this.#count === 1) this.#first = key;
    }
    this.#beginnings.push(key);
  }

  /** A sentence for the manifest, with a space before it; empty when there are none. */
  get sentence(): string {
    if (this.#count === 0) return "";
    const [keys, each] = this.#count === 1 ? ["1 key", "It is"] : [`${this.#count} keys`, "Each is"];
    return ` ${keys} cannot be unpacked as files beside the others, being under another object or no path; the first: ${this.#first}. `
      + `${each} in the archive: tar --no-recursion -xOf gives it by its name.`;
  }
}

/** Of a path, tar takes off a leading slash, refuses `..`, and file systems take `a//b` and `a/./b` for `a/b`. */
const isNoPath = (key: string): boolean => key.replace(/\/$/, "").split("/").some((part) => part === "" || part === "." || part === "..");
