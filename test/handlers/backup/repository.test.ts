import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { decodeOf } from "../../../handlers/engines/open.ts";
import { runVerification } from "../../../handlers/verify/run.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { restored } from "../../support/handlers/bundles.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type GitServer, refsIn, startGit } from "../../support/servers/git.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const scheduledTime = "2026-11-23T02:00:00Z";

describeWithParts("a backup of a repository in the function, on the emulator", ["s3"], () => {
  let server: S3Server;
  let git: GitServer;
  beforeAll(async () => {
    [server, git] = await Promise.all([startFullObjectS3(), startGit()]);
    git.git("update-ref", "refs/heads/main", git.git("commit-tree", git.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first"));
    git.git("tag", "-m", "a release", "v1", "main");
    const secrets = new SecretsManagerClient(settingsOf(server));
    const put = (Name: string, SecretString: string) => secrets.send(new CreateSecretCommand({ Name, SecretString }));
    await put("good", JSON.stringify({ token: git.token }));
    await put("wrong", JSON.stringify({ token: "ghp_wrong-token" }));
    await put("of-a-database", JSON.stringify({ username: "u", password: "ghp_in-the-wrong-place", host: "h" }));
    await put("of-two-lines", JSON.stringify({ token: "ghp_one\r\nHost: other" }));
    await put("no-json", "ghp_no-json");
  });
  afterAll(() => Promise.all([server.stop(), git.stop()]));
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  /** The handler as Lambda calls it, with the environment that its component sets; gives what it logged. */
  async function backUp(store: TestStore, secret: string): Promise<string> {
    const variables = {
      ...server.env, UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: store.name, UPKEEP_SOURCE: "shop", UPKEEP_SIZE_GIB: "1",
      UPKEEP_ENGINE: "repository", UPKEEP_DATABASE: git.url, UPKEEP_SECRET: secret,
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const log = vi.spyOn(console, "log").mockReturnValue();
    const { handler } = await import("../../../handlers/backup/index.ts");
    await handler({ scheduledTime }, { awsRequestId: "request-1", getRemainingTimeInMillis: () => 300_000 });
    return log.mock.calls.flat().join("\n");
  }

  it("is stored, checked by reading it whole, and cloned by git alone", async () => {
    const store = await makeStore(server);
    const logged = await backUp(store, "good");
    const said = await store.text("campus/shop/2026/11/20261123T020000Z/manifest.json");
    expect(logged + said).not.toContain(git.token);
    const manifest = JSON.parse(said) as BackupManifest;
    expect(manifest).toMatchObject({ engine: "repository", database: git.url, counts: { refs: 3 }, hashedBy: "git-object-ids-1", restoreCommand: expect.stringMatching(/^aws s3 cp 's3:.*\.bundle' - > repository\.bundle && git clone --mirror/) as string });

    const now = (): Date => new Date("2026-11-23T05:00:00Z");
    await expect(runVerification({ system: "campus", stack: "prod", source: "shop", keepDays: 30, level: "decode", scheduledAt: now() }, {
      store, decode: decodeOf({ engine: "repository", tools: "" }), now, signal: new AbortController().signal,
    })).resolves.toMatchObject({ record: { outcome: "verified", findings: [] } });

    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(manifest.object.key, "", new AbortController().signal)) chunks.push(chunk);
    const folder = mkdtempSync(join(tmpdir(), "restored-"));
    try {
      expect(refsIn(restored(Buffer.concat(chunks), folder))).toEqual(git.git("for-each-ref", "--format=%(objectname) %(refname)").split("\n"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ["wrong", "refused the token (401)"],
    ["of-a-database", "Expected the secret of-a-database to be JSON with a token that may read the code, as {\"token\": \"...\"}, and a username where the server wants a certain one. It is not: token is missing or wrong."],
    ["of-two-lines", "It is not: token is missing or wrong."],
    ["no-json", "It is not: no JSON object."],
    ["", "its server wants a token (401)"],
  ])("is none with the secret `%s`, and nothing of it is shown", async (secret, message) => {
    const store = await makeStore(server);
    const said = await backUp(store, secret).then(() => "stored", (error: unknown) => String(error));
    expect(said).toContain(message);
    expect(said).not.toContain("ghp_");
    expect(await store.keys()).toEqual([]);
    recordFault({ engine: "repository", fault: `secret: ${secret === "" ? "none" : secret}`, happened: message.slice(0, 40), exit: "error", evidence: "no manifest", alarm: "failed, age", left: "nothing" });
  });
});
