import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

// Constructing it opens a server that Pulumi talks to: whoever only wants the rules imports `rules.ts`.
new PolicyPack("upkeep", { policies: rules });
