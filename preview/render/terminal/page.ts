import { styleText } from "node:util";

/** What a piece of text means to its reader. Which colour that is stands in one place, below. */
export type Tone = "strong" | "faint" | "good" | "bad" | "doubtful";

export type Paint = (tone: Tone, text: string) => string;

/** Where the lines will be read. */
export interface Page {
  /** No line is longer than this, in columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

export const plain: Paint = (_, text) => text;

const formats = { strong: "bold", faint: "dim", good: "green", bad: "red", doubtful: "yellow" } as const;

/** Whether colour is wanted has been decided already: the stream is not asked a second time. */
export const coloured: Paint = (tone, text) => styleText(formats[tone], text, { validateStream: false });
