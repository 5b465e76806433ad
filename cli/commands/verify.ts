import type { Decode } from "../../handlers/engines/decode.ts";
import { decodeOf } from "../../handlers/engines/open.ts";
import type { StoredSource } from "../../handlers/store/backups.ts";
import { newestBackup } from "../../handlers/verify/newest.ts";
import { runVerification, type VerificationReport } from "../../handlers/verify/run.ts";
import { isGoodOutcome } from "../../practice/contract/evidence.ts";
import type { Answer, Surroundings, VerifyOptions } from "../options.ts";
import { answering } from "../recovery/answer.ts";
import { checkPage, reported } from "../recovery/check-page.ts";
import { countedStore } from "../recovery/counted-store.ts";
import { placesIn } from "../recovery/place.ts";
import { programsFolder } from "../recovery/programs.ts";
import { openStore } from "../recovery/store.ts";
import { sizeInWords, spanInWords, watched } from "../recovery/words.ts";

/** `upkeep verify`: the first two steps of the ladder, for every source that is meant. */
export const verify = (options: VerifyOptions, surroundings: Surroundings): Promise<Answer> =>
  answering(options, surroundings, async () => {
    const { environment, page } = surroundings;
    const store = await openStore(options.store, environment, true);
    const reports: VerificationReport[] = [];
    for (const place of await placesIn(store, options)) reports.push(await check(place, options.level, surroundings));
    return {
      document: { store: store.name, checks: reports.map(({ key, record }) => ({ key, ...record })) },
      page: reports.flatMap((report, index) => [...(index === 0 ? [] : [""]), ...checkPage("Check", report, page)]),
      well: reports.every(({ record }) => isGoodOutcome(record.outcome)),
    };
  });

const nothingToRead: Decode = () => Promise.reject(new Error("Expected a sound backup to read, one came while it was looked for. Run it again."));

async function check(place: StoredSource, level: string, { environment, now, live }: Surroundings): Promise<VerificationReport> {
  const { store, bytes } = countedStore(place.store);
  const { system, stack, source } = place;
  const signal = live.interruption();
  const common = { system, stack, source, scheduledAt: now };
  const ports = { store, now: () => new Date(), signal };
  return watched(live, (seconds) => `checking ${source}: ${bytes() === 0 ? "" : `${sizeInWords(bytes())} in `}${spanInWords(Math.round(seconds))}`, () => reported(async () => {
    if (level === "checksums") return runVerification({ ...common, level }, ports);
    const { backup } = await newestBackup(place, now);
    // Without a sound backup there is nothing to read, and what is wrong with those that there are is the verdict.
    const decode = backup === undefined ? nothingToRead : decodeOf({ engine: backup.engine, tools: programsFolder(backup.engine, "decode", environment) });
    return runVerification({ ...common, level: "decode" }, { ...ports, decode });
  }));
}
