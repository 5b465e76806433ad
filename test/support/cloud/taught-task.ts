/** A container as the task definition's text has it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly readonlyRootFilesystem: boolean;
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly mountPoints: readonly { readonly sourceVolume: string; readonly containerPath: string; readonly readOnly: boolean }[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[];
}

/** As the state machine asks Fargate; every part of it is looked at. */
export interface RunTask {
  readonly Cluster: string;
  readonly TaskDefinition: string;
  readonly LaunchType: string;
  readonly PropagateTags: string;
  readonly NetworkConfiguration: { readonly AwsvpcConfiguration: { readonly Subnets: readonly string[]; readonly SecurityGroups: readonly string[]; readonly AssignPublicIp: string } };
  readonly Overrides: { readonly ContainerOverrides: readonly { readonly Name: string; readonly Environment: readonly { readonly Name: string; readonly Value: string }[] }[] };
}

/** The one definition that may be started: its ARN, and its containers as text. */
export interface TaughtDefinition {
  readonly definition: string;
  readonly containers: string;
  readonly cluster: string;
}

export interface TaughtTask {
  readonly code: Container;
  /** Beside the task; none: the task is alone. */
  readonly server?: Container;
  readonly task: Container;
  /** What the state machine changes of the task. */
  readonly overrides: Container["environment"];
}

/** The containers of a task, in the order in which they start. Throws at all that was not taught. */
export function taughtTask(asked: RunTask, { definition, containers, cluster }: TaughtDefinition): TaughtTask {
  const { Cluster, TaskDefinition, LaunchType, PropagateTags, NetworkConfiguration, Overrides, ...rest } = asked;
  const { Subnets, SecurityGroups, AssignPublicIp } = NetworkConfiguration.AwsvpcConfiguration;
  const [code, ...others] = JSON.parse(containers) as readonly Container[];
  const [server, task] = others.length === 2 ? others : [undefined, ...others];
  const [override, ...more] = Overrides.ContainerOverrides;
  const asksRight = Cluster === cluster && TaskDefinition === definition && LaunchType === "FARGATE" && PropagateTags === "TASK_DEFINITION" && AssignPublicIp === "DISABLED"
    && Subnets.length > 0 && SecurityGroups.length === 1 && Object.keys(rest).length === 0 && others.length <= 2 && more.length === 0;
  if (!asksRight || code === undefined || task === undefined || override?.Name !== task.name) throw new Error(`Expected a task as this double was taught, got ${JSON.stringify(asked)}.`);
  expectOrder(code, server, task);
  return { code, task, ...(server && { server }), overrides: override.Environment.map(({ Name, Value }) => ({ name: Name, value: Value })) };
}

/** The task ends with its program, whatever the server does; it begins when its code is there and the server was begun. */
function expectOrder(code: Container, server: Container | undefined, task: Container): void {
  const waits = [{ containerName: code.name, condition: "SUCCESS" }, ...(server === undefined ? [] : [{ containerName: server.name, condition: "START" }])];
  const right = JSON.stringify(task.dependsOn) === JSON.stringify(waits) && task.essential && !code.essential && server?.essential !== true
    && [code, ...(server === undefined ? [] : [server])].every(({ dependsOn }) => dependsOn === undefined);
  if (!right) throw new Error(`Expected ${task.name} to be what the task is about, and to wait for ${JSON.stringify(waits)}, got ${JSON.stringify([code, server, task])}.`);
}
