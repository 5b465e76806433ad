import { ageAlertKeys, otherAlertKeys } from "../alert-keys.ts";
import { sentence } from "../problems.ts";
import { severities } from "../settings.ts";
import { nearestOf } from "../words/nearest.ts";
import { meaning, noMeaning } from "../words/parsed.ts";
import { webAddress } from "./forms.ts";
import { keys, leaf, named, oneOf } from "./leaf.ts";
import { latencyMilliseconds, pollSeconds, seconds } from "./words.ts";

const p95 = keys({ warning: latencyMilliseconds("200 ms"), critical: latencyMilliseconds("500 ms") })
  .superRefine(({ warning, critical }, context) => {
    if (warning < critical) return;
    const message = sentence(`less than critical, ${critical} ms`, `${warning} ms`, "a warning that comes with the alarm or after it warns nobody: lower it");
    context.addIssue({ code: "custom", path: ["warning"], message });
  })
  .transform(({ warning, critical }) => ({ warningMilliseconds: warning, criticalMilliseconds: critical }));

export const endpoints = named(
  keys({ url: webAddress(["https", "http"], "https://api.campus.example/health"), every: pollSeconds, p95: p95.exactOptional() })
    .transform(({ url, every, ...rest }) => ({ url, everySeconds: every, ...rest })),
  "api: { url: https://api.campus.example/health, every: 5 minutes }",
).prefault({});

const severity = oneOf(severities, "a severity");

const severityOnly = keys({ severity: severity.exactOptional() }).exactOptional();

const ofAnAge = keys({ late: seconds("2 hours").exactOptional(), severity: severity.exactOptional() })
  .transform(({ late, ...rest }) => ({ ...rest, ...(late === undefined ? {} : { lateSeconds: late }) }))
  .exactOptional();

const each = <Key extends string, Value>(names: readonly Key[], value: Value): Readonly<Record<Key, Value>> =>
  Object.fromEntries(names.map((name) => [name, value])) as Record<Key, Value>;

export const alerts = keys({ ...each(ageAlertKeys, ofAnAge), ...each(otherAlertKeys, severityOnly) }, "a kind of alert, called as its runbook is").prefault({});

/** Where Datadog keeps its customers; the address is part of every call to it. */
const sites = ["datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu", "ap1.datadoghq.com", "ap2.datadoghq.com", "ddog-gov.com"] as const;

export const datadog = keys({
  site: leaf<string>((value) => {
    if (sites.some((site) => site === value)) return meaning(String(value));
    const near = typeof value === "string" ? nearestOf(value, sites) : undefined;
    return noMeaning("a Datadog site", `write it as \`${near ?? "datadoghq.eu"}\`, as in the address of your dashboards`);
  }),
});
