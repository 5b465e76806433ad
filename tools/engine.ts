import { engine, passedOver } from "./parts/engine.ts";
import { programPath } from "./parts/programs.ts";
import { provision } from "./parts/provision.ts";
import { endCommandsOnSignal } from "./process/run-command.ts";

// Only the path goes to standard output, so that `$(npm run --silent engine)` is a program.
endCommandsOnSignal();
const whyNot = passedOver();
if (whyNot !== undefined) console.error(`${engine.name}: not the one on PATH: ${whyNot}`);
const { problem } = await provision(engine, (line) => console.error(line));
if (problem === undefined) {
  console.log(programPath("engine", "pulumi"));
} else {
  console.error(`${engine.name}: missing: ${engine.consequence}. ${problem}`);
  process.exitCode = 1;
}
