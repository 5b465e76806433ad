/**
 * PostgreSQL quotes rows in what it says: `DETAIL: Key (email)=(anna@...)`, `CONTEXT: COPY users, line 3: "..."`. They
 * are what a backup protects, and logs are read by more people than the database is.
 */
export const withoutRows = (text: string): string =>
  text.replaceAll(/^(.*?\b(?:DETAIL|CONTEXT): ).*$/gm, (_, start: string) => `${start}[not shown: it may quote rows]`);
