import { coloured, type Page, plain } from "../preview/render/terminal/page.ts";

/** A stream as far as it decides what lines on it look like. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What everybody's terminal shows, and what a page in a pipe or a log has. */
const DEFAULT_WIDTH = 80;

/** Longer lines are hard to follow, however wide the terminal is. */
const WIDEST = 100;

/** A narrower terminal wraps for itself: tables would come apart. */
const NARROWEST = 50;

export const pageFor = (screen: Screen, environment: Environment): Page => ({
  width: screen.isTTY === true ? Math.min(WIDEST, Math.max(NARROWEST, screen.columns ?? DEFAULT_WIDTH)) : DEFAULT_WIDTH,
  paint: wantsColour(screen, environment) ? coloured : plain,
});

/** NO_COLOR (https://no-color.org) goes first: it is what people set for themselves. */
export function wantsColour({ isTTY = false }: Screen, { NO_COLOR = "", FORCE_COLOR, TERM }: Environment): boolean {
  if (NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTTY && TERM !== "dumb";
}
