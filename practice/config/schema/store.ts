import { meaning, noMeaning } from "../words/parsed.ts";
import { region } from "./forms.ts";
import { keys, leaf, oneOf, shaped } from "./leaf.ts";
import { keepDays } from "./words.ts";

const mode = oneOf(["governance", "compliance"], "a lock's mode");
const keep = keepDays("14 days");

/** Nobody, not even AWS, takes it back: so it takes a second key to say it. */
const cannotBeUndone = leaf<true, true>((value) =>
  value === true
    ? meaning(value)
    : noMeaning("a second yes for a lock in compliance mode", "add `cannotBeUndone: true`: until its days are over nobody can delete a backup or shorten the lock, the owner of the account neither; or write `mode: governance`"));

const governance = keys({ mode, keep }).transform((said) => ({ mode: said.mode, days: said.keep }));
const compliance = keys({ mode, keep, cannotBeUndone }).transform((said) => ({ mode: said.mode, days: said.keep }));

const lock = shaped((value) =>
  typeof value === "object" && value !== null && "mode" in value && value.mode === "compliance" ? compliance : governance);

export const store = keys({ secondRegion: region.exactOptional(), lock: lock.exactOptional() }).prefault({});
