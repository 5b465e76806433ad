import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Credentials, readCredentials } from "../../../handlers/engines/credentials.ts";
import { settingsOf } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

describeWithParts("a database's secret", ["s3"], () => {
  let server: S3Server;
  let secrets: SecretsManagerClient;
  let made = 0;
  beforeAll(async () => {
    server = await startS3();
    secrets = new SecretsManagerClient(settingsOf(server));
  });
  afterAll(() => server.stop());

  const read = async (text: string, host?: string): Promise<Credentials> => {
    const Name = `campus/prod/${made += 1}`;
    await secrets.send(new CreateSecretCommand({ Name, SecretString: text }));
    return readCredentials(secrets, { name: Name, host }, new AbortController().signal);
  };

  it("may be as RDS writes it", async () => {
    const rds = { engine: "postgres", dbInstanceIdentifier: "accounts", username: "u", password: "p", host: "h", port: 5432 };
    await expect(read(JSON.stringify(rds))).resolves.toEqual({ username: "u", password: "p", host: "h", port: 5432 });
  });

  it("may hold its port as text, or a connection string", async () => {
    await expect(read('{"username":"u","password":"p","host":"h","port":"5433"}')).resolves.toMatchObject({ port: 5433 });
    await expect(read('{"uri":"mongodb+srv://u:p@c.mongodb.net"}')).resolves.toEqual({ uri: "mongodb+srv://u:p@c.mongodb.net" });
  });

  it("may leave its host to the stack file, as those that RDS manages do, and names it itself first", async () => {
    const managed = '{"username":"u","password":"p"}';
    await expect(read(managed, "db.example")).resolves.toEqual({ username: "u", password: "p", host: "db.example" });
    await expect(read(managed)).rejects.toThrow("host is missing or wrong. The host of a secret without one, as RDS manages it, is taken from the stack file's `host` of the source (UPKEEP_HOST).");
    await expect(read('{"username":"u","password":"p","host":"h"}', "db.example")).resolves.toMatchObject({ host: "h" });
    await expect(read('{"uri":"mongodb+srv://u:p@c.mongodb.net"}', "db.example")).resolves.toEqual({ uri: "mongodb+srv://u:p@c.mongodb.net" });
  });

  it.each([
    ["no JSON", "hunter2", "no JSON object"],
    ["broken JSON", '{"password":"hunter2"', "no JSON object"],
    ["JSON without a host", '{"username":"u","password":"hunter2"}', "host is missing or wrong"],
    ["JSON with a port that is none", '{"username":"u","password":"hunter2","host":"h","port":"hunter2"}', "port is missing or wrong"],
    ["a connection of another kind", '{"uri":"postgres://u:hunter2@h"}', "uri is missing or wrong"],
  ])("that is %s is refused, without a word of what it holds", async (_, text, problem) => {
    const failed = await read(text).then(() => undefined, (error: unknown) => error as Error);
    expect(failed?.message).toMatch(/^Expected the secret campus\/prod\/\d+ to be JSON with username, password and host/);
    expect(failed?.message).toContain(problem);
    expect(`${failed?.message}${failed?.stack}${String(failed?.cause)}`).not.toContain("hunter2");
  });
});
