import { plansOf } from "../../preview/plans.ts";
import { planType } from "../../preview/coverage.ts";
import { exitCodes } from "../../preview/exit-code.ts";
import { problems as problemLines } from "../../preview/render/terminal/problems.ts";
import type { Account } from "../doctor/account.ts";
import { awsAccount } from "../doctor/aws.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { doctorPage } from "../doctor/page.ts";
import { namedIn } from "../doctor/subject.ts";
import { look, sourceIn } from "../look.ts";
import type { Answer, StackOptions, Surroundings } from "../options.ts";
import { projectAt } from "../project.ts";
import { json, lines } from "../text.ts";

/** `upkeep doctor`: whether the account is as the stack needs it. Changes nothing. */
export async function doctor(options: StackOptions, surroundings: Surroundings): Promise<Answer> {
  const project = projectAt(options.cwd);
  const { stack, usable, problems, resources } = await look(options, project, surroundings);
  const { page, environment, now } = surroundings;
  if (!usable || problems.length > 0) {
    return {
      stdout: options.json ? json({ stack, findings: [], problems }) : lines(problemLines(problems, sourceIn(project.folder), page)),
      stderr: lines(project.aside),
      exitCode: usable ? exitCodes.wrong : exitCodes.unusable,
    };
  }
  const components = resources.filter(({ type }) => type === planType);
  const accountIn = (region: string): Account => awsAccount(region, environment, () => now);
  const findings = (await Promise.all(plansOf(resources).map((plan, index) => examine({
    plan, now, account: accountIn(plan.region), accountIn, namedOf: namedIn(resources, components[index]?.urn ?? ""),
  })))).flat();
  return {
    stdout: options.json ? json({ stack, findings, problems }) : lines(doctorPage(stack, findings, page)),
    stderr: lines(project.aside),
    exitCode: findings.some((finding) => fails(finding, options)) ? exitCodes.wrong : exitCodes.fine,
  };
}

/** With `--strict`, what nobody could look at fails too. */
const fails = ({ state }: Finding, { strict }: StackOptions): boolean => state === "problem" || (strict && state === "unknown");
