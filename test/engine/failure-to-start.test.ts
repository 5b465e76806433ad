import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEngine } from "../support/engine/engine.ts";
import { repository } from "../support/engine/project.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 120_000 });

const source = fileURLToPath(new URL("fixtures/violations", import.meta.url));

it("an engine that cannot be built is named with its consequence and the way out, not a crash", () => {
  const parts = mkdtempSync(join(tmpdir(), "upkeep-parts-"));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", join(repository, "tools", "engine.ts")], {
      cwd: repository, encoding: "utf8", timeout: 60_000, env: { PATH: parts, HOME: parts, UPKEEP_PARTS: parts },
    });
    expect({ status, stdout, files: readdirSync(parts) }).toEqual({ status: 1, stdout: "", files: [] });
    expect(stderr).toMatch(/^engine: missing: no test shows that Pulumi does what the offline preview says\. .*install Go .*npm run parts/m);
    expect(stderr).not.toContain("    at ");
  } finally {
    rmSync(parts, { recursive: true });
  }
});

describeWithParts("an engine that cannot start or go on", ["engine"], () => {
  let folder: string;
  /** But for the cache that tsx keeps for every program. */
  const left = (): readonly string[] => readdirSync(folder).filter((name) => !name.startsWith("tsx-"));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-failure-"));
    vi.stubEnv("TMPDIR", folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it("says which port is taken, and leaves nothing", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { readonly port: number }).port));
    });
    try {
      await expect(startEngine({ stack: "dev", source, ports: { datadog: port } }))
        .rejects.toThrow(`Expected port ${port} to be free for the provider datadog, another program listens there. Leave the port out to get a free one.`);
      expect(left()).toEqual([]);
    } finally {
      other.close();
    }
  });

  it("says which provider died in the middle, ends, and leaves nothing", async () => {
    const engine = await startEngine({ stack: "dev", source, pack: false });
    try {
      engine.onDeed = () => engine.killProvider("aws");
      await expect(engine.up()).rejects.toThrow(/^Expected the provider aws to answer until pulumi up ends, it stopped before\./);
    } finally {
      engine.stop();
    }
    expect(left()).toEqual([]);
  });

  it("is stopped when it takes too long, with its last lines", async () => {
    const engine = await startEngine({ stack: "dev", source, pack: false, limitSeconds: 10 });
    try {
      engine.onDeed = () => new Promise(() => {});
      await expect(engine.up()).rejects.toThrow(/^Expected pulumi up to end within 10 s, it was stopped\. Its last lines:/);
    } finally {
      engine.stop();
    }
    expect(left()).toEqual([]);
  });
});
