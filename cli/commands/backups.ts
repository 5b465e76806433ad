import { listRuns, type StoredSource } from "../../handlers/store/backups.ts";
import { columns, counted, heading, paragraph } from "../../preview/render/terminal/lines.ts";
import type { Page } from "../../preview/render/terminal/page.ts";
import type { Answer, BackupsOptions, Surroundings } from "../options.ts";
import { answering } from "../recovery/answer.ts";
import { placesIn } from "../recovery/place.ts";
import { type ListedBackup, listStates } from "../recovery/states.ts";
import { openStore } from "../recovery/store.ts";
import { sizeInWords, spanInWords, watched } from "../recovery/words.ts";

interface Listed {
  readonly place: StoredSource;
  readonly backups: readonly ListedBackup[];
  readonly foreign: readonly string[];
}

/** `upkeep backups`: what lies in a store, and how each of it stands. */
export const backups = (options: BackupsOptions, surroundings: Surroundings): Promise<Answer> =>
  answering(options, surroundings, async () => {
    const { environment, now, page, live } = surroundings;
    const store = await openStore(options.store, environment, true);
    const found: Listed[] = [];
    for (const place of await placesIn(store, options)) {
      const { runs, foreign } = await listRuns(place);
      const listed = await watched(live, (seconds) => `looking at ${runs.length} backups of ${place.source}: ${spanInWords(Math.round(seconds))}`, () => listStates(place, runs, now));
      found.push({ place, backups: listed, foreign });
    }
    return {
      document: { store: store.name, backups: found.flatMap((one) => one.backups), foreign: found.flatMap(({ foreign }) => foreign) },
      page: found.flatMap((one, index) => [...(index === 0 ? [] : [""]), ...sourcePage(one, page)]),
      well: found.every(({ backups: [newest] }) => newest?.state === "sound"),
    };
  });

function sourcePage({ place: { source, system, stack }, backups: listed, foreign }: Listed, page: Page): readonly string[] {
  const sound = listed.filter(({ state }) => state === "sound");
  const rows = [["run", "age", "size", "state"], ...listed.map((one) => [
    one.runId,
    spanInWords(Math.max(0, one.ageSeconds)),
    one.bytes === undefined ? "-" : sizeInWords(one.bytes),
    `${page.paint(one.state === "sound" ? "good" : one.state === "no manifest" || one.state === "suspicious" ? "doubtful" : "bad", one.state)}${one.superseded ? ", superseded" : ""}`,
  ])];
  return [
    ...heading("Backups", `${source} of ${system}, stack ${stack}: ${counted(listed.length, "run")}, ${sound.length} sound`, page),
    ...columns(rows, page, { right: [1, 2] }),
    ...listed.flatMap(({ problem }) => (problem === undefined ? [] : paragraph(problem, page))),
    ...foreign.flatMap((key) => paragraph(`${key} belongs to no run.`, page)),
  ];
}
