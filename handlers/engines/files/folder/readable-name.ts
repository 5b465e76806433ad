import { isUtf8 } from "node:buffer";

/** A name as people read it: text, or its bytes where it is none; characters that would move the cursor are shown. */
export function readableName(name: string): string {
  const bytes = Buffer.from(name, "latin1");
  const text = isUtf8(bytes) ? bytes.toString("utf8") : name.replaceAll(/[\u0080-\u00ff]/g, escaped);
  return text.replaceAll(/\p{Cc}/gu, escaped);
}

const escaped = (character: string): string => String.raw`\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
