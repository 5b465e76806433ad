import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessTo } from "../../../cli/recovery/access.ts";
import { parseAddress } from "../../../cli/recovery/address.ts";
import { programsFolder } from "../../../cli/recovery/programs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "access-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const access = (address: string, environment: Readonly<Record<string, string>> = {}, passwordFile?: string) =>
  accessTo(parseAddress("--url", address), passwordFile, environment);

const passwordFile = (text: string, mode = 0o600): string => {
  const file = join(folder, "password");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
};

describe("PostgreSQL", () => {
  it("is reached with the variables that psql would use, and with nothing else of the environment", async () => {
    await expect(access("postgres://localhost/shop", {
      HOME: "/home/anna", PATH: "/usr/bin", PGUSER: "anna", PGPASSFILE: "/home/anna/pass", PGSSLMODE: "verify-full", AWS_SECRET_ACCESS_KEY: "secret",
    })).resolves.toEqual({
      host: "localhost", username: "anna", environment: { HOME: "/home/anna", PATH: "/usr/bin", PGPASSFILE: "/home/anna/pass", PGSSLMODE: "verify-full" },
    });
  });

  it("is not reached where a variable leads past the address", async () => {
    const { environment, ...rest } = await access("postgres://bob@localhost:5433/shop", {
      PGHOST: "production", PGHOSTADDR: "10.0.0.1", PGPORT: "5432", PGDATABASE: "accounts", PGUSER: "anna", PGSERVICE: "production", PGSERVICEFILE: "/services", PGLOADBALANCEHOSTS: "random",
    }) as { readonly environment: object };
    expect(rest).toEqual({ host: "localhost", port: 5433, username: "bob" });
    expect(environment).toEqual({});
  });

  it("takes host and port from the environment where the address names none", async () => {
    await expect(access("postgres:///shop", { PGHOST: "/run/sockets", PGPORT: "5433" })).resolves.toMatchObject({ host: "/run/sockets", port: 5433 });
  });

  it("takes PGPASSWORD out of the environment: the programs get it in a file", async () => {
    await expect(access("postgres://localhost/shop", { PGPASSWORD: "secret" })).resolves.toEqual({ host: "localhost", password: "secret", environment: {} });
  });

  it("takes options of the address over the environment's, and refuses those it does not know", async () => {
    await expect(access("postgres://localhost/shop?sslmode=disable&passfile=/pass", { PGSSLMODE: "require" })).resolves.toMatchObject({ environment: { PGSSLMODE: "disable", PGPASSFILE: "/pass" } });
    await expect(access("postgres://localhost/shop?dbname=accounts")).rejects.toThrow("Expected options of libpq in the address");
  });

  it("is one host, wherever it is named: with several, another could be written than was asked", async () => {
    const several = "Expected one host in the address of a PostgreSQL, got several.";
    await expect(access("postgres://one,two/shop")).rejects.toThrow(several);
    await expect(access("postgres:///shop?host=one,two")).rejects.toThrow(several);
    await expect(access("postgres://one/shop?host=one%2Ctwo")).rejects.toThrow(several);
    await expect(access("postgres:///shop", { PGHOST: "one,two" })).rejects.toThrow(several);
    await expect(access("postgres://one/shop", { PGHOST: "one,two" })).resolves.toMatchObject({ host: "one" });
  });
});

describe("MongoDB", () => {
  it("gets user and password into one uri, for a file", async () => {
    await expect(access("mongodb://an%40na@one:1,two:2/shop?replicaSet=rs", { MONGODB_PASSWORD: "p@ss/w" })).resolves
      .toEqual({ uri: "mongodb://an%40na:p%40ss%2Fw@one:1,two:2/?replicaSet=rs&authSource=shop" });
    await expect(access("mongodb://anna@localhost/shop?authSource=admin", {}, passwordFile("secret\n"))).resolves
      .toEqual({ uri: "mongodb://anna:secret@localhost/?authSource=admin" });
  });

  it("needs none where there is no user, or where a certificate stands for one", async () => {
    await expect(access("mongodb://localhost/shop")).resolves.toEqual({ uri: "mongodb://localhost/" });
    await expect(access("mongodb://anna@localhost/shop?authMechanism=MONGODB-X509&authSource=%24external")).resolves
      .toEqual({ uri: "mongodb://anna@localhost/?authMechanism=MONGODB-X509&authSource=%24external" });
  });

  it("says where a password belongs", async () => {
    await expect(access("mongodb://anna@localhost/shop")).rejects.toThrow("Expected a password for the user anna, got none. Put it into a file that only you can read and name that");
  });
});

it("Redis is reached as the default user, with TLS where the address says so", async () => {
  await expect(access("redis://localhost", { REDISCLI_AUTH: "secret" })).resolves.toEqual({ username: "default", password: "secret", host: "localhost", port: 6379, tls: false });
  await expect(access("rediss://anna@cache.example:6380", {}, passwordFile("other"))).resolves.toEqual({ username: "anna", password: "other", host: "cache.example", port: 6380, tls: true });
});

describe("a password file", () => {
  it.each([
    ["open to a group", "secret", 0o640, /^Expected the password file .* to be for its owner alone.*`chmod 600 /],
    ["open to everybody", "secret", 0o604, /for its owner alone/],
    ["empty", "\n", 0o600, /holds nothing/],
    ["of two lines", "secret\nother\n", 0o600, /holds several/],
    ["far too long", "x".repeat(5000), 0o600, /has 5000 bytes/],
  ])("that is %s is refused, and not shown", async (_, text, mode, message) => {
    const refused = await access("redis://localhost", {}, passwordFile(text, mode)).then(() => undefined, (error: unknown) => error as Error);
    expect(refused?.message).toMatch(message);
    expect(refused?.message).not.toContain("secret");
  });

  it("that is not there is named", async () => {
    await expect(access("redis://localhost", {}, join(folder, "nowhere"))).rejects.toThrow(/^Expected --password-file to name a file that can be read, .*nowhere cannot/);
  });
});

describe("the programs", () => {
  const program = (name: string, mode = 0o755): void => writeFileSync(join(folder, name), "#!/bin/sh\n", { mode });

  it("are those of the first folder of PATH that has them all", () => {
    expect(() => programsFolder("postgresql", "dump", { PATH: `/nowhere:${folder}` }))
      .toThrow(/^Expected pg_dump and psql in one folder of PATH, they are not all there\. Debian and Ubuntu have them in postgresql-client/);
    program("pg_dump");
    program("psql", 0o644);
    expect(() => programsFolder("postgresql", "dump", { PATH: folder })).toThrow("they are not all there");
    chmodSync(join(folder, "psql"), 0o755);
    expect(programsFolder("postgresql", "dump", { PATH: `/nowhere:${folder}` })).toBe(folder);
  });

  it("are those of UPKEEP_TOOLS alone where it is set", () => {
    program("mongodump");
    expect(programsFolder("mongodb", "dump", { PATH: "/nowhere", UPKEEP_TOOLS: folder })).toBe(folder);
    expect(() => programsFolder("mongodb", "dump", { PATH: folder, UPKEEP_TOOLS: "/nowhere" })).toThrow("Expected mongodump in UPKEEP_TOOLS (/nowhere), it is not there.");
  });
});
