import type { Command, CommanderError } from "commander";
import { listed, sentence } from "../practice/config/problems.ts";

/** What to write for an option whose value was left out. */
const examples: Readonly<Record<string, string>> = {
  "--stack": "--stack prod", "--cwd": "--cwd ../shop", "--store": "--store ./backups", "--source": "--source shop",
  "--url": "--url postgres://localhost/shop", "--path": "--path ./uploads", "--into": "--into postgres://localhost/shop_scratch", "--at": "--at latest",
};

/** A command line that was not understood, in the grammar of every message: what was expected, what came, the way out. */
export function misuse({ code, message }: CommanderError, program: Command): string {
  const asked = program.commands.find(({ args }) => args.length > 0) ?? program.commands.find((command) => program.args.includes(command.name()));
  const command = ["upkeep", ...(asked === undefined ? [] : [asked.name()])].join(" ");
  const help = `\`${command} --help\` shows all that can be written`;
  const quoted = withoutAddress(/'(?<got>[^']*)'/.exec(message)?.groups?.got ?? "");
  const near = /\(Did you mean (?<near>[^?]+)\?\)/.exec(message)?.groups?.near;
  const meant = near === undefined ? "" : `did you mean \`${near}\`? `;
  switch (code) {
    case "commander.excessArguments": {
      const word = withoutAddress(asked?.args[0] ?? "");
      return word.includes(" ")
        ? sentence(`options after \`${command}\``, word, `for a database write \`${command} --url\` before it; ${help}`)
        : sentence(`options after \`${command}\``, `\`${word}\``, `for a stack write \`${command} --stack ${word}\`; ${help}`);
    }
    case "commander.unknownOption":
      return quoted === "-s"
        ? sentence("an option", "`-s`", `for a stack write \`${command} --stack <name>\`; ${help}`)
        : sentence("an option", `\`${quoted}\``, `${meant}${help}`);
    case "commander.optionMissingArgument": {
      const [option = ""] = quoted.split(" ");
      return sentence(`a value after \`${option}\``, "none", `write it as \`${examples[option] ?? quoted}\`; ${help}`);
    }
    case "commander.missingMandatoryOptionValue": {
      const [option = ""] = quoted.split(" ");
      return sentence(`\`${quoted}\``, "none", `write \`${command} ${examples[option] ?? quoted}\`; ${help}`);
    }
    case "commander.invalidArgument": {
      const { option = "", got = "", choices = "" } = /option '(?<option>\S+).*' argument '(?<got>.*)' is invalid\. Allowed choices are (?<choices>.*)\.$/s.exec(message)?.groups ?? {};
      if (option === "--level" && got === "restore") {
        return sentence(`one of ${choices} after \`--level\``, "`restore`", "a backup is verified by a restore with `upkeep restore --into <an empty database>`, which writes the same evidence");
      }
      return sentence(`one of ${choices} after \`${option}\``, `\`${withoutAddress(got)}\``, help);
    }
    case "commander.unknownCommand":
      return sentence(`a command: ${listed(program.commands.map((each) => each.name()), "or")}`, `\`${quoted}\``, `${meant}${help}`);
    default:
      return withoutAddress(message.replace(/^error: /, ""));
  }
}

/** An address in the wrong place may hold a password: nothing of it is repeated. */
const withoutAddress = (text: string): string => text.replaceAll(/\S*:\/\/.*/g, "an address");
