import { Command } from "commander";
import type { PreviewOptions, StackOptions } from "./options.ts";
import { type RecoveryActions, recoveryUsage } from "./usage-recovery.ts";
import { version } from "./version.ts";

export interface Actions extends RecoveryActions {
  readonly preview: (options: PreviewOptions) => Promise<void>;
  readonly coverage: (options: StackOptions) => Promise<void>;
  readonly doctor: (options: StackOptions) => Promise<void>;
}

/** The commands, their options and what `--help` teaches. Parsing throws a CommanderError where it would end the process. */
export function usage(actions: Actions, output: { readonly out: (text: string) => void; readonly err: (text: string) => void }): Command {
  const program = new Command("upkeep")
    .description("Shows what maintenance a stack will have, and what it lacks, without an account, a network or a plugin. Only doctor asks an account; backup, backups, verify, restore and evidence work on the backups themselves, in a folder too.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .option("--debug", "show where an error happened, and how long each part took (or set UPKEEP_DEBUG=1)")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .exitOverride()
    .addHelpText("after", `\n${examples}\n\n${exitCodes}`);

  aboutAStack(program.command("preview"))
    .description("Show what maintenance the stack will have: coverage, schedule, alerts, backups, resources, verdicts.")
    .option("--resources", "show each resource, not only the components that hold them", false)
    .addHelpText("after", `\n${previewExamples}\n\n${exitCodes}`)
    .action(actions.preview);

  aboutAStack(program.command("coverage"))
    .description("List every item of the practice: carried and by what, missing, answered, or not applying here.")
    .addHelpText("after", `\n${coverageExamples}\n\n${exitCodes}`)
    .action(actions.coverage);

  aboutAStack(program.command("doctor"), "fail, too, on what nobody could look at")
    .description("Ask the AWS account whether it is as the stack needs it, before and after `pulumi up`. Reads only, changes nothing.")
    .addHelpText("after", `\n${doctorExamples}`)
    .action(actions.doctor);

  recoveryUsage(program, actions);
  return program;
}

const strictly = "fail, too, on what applies and is missing, on rules that cannot tell, and without rules";

const aboutAStack = (command: Command, strict: string = strictly): Command =>
  command
    .option("--stack <name>", "the stack; default: PULUMI_STACK, else prod, else the only one there is")
    .option("--json", "print one JSON document and nothing else", false)
    .option("--strict", strict, false)
    .option("--cwd <folder>", "folder of the project", ".");

const examples = `Examples:
  upkeep preview                          what will production have?
  upkeep coverage --stack staging         what does staging lack?
  upkeep preview --strict                 in CI: may nothing be missing?
  upkeep doctor --stack prod              with an account: is it ready?
  upkeep backup --url postgres://localhost/shop --store ./backups
  upkeep restore --help                   and have it back`;

const exitCodes = `Exit codes:
  0  the stack can be deployed as it is
  1  a mandatory policy is violated, or something is wrong with the practice;
     with --strict, too: something is missing, or could not be judged
  2  the stack file, or the command, cannot be used`;

const previewExamples = `Examples:
  upkeep preview --stack prod             read what production will have
  upkeep preview --resources              every resource by name
  upkeep preview --json | jq '.policies'  for programs: what the rules object to`;

const coverageExamples = `Examples:
  upkeep coverage --stack prod            every item, area by area
  upkeep coverage --json \\
    | jq -r '.coverage[] | select(.applies and .carriedBy == []) | .item'`;

const doctorExamples = `Examples:
  upkeep doctor --stack prod              before \`pulumi up\`: will it succeed?
                                          after it: does it work?
  AWS_PROFILE=prod upkeep doctor          with other credentials
  upkeep doctor --json | jq '.findings[] | select(.state != "ok")'

Each answer is waited for 10 seconds at most. Of secrets it reads what the
backup reads, and prints no value.

Exit codes: 0 no problem, 1 a problem (or no credentials), 2 the stack file, or
the command, cannot be used.`;
