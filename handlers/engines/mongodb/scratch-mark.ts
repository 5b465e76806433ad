/** The only collection that a database may have before a drill restores into it, with just one document. */
export const MARK = "upkeep_scratch";
