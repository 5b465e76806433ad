import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../parts/part.ts";
import { checksumOf } from "./checksum.ts";
import { debianSource } from "./debian-source.ts";
import { download } from "./download.ts";
import type { Place, Source } from "./sources.ts";

/** How each kind of place gives its file. Tests give their own. */
export interface Fetchers {
  readonly web: (place: Extract<Place, { readonly kind: "web" }>, file: string) => Promise<void>;
  readonly debian: (place: Extract<Place, { readonly kind: "debian" }>, file: string, scratch: string) => Promise<void>;
}

const fetchers: Fetchers = { web: ({ url }, file) => download(url, file), debian: debianSource };

/** A file from the first place that has the source with the pinned sum. Another sum is never used, whoever sent it. */
export async function fetchSource(source: Source, folder: string, progress: Progress, by: Fetchers = fetchers): Promise<string> {
  const problems: string[] = [];
  for (const place of source.places) {
    const file = join(folder, `${source.name}-${source.version}.tar`);
    if (existsSync(file)) rmSync(file);
    const arriving = `${file}.arriving`;
    progress(`fetching ${source.name} ${source.version} from ${words(place)}`);
    try {
      await (place.kind === "web" ? by.web(place, arriving) : by.debian(place, arriving, folder));
      const sha256 = await checksumOf(arriving);
      if (sha256 !== place.sha256) throw new Error(`${words(place)}: expected a file with the SHA-256 ${place.sha256}, got ${sha256}`);
      renameSync(arriving, file);
      return file;
    } catch (error) {
      problems.push((error as Error).message);
    } finally {
      rmSync(arriving, { force: true });
    }
  }
  throw new Error([`Expected the source of ${source.name} ${source.version} from one of ${source.places.length} places, got it from none:`, ...problems].join("\n  "));
}

const words = (place: Place): string =>
  place.kind === "web" ? place.url : `Debian ${place.suite} (source package ${place.package})`;
