/**
 * Whether a backup says what is in it. `full`: exact counts and hashes, for which PostgreSQL reads every row a second time
 * and MongoDB hashes every document. `off`: neither, beyond what costs nothing; a restore is then compared by less.
 */
export const contentChoices = ["full", "off"] as const;

export type Content = (typeof contentChoices)[number];
