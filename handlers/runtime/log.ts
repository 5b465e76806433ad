/** One line of a handler's log. Only what is listed here is written: an event or an environment never is. */
export interface LogLine {
  readonly level: "info" | "error";
  readonly handler: string;
  readonly message: string;
  /** The request's id: CloudWatch shows everything else that belongs to it. */
  readonly requestId?: string;
  readonly durationMilliseconds?: number;
  /** What the handler gave back; counts, keys and outcomes only. */
  readonly result?: unknown;
  readonly stack?: string;
}

export type Log = (line: LogLine) => void;

/** Lambda takes lines that are JSON already as they are. */
export const logToConsole: Log = (line) => console.log(JSON.stringify(line));
