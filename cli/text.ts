export const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

/** One document, indented: people read it too. */
export const json = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
