import type { EnforcementLevel, Policies, ResourceValidation, ResourceValidationArgs, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { messageOf } from "../engine/message.ts";
import type { PreviewedResource } from "../engine/resource.ts";
import { byUrn } from "../engine/urn.ts";
import type { Rules } from "./rules.ts";
import { type Subject, subjectsOf } from "./subjects.ts";
import type { Verdict } from "./verdict.ts";

export interface JudgeOptions {
  /** Configuration of the stack: what default providers are made of. */
  readonly config?: Readonly<Record<string, string>>;
  readonly stackTags?: ReadonlyMap<string, string>;
  /** Settings of policies, by name; they go before the defaults of their schemas. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Policy = Policies[number];

/** Thrown by `notApplicable`, which a rule calls to say that it has nothing to judge. */
class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}

/** How a rule is run, once: what it is given besides what it judges. */
interface Setting {
  readonly rules: Rules;
  readonly subjects: readonly Subject[];
  readonly options: JudgeOptions;
}

/**
 * Judges previewed resources by a pack's rules. A rule gives one verdict for each violation and doubt, one `passed` for
 * each resource (or the stack) that it found in order, and one `not-applicable` when there was nothing for it to judge.
 */
export async function judge(resources: readonly PreviewedResource[], rules: Rules, options: JudgeOptions = {}): Promise<readonly Verdict[]> {
  const setting: Setting = { rules, options, subjects: subjectsOf(resources.toSorted(byUrn), rules, options.config ?? {}) };
  const verdicts: Verdict[] = [];
  for (const policy of rules.policies) {
    if (policy.enforcementLevel === "disabled") continue;
    const found = "validateStack" in policy ? await judgeStack(policy, setting) : await judgeResources(policy, setting);
    const telling = found.filter(({ outcome }) => outcome !== "not-applicable");
    verdicts.push(...(telling.length > 0 ? telling : found.slice(0, 1)));
  }
  return verdicts;
}

async function judgeStack(policy: StackValidationPolicy, setting: Setting): Promise<readonly Verdict[]> {
  const { subjects } = setting;
  const type = typeOf(policy.validateStack);
  if (type !== undefined && !subjects.some((subject) => subject.type === type)) return [notOfType(policy, type)];
  return collect(policy, setting, undefined, (common, report) => policy.validateStack({ ...common, resources: [...subjects] }, report));
}

async function judgeResources(policy: ResourceValidationPolicy, setting: Setting): Promise<readonly Verdict[]> {
  const validations = [policy.validateResource ?? []].flat();
  const [only] = validations;
  const type = validations.length === 1 ? typeOf(only) : undefined;
  const subjects = type === undefined ? setting.subjects : setting.subjects.filter((subject) => subject.type === type);
  if (validations.length === 0 || subjects.length === 0) return [notOfType(policy, type ?? "that it judges")];
  const verdicts: Verdict[] = [];
  for (const subject of subjects) verdicts.push(...await judgeResource(policy, validations, subject, setting));
  return verdicts;
}

async function judgeResource(policy: Policy, validations: readonly ResourceValidation[], subject: Subject, setting: Setting): Promise<readonly Verdict[]> {
  const found: Verdict[] = [];
  for (const validate of validations) {
    const verdicts = await collect(policy, setting, subject.urn, (common, report) => {
      const { type, name, urn, opts, provider } = subject;
      const args = {
        ...common, type, name, urn, opts, isType: subject.isType,
        asType: (asked: Parameters<Subject["isType"]>[0]) => (subject.isType(asked) ? subject.inputs : undefined),
        ...(provider ? { provider } : {}),
        get props() {
          return subject.inputs;
        },
      };
      // What a resource policy is given is always about the resource, so a URN that it reports is passed over.
      return validate(args as unknown as ResourceValidationArgs, (message) => report(message));
    });
    found.push(...verdicts);
  }
  const worse = found.filter(({ outcome }) => outcome !== "passed" && outcome !== "not-applicable");
  if (worse.length > 0) return worse;
  return found.filter(({ outcome }) => outcome === "passed").slice(0, 1).concat(found.every(({ outcome }) => outcome === "not-applicable") ? found.slice(0, 1) : []);
}

type Common = Pick<ResourceValidationArgs, "getConfig" | "notApplicable" | "stackTags">;
type Report = (message: string, urn?: string) => void;

/** Runs one rule once, and turns what it reports and what it throws into verdicts. */
async function collect(policy: Policy, setting: Setting, urn: string | undefined, run: (common: Common, report: Report) => Promise<void> | void): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const say = (outcome: Verdict["outcome"], message: string, at = urn): void => {
    verdicts.push({ policy: policy.name, level: levelOf(policy.enforcementLevel), outcome, message, ...(at === undefined ? {} : { urn: at }) });
  };
  try {
    const running = run(commonArguments(policy, setting), (message, at) => say("violated", message === "" ? policy.description : message, at));
    // Most rules are done by now; waiting a turn for each would add up over thousands of resources.
    if (running) await running;
    if (verdicts.length === 0) say("passed", policy.description);
  } catch (error) {
    if (error instanceof NotApplicable) say("not-applicable", error.message);
    else if (error instanceof setting.rules.sdk.UnknownValueError) say("cannot-tell", `Cannot be judged in a preview: ${messageOf(error)}.`);
    else say("broken", `Expected the rule to judge, it failed: ${messageOf(error)}`);
  }
  return verdicts;
}

function commonArguments(policy: Policy, { options }: Setting): Common {
  const defaults = Object.entries(policy.configSchema?.properties ?? {})
    .flatMap(([key, property]) => (property.default === undefined ? [] : [[key, property.default] as const]));
  return {
    stackTags: options.stackTags ?? new Map(),
    getConfig: <Config extends object>() => ({ ...Object.fromEntries(defaults), ...options.settings?.[policy.name] }) as Config,
    notApplicable: (reason) => {
      throw new NotApplicable(reason ?? "The rule found nothing to judge.");
    },
  };
}

/** `remediate` changes nothing in a preview: what it would repair must not pass. */
function levelOf(level: EnforcementLevel | undefined): Verdict["level"] {
  return level === "mandatory" || level === "remediate" ? "mandatory" : "advisory";
}

/** The helpers of `@pulumi/policy` note on a validation which type it is for. */
function typeOf(validation: unknown): string | undefined {
  const type = (validation as { readonly __pulumiType?: unknown } | undefined)?.__pulumiType;
  return typeof type === "string" && type !== "" ? type : undefined;
}

function notOfType(policy: Policy, type: string): Verdict {
  return { policy: policy.name, level: levelOf(policy.enforcementLevel), outcome: "not-applicable", message: `There is no resource of the type ${type}.` };
}
