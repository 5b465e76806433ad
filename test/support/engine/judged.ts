import { join } from "node:path";
import type { Verdict } from "../../../preview/policy/verdict.ts";
import type { Ended } from "./operation.ts";
import { repository } from "./project.ts";

/** What an offline preview judges by. */
export const rulesFile = join(repository, "policies", "dist", "rules.cjs");

/** What both tell of one resource, as text that sorts. Of the stack as a whole, Pulumi tells as of its own resource. */
const told = (policy: string, urn: string | undefined, outcome: string, message: string): string =>
  `${policy} | ${urn?.includes("::pulumi:pulumi:Stack::") === true ? "the stack" : urn ?? "the stack"} | ${outcome} | ${message}`;

const cannotTell = /string value at (\S+) can't be known during preview/;

export const judgedOffline = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.filter(({ outcome }) => outcome !== "passed" && outcome !== "not-applicable").map(({ policy, urn, outcome, level, message }) =>
    told(policy, urn, outcome === "violated" ? `${level} violation` : outcome, outcome === "cannot-tell" ? cannotTell.exec(message)?.[1] ?? message : message)).toSorted();

/** Under Pulumi a message begins with the rule's description, and a rule that cannot tell says so in Pulumi's words. */
export const judgedUnderPulumi = ({ judgements }: Ended): readonly string[] =>
  judgements.map(({ policy, urn, level, message }) => {
    const unknownAt = cannotTell.exec(message)?.[1];
    return unknownAt === undefined ? told(policy, urn, `${level} violation`, message.split("\n").slice(1).join("\n").trim()) : told(policy, urn, "cannot-tell", unknownAt);
  }).toSorted();
