import { readableName } from "./readable-name.ts";

/** Something of the folder that cannot be read whole. Without it a backup would look like a whole one. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(folder: string, name: string, cause: unknown) {
    const [found, wayOut] = typeof cause === "string"
      ? [cause, "Run it again: the next run reads it as it is then."]
      : [`it cannot be (${codeOf(cause)})`, "Let the program that backs up read all of the folder, or move elsewhere what is no part of it."];
    const path = name === "" ? folder : `${folder}/${readableName(name)}`;
    super(`Expected to read all of ${path}, ${found}. Nothing was recorded as a backup. ${wayOut}`, { cause });
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : String(error));
