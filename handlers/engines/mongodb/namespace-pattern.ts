/** Every collection of a database, as mongorestore's `--nsFrom` and `--nsTo` have it: a star stands for any name. */
export const allOf = (database: string): string => `${database.replaceAll("*", String.raw`\*`)}.*`;
