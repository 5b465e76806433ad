import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { LanguageHandshakeRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { answer, filled, serve, type Served } from "./serve.ts";
import { type Call, language, PluginInfo, type Reply, wireOf } from "./wire.ts";

/** Exit code by which the SDK's runner says that the error was told already. */
const TOLD_ALREADY = 32;

/**
 * Starts programs for the engine as Pulumi's own Node host does: the SDK's runner, with the loader that Pulumi.yaml asks for.
 * The host itself is not to be had as a package; the runner is the real one.
 */
export async function startLanguageHost(projectDir: string): Promise<Served> {
  const children = new Set<ChildProcess>();
  const runner = createRequire(`${projectDir}/package.json`).resolve("@pulumi/pulumi/cmd/run");
  let engineAddress = "";
  const host = await serve("the language host", language.LanguageRuntimeService, {
    handshake: answer((asked: LanguageHandshakeRequest) => {
      engineAddress = asked.getEngineAddress();
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: answer(() => filled(new PluginInfo(), (info) => info.setVersion("1.0.0"))),
    // The providers are attached: there is nothing to install.
    getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
    run: (call: Call<RunRequest>, reply: Reply) => {
      const child = startProgram(runner, engineAddress, call.request);
      children.add(child);
      const said: string[] = [];
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => said.push(String(data)));
      call.on("cancelled", () => child.kill("SIGKILL"));
      child.once("error", (error) => reply({ code: 2, details: error.message }));
      child.once("close", (code) => {
        children.delete(child);
        reply(null, filled(new language.RunResponse(), (response) => {
          if (code === TOLD_ALREADY) response.setBail(true);
          else if (code !== 0) response.setError(`Program ended with exit code ${code}: ${said.join("")}`);
        }));
      });
    },
  }, 0);
  return {
    ...host,
    stop: () => {
      for (const child of children) child.kill("SIGKILL");
      host.stop();
    },
  };
}

function startProgram(runner: string, engineAddress: string, request: RunRequest): ChildProcess {
  const { nodeargs = "", typescript = true } = wireOf(request.getInfo()?.getOptions()) as { readonly nodeargs?: string; readonly typescript?: boolean };
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    "root-directory": request.getInfo()?.getRootDirectory() ?? "",
  };
  return spawn(process.execPath, [
    ...nodeargs.split(" ").filter((argument) => argument !== ""),
    runner,
    ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() ?? ".",
  ], {
    cwd: request.getPwd(),
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
