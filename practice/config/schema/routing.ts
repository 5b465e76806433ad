import { noMeaning } from "../words/parsed.ts";
import { email, filled, timeOfDay, webAddress } from "./forms.ts";
import { keys, leaf, listOf, named, shaped } from "./leaf.ts";
import { seconds, type Clock } from "./words.ts";

const byEmail = keys({ email }).transform(({ email: address }) => ({ kind: "email" as const, address }));
const byHttps = keys({ https: webAddress(["https"], "https://alerts.campus.example/upkeep") })
  .transform(({ https: url }) => ({ kind: "https" as const, url }));

const neither = leaf<never, never>(() => noMeaning("`email` or `https`", "write `{ email: oncall@campus.example }`"));

const channel = shaped((value) => {
  if (typeof value !== "object" || value === null) return neither;
  if ("https" in value) return byHttps;
  return byEmail;
});

export const channels = named(channel, "oncall: { email: oncall@campus.example }").prefault({});

const route = keys({
  respondWithin: seconds("15 minutes"),
  to: listOf(filled("the name of a channel", "oncall"), "the names of channels", "[oncall]"),
}).transform(({ respondWithin, to }) => ({ respondWithinSeconds: respondWithin, to }));

export const routing = keys({
  P0: route.exactOptional(),
  P1: route.exactOptional(),
  P2: route.exactOptional(),
  P3: route.exactOptional(),
}).prefault({});

export const quietHours = ({ timeZone }: Clock) =>
  keys({ from: timeOfDay, until: timeOfDay })
    .transform((hours) => ({ ...hours, timeZone }));

