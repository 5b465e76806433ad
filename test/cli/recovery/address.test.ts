import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../cli/recovery/address.ts";
import { namesFor } from "../../../cli/recovery/names.ts";
import { run } from "../../../cli/run.ts";
import { plainPage } from "../../support/page.ts";

const SECRET = "geheim";

describe("an address with a password is refused, and nothing of it is shown", () => {
  it.each([
    `postgres://anna:${SECRET}@localhost/shop`,
    `postgres://:${SECRET}@localhost/shop`,
    `postgres://anna%3A${SECRET}@localhost/shop`,
    `postgres://anna%3a${SECRET}@localhost/shop`,
    `postgres://anna:${SECRET}/with/slashes@localhost/shop`,
    `postgres://anna:${SECRET}@with-an-at@localhost/shop`,
    `postgres://anna:${SECRET}#with-a-hash@localhost/shop`,
    `postgres://localhost/shop?password=${SECRET}`,
    `postgres://localhost/shop?sslmode=require&password=${SECRET}`,
    `postgres://localhost/shop?p%61ssword=${SECRET}`,
    `postgres://localhost/shop?PASSWORD=${SECRET}`,
    `postgres://localhost/shop?sslpassword=${SECRET}`,
    `postgres://localhost/shop#?password=${SECRET}`,
    `POSTGRES://anna:${SECRET}@localhost/shop`,
    `mongodb://anna:${SECRET}@localhost/shop`,
    `mongodb+srv://anna:${SECRET}@cluster.example/shop`,
    `mongodb://anna@localhost/shop?authMechanismProperties=AWS_SESSION_TOKEN:${SECRET}`,
    `mongodb://localhost/shop?tlsCertificateKeyFilePassword=${SECRET}`,
    `redis://:${SECRET}@localhost`,
    `rediss://default:${SECRET}@localhost:6380`,
    `redis://localhost?auth=${SECRET}`,
  ])("%s", async (address) => {
    const { exitCode, stdout, stderr } = await run(["backup", "--json", "--url", address, "--store", "./never-made"], { environment: {}, now: new Date(), page: plainPage });
    expect(exitCode).toBe(2);
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("Expected an address without a password after `--url`, got one with it");
  });

  it.each([
    [[`postgres://anna:${SECRET}@localhost/shop`]],
    [[`--ulr=postgres://anna:${SECRET}@localhost/shop`]],
    [[`--url`, `http://anna:${SECRET}@localhost/shop`, "--store", "s"]],
    [[`--url`, `anna:${SECRET}@localhost/shop`, "--store", "s"]],
    [["--url", "postgres://localhost/shop", "--store", `https://anna:${SECRET}@bucket.example`]],
  ])("also where it stands in a wrong place: %s", async (words) => {
    const { exitCode, stdout, stderr } = await run(["backup", "--json", ...words], { environment: {}, now: new Date(), page: plainPage });
    expect(exitCode).toBe(2);
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
  });
});

it.each([
  ["postgres://localhost/shop", { engine: "postgresql", host: "localhost", database: "shop" }],
  ["postgresql://anna@db.example:5433/shop?sslmode=require", { engine: "postgresql", host: "db.example", port: 5433, username: "anna", database: "shop" }],
  ["postgres:///shop?host=/var/run/postgresql", { engine: "postgresql", host: "", database: "shop" }],
  ["postgres://[::1]:5433/shop", { engine: "postgresql", host: "::1", port: 5433, database: "shop" }],
  ["postgres://an%40na@localhost/my%20shop", { engine: "postgresql", username: "an@na", database: "my shop" }],
  ["postgres://localhost/shop?passfile=/home/anna/pass", { engine: "postgresql", database: "shop" }],
  ["mongodb://anna@one:27017,two:27018/shop?replicaSet=rs", { engine: "mongodb", hosts: "one:27017,two:27018", host: "one", port: 27017, database: "shop" }],
  ["mongodb+srv://anna@cluster.example/shop", { engine: "mongodb", scheme: "mongodb+srv", host: "cluster.example", database: "shop" }],
  ["rediss://localhost:6380", { engine: "redis", scheme: "rediss", host: "localhost", port: 6380, database: "0" }],
])("reads %s", (address, expected) => {
  expect(parseAddress("--url", address)).toMatchObject(expected);
});

it.each([
  ["mysql://localhost/shop", "Expected --url to begin with postgres://, postgresql://, mongodb://, mongodb+srv://, redis:// or rediss://, got something else."],
  ["localhost/shop", "Expected --url to begin with"],
  ["postgres://localhost", "Expected --url to name a database after the host, got none. Write it as `--url postgres://localhost/shop`."],
  ["mongodb://localhost/", "Write it as `--url mongodb://localhost/shop`."],
  ["postgres://localhost:port/shop", "Expected --url to name a host, and a port in digits if any, got another."],
  ["postgres://localhost/shop/more", "Expected --url to be an address such as"],
  ["redis://localhost/sessions", "Expected --url to name a database of Redis by its number, got another name."],
  ["postgres://localhost/%zz", "Expected --url to be percent-encoded where it has a %, got another %."],
])("says what is wrong with %s", (address, message) => {
  expect(() => parseAddress("--url", address)).toThrow(message);
});

describe("a backup by hand is called", () => {
  const named = (address: string, asked = {}) => namesFor(parseAddress("--url", address), asked);

  it.each([
    ["postgres://localhost/shop", { system: "localhost", source: "shop" }],
    ["postgres://127.0.0.1:5433/shop", { system: "localhost", source: "shop" }],
    ["postgres:///shop", { system: "localhost", source: "shop" }],
    ["postgres://db.example/shop", { system: "db.example", source: "shop" }],
    ["redis://cache.example", { system: "cache.example", source: "redis" }],
  ])("after the host and the database: %s", (address, expected) => {
    expect(named(address)).toEqual(expected);
  });

  it("as it is asked to", () => {
    expect(named("postgres://localhost/shop", { system: "campus", source: "accounts" })).toEqual({ system: "campus", source: "accounts" });
  });

  it.each([{ source: "../outside" }, { source: "evidence" }, { system: "a/b" }, { source: "" }, { system: ".hidden" }])("never %j", (asked) => {
    expect(() => named("postgres://localhost/shop", asked)).toThrow(/^Expected a name of letters/);
  });
});
