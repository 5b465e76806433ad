import { open } from "node:fs/promises";
import { Misused } from "./misused.ts";

/** Group's and everybody's rights. */
const OTHERS = 0o077;

/** Longer than any password; a file that is longer is not one. */
const LIMIT_BYTES = 4096;

/** The password in a file that only its owner can open, without the line end behind it. */
export async function readPasswordFile(path: string): Promise<string> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw new Misused(`Expected --password-file to name a file that can be read, ${path} cannot: ${error instanceof Error ? error.message : String(error)}.`);
  });
  try {
    const { mode, size } = await file.stat();
    if ((mode & OTHERS) !== 0) throw new Misused(`Expected the password file ${path} to be for its owner alone, others may open it too. \`chmod 600 ${path}\` shuts them out.`);
    if (size > LIMIT_BYTES) throw new Misused(`Expected the password file ${path} to hold a password and nothing else, it has ${size} bytes.`);
    const password = (await file.readFile("utf8")).replace(/\r?\n$/, "");
    if (password === "" || password.includes("\n")) throw new Misused(`Expected the password file ${path} to hold one line, the password, it holds ${password === "" ? "nothing" : "several"}.`);
    return password;
  } finally {
    await file.close();
  }
}
