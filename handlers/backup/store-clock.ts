import type { S3Client } from "@aws-sdk/client-s3";

/** AWS refuses requests that are signed further off than this (S3: 15 minutes); the SDK corrects itself and says nothing. */
const MOST_OFF_MILLISECONDS = 15 * 60_000;

/** Makes a client fail with the first answer that shows another time than this machine's clock: runs are named by that. */
export function expectClockOf(s3: S3Client, now: () => Date): void {
  s3.middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    const { headers } = (result.response as { readonly headers?: Readonly<Record<string, string>> });
    const shown = Date.parse(headers?.["date"] ?? "");
    const off = now().getTime() - shown;
    if (Math.abs(off) > MOST_OFF_MILLISECONDS) throw new WrongClock(off);
    return result;
  }, { step: "deserialize", priority: "low", name: "upkeepClock" });
}

/** Its name is not one that the SDK would repeat the request for. */
class WrongClock extends Error {
  override readonly name = "WrongClock";

  constructor(offMilliseconds: number) {
    const minutes = Math.round(Math.abs(offMilliseconds) / 60_000);
    super(`Expected the clock of this machine to show the time of the store, it is ${minutes} minutes ${offMilliseconds > 0 ? "ahead" : "behind"}: `
      + "the backup would be of another night. Nothing was recorded as a backup. Let chrony or systemd-timesyncd set the clock.");
  }
}
