import type { Db } from "mongodb";

/** The only collection that a database may have before a drill restores into it, with just one document. */
export const MARK = "upkeep_scratch";

/** How a person marks a database, for error messages. */
export const howToMark = (database: string): string =>
  `Mark an empty database in mongosh, with \`use ${database}\` and \`db.${MARK}.insertOne({ markedBy: "you", markedAt: new Date() })\`, only if it may be thrown away.`;

/** The same of one that was marked, and holds what an earlier restore left. */
export const howToMarkAgain = (database: string): string =>
  `Take another, or throw this one away in mongosh, with \`use ${database}\` and \`db.dropDatabase()\`, and mark it again with \`db.${MARK}.insertOne({ markedBy: "you", markedAt: new Date() })\`.`;

/** Says of an empty database that it may be thrown away. */
export async function mark(database: Db, by: string, now: Date): Promise<void> {
  await database.collection(MARK).insertOne({ markedBy: by, markedAt: now });
}

export interface Found {
  /** Every collection and view but the mark. */
  readonly collections: readonly string[];
  /** Documents of the mark; a marked database has one. */
  readonly marks: number;
  /** Whether that one says who made it, and when. */
  readonly isMarked: boolean;
}

/** Two would be enough to know that something is wrong. */
const MARKS_READ = 2;

export async function lookInto(database: Db): Promise<Found> {
  const names = (await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const marks = names.includes(MARK) ? await database.collection(MARK).find({}).limit(MARKS_READ).toArray() : [];
  const [only] = marks;
  return {
    collections: names.filter((name) => name !== MARK).toSorted(),
    marks: marks.length,
    isMarked: marks.length === 1 && typeof only?.["markedBy"] === "string" && only["markedAt"] instanceof Date,
  };
}
