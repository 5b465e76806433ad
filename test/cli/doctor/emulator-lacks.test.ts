import { afterAll, beforeAll, expect, it } from "vitest";
import type { Account } from "../../../cli/doctor/account.ts";
import { namedTypes, type NamedType } from "../../../cli/doctor/named-thing.ts";
import { ACCOUNT, type AskedEmulator, REGION, startAskedEmulator } from "../../support/asked-emulator.ts";
import { otherwise, questionsLacking, typesLacking, typesNeverThere } from "../../support/emulator-lacks.ts";
import { describeWithParts } from "../../support/parts.ts";

/** How services of AWS, and their emulator, name the error about an action that they have not. */
const unheardOf = /^(InvalidAction|UnknownOperation(Exception)?|UnsupportedOperation(Exception)?|NotImplemented(Exception)?|501)$/;

const nobody = "arn:aws:lambda:eu-central-1:123456789012:layer:nobody:1";

/** Every question once, about what there is not. */
const questions: Readonly<Record<Exclude<keyof Account, "tags">, (account: Account) => Promise<unknown>>> = {
  number: ({ number }) => number(REGION),
  secret: ({ secret }) => secret({ name: "nobody" }),
  keyState: ({ keyState }) => keyState("alias/nobody"),
  vpc: ({ vpc }) => vpc("vpc-0"),
  resolvesNames: ({ resolvesNames }) => resolvesNames("vpc-0"),
  endpoints: ({ endpoints }) => endpoints("vpc-0"),
  subnetVpc: ({ subnetVpc }) => subnetVpc("subnet-0"),
  securityGroupVpc: ({ securityGroupVpc }) => securityGroupVpc("sg-0"),
  routeTableVpc: ({ routeTableVpc }) => routeTableVpc("rtb-0"),
  defaultRoute: ({ defaultRoute }) => defaultRoute("subnet-0", "vpc-0"),
  layerArchitectures: ({ layerArchitectures }) => layerArchitectures(nobody),
  bucketExists: ({ bucketExists }) => bucketExists("nobody"),
  lambda: ({ lambda }) => lambda("nobody"),
  concurrency: ({ concurrency }) => concurrency(),
  subscriptions: ({ subscriptions }) => subscriptions(`arn:aws:sns:${REGION}:${ACCOUNT}:nobody`),
  scheduleState: ({ scheduleState }) => scheduleState("nobody"),
  raisedAlarms: ({ raisedAlarms }) => raisedAlarms("nobody"),
  newestDrill: ({ newestDrill }) => newestDrill({ bucket: "nobody", system: "s", stack: "t", source: "u" }),
  clusterState: ({ clusterState }) => clusterState("nobody"),
  hasTaskDefinition: ({ hasTaskDefinition }) => hasTaskDefinition("nobody"),
  roleExists: ({ roleExists }) => roleExists("nobody"),
  managedNode: ({ managedNode }) => managedNode("mi-0a1b2c3d4e5f60718"),
  association: ({ association }) => association("nobody"),
  newestBackup: ({ newestBackup }) => newestBackup({ bucket: "nobody", system: "s", stack: "t", source: "u" }),
};

const nameOfError = (asked: Promise<unknown>): Promise<string> => asked.then(() => "", (error: unknown) => (error instanceof Error ? error.name : String(error)));

describeWithParts("what the emulator of AWS lacks for the doctor", ["s3"], () => {
  let emulator: AskedEmulator;
  beforeAll(async () => {
    emulator = await startAskedEmulator();
  });
  afterAll(async () => {
    await emulator.stop();
    console.log(`The doctor was not asked on the emulator, where only strict doubles answer:
  ${[...typesLacking, ...typesNeverThere].map((type) => `names of ${namedTypes[type]}`).join("\n  ")}
  ${questionsLacking.join("\n  ")}
The emulator answers otherwise than AWS:
  ${otherwise.map(({ what }) => `it ${what}`).join("\n  ")}`);
  });

  it("is in the list, and nothing else is: the actions that it knows nothing of", async () => {
    const types = await Promise.all(Object.keys(namedTypes).map(async (type) =>
      ({ what: type, error: await nameOfError(emulator.account.tags(type as NamedType, { name: "nobody" }, ACCOUNT)) })));
    const others = await Promise.all(Object.entries(questions).map(async ([what, ask]) => ({ what, error: await nameOfError(ask(emulator.account)) })));
    expect([...types, ...others].filter(({ error }) => unheardOf.test(error)).map(({ what }) => what)).toEqual([...typesLacking, ...questionsLacking]);
  });

  it("leaves no question out of the list", () => {
    expect([...Object.keys(questions), "tags"].toSorted()).toEqual(Object.keys(emulator.account).toSorted());
  });

  it.each(otherwise)("it $what", async ({ seen, answer }) => {
    expect(await seen(emulator)).toEqual(answer);
  });
});
