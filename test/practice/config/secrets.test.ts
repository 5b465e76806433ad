import { describe, expect, it } from "vitest";
import { parseSettings, readStack, settingsFromEngine } from "../../../practice/config/index.ts";
import { findSecrets } from "../../../practice/config/secrets.ts";
import { projectOnDisk } from "../../support/project-on-disk.ts";
import { broken, prodYaml, pulumiYaml, read, refusal, today } from "./campus.ts";

const password = "hunter2";
const secretLine = "secret: campus/prod/postgresql";
const channelLine = "{ email: oncall@campus.example }";

describe("a secret in the stack file", () => {
  it("is refused where a secret's name belongs, and never printed", () => {
    expect(refusal(() => read(broken(secretLine, `secret: postgresql://app:${password}@db.campus.example/accounts`)))).toBe(`1 problem, nothing was changed:

Pulumi.prod.yaml:21:7  upkeep:databases.accounts.secret
  Expected no secret in a stack file, got a connection string with a password (not shown). Put it into a Secrets Manager secret and write the secret's name here; it can be read by everyone who reads this file, so change it as well.`);
  });

  it("is refused as JSON, with the advice to write the secret's name", () => {
    expect(refusal(() => read(broken(secretLine, `secret: '{"username":"u","password":"${password}"}'`)))).toBe(`1 problem, nothing was changed:

Pulumi.prod.yaml:21:7  upkeep:databases.accounts.secret
  Expected no secret in a stack file, got credentials as JSON (not shown). Put them into a Secrets Manager secret and write that secret's NAME here; they can be read by everyone who reads this file, so change them as well.`);
  });

  it.each([`"${password} with spaces"`, `'{"user":"${password}"}'`, `"arn:aws:secretsmanager:eu-central-1:123456789012:secret:${password}-abcdef"`, "31415926", `"${password}, ${password}"`])(
    "is never printed where its name belongs, whatever it looks like: %s", (value) => {
      const message = refusal(() => read(broken(secretLine, `secret: ${value}`)));
      expect(message).toContain("upkeep:databases.accounts.secret\n  Expected the name of a Secrets Manager secret (not its ARN, not its value), got a value that is no name (not shown).");
      expect(message).not.toMatch(/hunter2|31415926/);
    });

  it.each([
    [`|${password}`, "Expected a text in the lines below `|` or `>`, got one that follows on the same line. Put it below, or put quotes around a text that begins with one of them."],
    [`>${password}`, "Expected a text in the lines below `|` or `>`, got one that follows on the same line. Put it below, or put quotes around a text that begins with one of them."],
    [`!${password}!x`, "Expected a value, got a tag that YAML does not know. Remove it, or put quotes around a text that begins with `!`."],
    [`!<${password}`, "Expected a value, got a tag that YAML does not know. Remove it, or put quotes around a text that begins with `!`."],
    [String.raw`"\h${password}"`, "Expected a backslash that YAML knows the meaning of, got another. Write it twice, or put single quotes around the text."],
    [`*${password}`, "Expected an alias whose anchor is set above it, got one without. Write the values out, or put quotes around a text that begins with `*`."],
    [`@${password}`, "Expected YAML that can be read, got something else (plain value cannot start with reserved character @). Mend this line or the one above it."],
    [`a: ${password}`, "Expected YAML that can be read, got something else (nested mappings are not allowed in compact mappings). Mend this line or the one above it."],
    [`"a" ${password}`, "Expected YAML that can be read, got something else (unexpected scalar at node end). Mend this line or the one above it."],
  ])("is never printed when YAML reads it as something else: %s", (value, expected) => {
    const message = refusal(() => read(broken(secretLine, `secret: ${value}`)));
    expect(message).toContain("1 problem, nothing was changed:\n\nPulumi.prod.yaml:21:");
    expect(message).toContain(expected);
    expect(message).not.toContain(password);
  });

  it.each([`password:${password}`, `dbPassword:${password}`, `"password:${password}"`, `engine:postgresql secret:${password}`])(
    "is never printed when the space after a colon was forgotten: %s", (line) => {
      const message = refusal(() => read(broken("    accounts:\n", `    orders:\n      ${line}\n    accounts:\n`)));
      expect(message).toContain("upkeep:databases.orders\n  Expected no secret in a stack file, got a key and its value in one word (not shown). Put a space after the colon, and let the value be the NAME of a Secrets Manager secret;");
      expect(message).not.toContain(password);
    });

  it("is answered with where its name belongs when somebody makes up a key for it", () => {
    const message = refusal(() => read(broken(secretLine, `${secretLine}\n      pasword: ${password}`)));
    expect(message).toContain('got "pasword". Remove it, and change what stood here if it is a password: the NAME of a Secrets Manager secret belongs under `secret`.');
    expect(message).not.toContain(password);
  });

  it("is never printed where the ARN of a key belongs", () => {
    const message = refusal(() => read(broken(secretLine, `${secretLine}\n      secretKey: ${password}`)));
    expect(message).toContain("Expected the ARN of a KMS key, got something else (not shown).");
    expect(message).not.toContain(password);
  });

  it("is refused encrypted too", () => {
    expect(refusal(() => read(broken(secretLine, `secret: { secure: "v1:${password}" }`)))).toBe(`1 problem, nothing was changed:

Pulumi.prod.yaml:21:7  upkeep:databases.accounts.secret
  Expected no secret in a stack file, got an encrypted value (\`secure:\`). One of them makes the whole key unknown in a preview. Put the value into a Secrets Manager secret and write the secret's name here.`);
  });

  it.each([
    [secretLine, `secret: mongodb+srv://app:${password}@campus.mongodb.net`],
    [secretLine, `secret: "mongodb://app:${password}/with@signs@host"`],
    [secretLine, `secret: "host=db user=app password=${password}"`],
    ["database: accounts", `database: redis://:${password}@host`],
    ["https://runbooks.campus.example/", `https://reader:${password}@runbooks.campus.example`],
    ["https://alerts.campus.example/upkeep", `https://alerts.campus.example/upkeep?token=${password}`],
    [channelLine, `{ https: "https://hooks.slack.com/services/T0/B0/${password}" }`],
    [channelLine, `{ https: "https://campus.webhook.office.com/webhookb2/${password}" }`],
    [channelLine, `{ https: "https://events.pagerduty.com/integration/${password}/enqueue" }`],
    [channelLine, `{ https: "https://events.eu.pagerduty.com/integration/${password}/enqueue" }`],
    [channelLine, `{ https: "https://api.eu.opsgenie.com/v1/json/cloudwatch?apiKey=${password}" }`],
    [channelLine, `{ https: "https://alert.victorops.com/integrations/cloudwatch/20131130/alert/${password}/all" }`],
    [channelLine, `{ https: "https://oncall-prod.grafana.net/integrations/v1/amazon_sns/${password}/" }`],
    [channelLine, `{ https: "https://api.telegram.org/bot${password}/sendMessage" }`],
    [channelLine, `{ https: "https://campus.azurewebsites.net/api/page?code=${password}" }`],
    [channelLine, `{ https: "https://hooks.zapier.com/hooks/catch/1/${password}" }`],
    [channelLine, `{ email: "https://prod-1.westeurope.logic.azure.com/workflows/${password}" }`],
    ["sizeGiB: 40", `"postgresql://app:${password}@host": 40`],
    ["  upkeep:files:", `  "upkeep:mongodb://app:${password}@host": 1\n  upkeep:files:`],
    ["upkeep:routing:", `upkeep:routing: [ "mongodb://app:${password}@host" ]\n  upkeep:alerts:`],
  ])("is refused and never printed: %s -> %s", (piece, by) => {
    const message = refusal(() => read(broken(piece, by)));
    expect(message).toContain("(not shown)");
    expect(message).not.toContain(password);
  });

  it.each([
    "token", "auth_token", "accessToken", "key", "routing_key", "X-Api-Key", "client_secret", "sig", "X-Amz-Signature", "passwd", "pwd", "auth", "x-amz-credential",
  ])("is refused and never printed as the parameter %s of an address, the first or a later one", (parameter) => {
    for (const query of [`?${parameter}=${password}`, `?from=upkeep&${parameter}=${password}`]) {
      const message = refusal(() => read(broken(channelLine, `{ https: "https://alerts.campus.example/upkeep${query}" }`)));
      expect(message).toContain("upkeep:channels.oncall.https\n  Expected no secret in a stack file, got an address with credentials (not shown).");
      expect(message).not.toContain(password);
    }
  });

  it.each([
    `config:\n  a: "postgresql://app:${password}@host\n`,
    `config:\n  a: { b: postgresql://app:${password}@host ] }\n`,
    `config:\n\ta: postgresql://app:${password}@host\n`,
    `postgresql://app:${password}@host\n`,
  ])("is not printed when the YAML around it cannot be read", (text) => {
    expect(refusal(() => read(text))).not.toContain(password);
  });

  it("is refused when only the file still shows that it was encrypted", () => {
    const folder = projectOnDisk({ "Pulumi.yaml": pulumiYaml, "Pulumi.prod.yaml": broken(secretLine, "secret: { secure: v1:cipher }") });
    const { config } = readStack(folder, "prod");
    const decrypted = { ...config, "upkeep:databases": (config["upkeep:databases"] ?? "").replace("[secret]", "campus/prod/postgresql") };
    expect(refusal(() => settingsFromEngine(decrypted, { stack: "prod", projectDir: folder, now: today }))).toContain(
      "Pulumi.prod.yaml:21:7  upkeep:databases.accounts.secret\n  Expected no secret in a stack file, got an encrypted value (`secure:`).");
  });

  it("is refused when the engine has decrypted it", () => {
    const config = { "aws:region": "eu-central-1", "upkeep:datadog": `{"site":"${password}"}` };
    const message = refusal(() => settingsFromEngine(config, { stack: "prod", secretKeys: ["upkeep:datadog", "datadog:apiKey"], now: today }));
    expect(message).toContain("upkeep:datadog\n  Expected no secret in a stack file, got an encrypted value (`secure:`).");
    expect(message).not.toContain(password);
  });
});

describe("a secret of another namespace in plain text", () => {
  it.each(["datadog:apiKey", "datadog:appKey", "mongodbatlas:privateKey", "campus:dbPassword", "vendor:token", "password"])("is refused and never printed: %s", (key) => {
    const message = refusal(() => read(`${prodYaml}  ${key}: ${password}\n`));
    const path = key === "password" ? "campus:password" : key;
    expect(message).toBe(`1 problem, nothing was changed:

Pulumi.prod.yaml:35:3  ${path}
  Expected an encrypted value, got one that everybody can read (not shown). Write it with \`pulumi config set --secret ${path} --stack prod\`, which asks for it, and let it be a new one.`);
  });

  it.each(["datadog:apiKey: { secure: v1:cipher }", "datadog:apiKey:", "mongodbatlas:publicKey: abc", "aws:accessKey: abc", "vendor:tokenLifetime: 7"])("is not seen in %s", (line) => {
    expect(read(`${prodYaml}  ${line}\n`).system.name).toBe("campus");
  });
});

it("is told of in the words of a program where there is no file", () => {
  const args = { channels: { desk: { https: `https://hooks.slack.com/services/T0/B0/${password}` } } };
  const message = refusal(() => parseSettings(args, { stack: "prod", region: "eu-central-1", prefix: "", now: today }));
  expect(message).toContain("channels.desk.https\n  Expected no secret in the arguments, got a webhook address");
  expect(message).not.toMatch(/hunter2| file/);
});

it.each([
  "https://api.campus.example:8443/health", "oncall@campus.example", "campus/prod/postgresql", "https://campus.example/@team",
  "arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1", "one fixed host, see decision 7",
  "https://alerts.campus.example/upkeep?source=aws&format=json", "https://www.pagerduty.com/", "https://campus.example/key=value",
])("%s is no secret", (text) => {
  expect(findSecrets(text)).toEqual([]);
});
