import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, expect, it, vi } from "vitest";
import { describeWithParts, programPath } from "./parts.ts";
import { startGuarded } from "./servers/guarded-server.ts";
import { startMongo } from "./servers/mongodb.ts";
import { startPostgres } from "./servers/postgresql.ts";
import { startRedis } from "./servers/redis.ts";
import { startS3 } from "./servers/s3.ts";
import { serverFolder } from "./servers/server-folder.ts";

const execute = promisify(execFile);
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const stop of stops.splice(0)) await stop();
});

const stopLater = <Server extends { readonly stop: () => Promise<void> }>(server: Server): Server => {
  stops.push(server.stop);
  return server;
};

describeWithParts("startPostgres", ["postgresql"], () => {
  it("gives a server that knows its password and refuses another one", async () => {
    const server = stopLater(await startPostgres());
    await expect(server.sql("create table a (b int); insert into a values (1), (2); select count(*) from a")).resolves.toBe("2");
    const args = ["-h", server.host, "-p", String(server.port), "-U", server.user, "-d", server.database, "-c", "select 1"];
    const wrong = execute(programPath("postgresql", "psql"), args, { env: { ...process.env, PGPASSWORD: "wrong" } });
    await expect(wrong).rejects.toThrow("password authentication failed");
  });

  it("leaves neither folder nor listener behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "upkeep-tidy-"));
    chmodSync(folder, 0o1777); // as /tmp is: PostgreSQL's own account must be able to remove what it made
    vi.stubEnv("TMPDIR", folder);
    const server = await startPostgres();
    expect(readdirSync(folder)).toHaveLength(1);
    await server.stop();
    await server.stop();
    await expect(connects(server.port)).resolves.toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    rmdirSync(folder);
  });
});

describeWithParts("startMongo", ["mongodb", "mongo-tools"], () => {
  it("lets its user in with the password and nobody else", async () => {
    const server = stopLater(await startMongo());
    const dump = (password: string): Promise<{ stderr: string }> =>
      execute(programPath("mongo-tools", "mongodump"), ["--archive", server.uri.replace(server.password, password)]);
    await expect(dump(server.password)).resolves.toMatchObject({ stderr: expect.stringContaining("done dumping admin.system.users") as string });
    await expect(dump("wrong")).rejects.toThrow("auth error");
  });
});

describeWithParts("startRedis", ["redis"], () => {
  it("gives an empty server that knows its user's password and refuses another one, or none", async () => {
    const server = stopLater(await startRedis());
    await expect(server.command("DBSIZE")).resolves.toBe("0");
    await server.command("SET", "greeting", "good morning");
    await expect(server.command("GET", "greeting")).resolves.toBe("good morning");
    const login = (password: string) => execute(programPath("redis", "redis-cli"), ["-e", "-p", String(server.port), "--user", server.user, "GET", "greeting"], {
      env: { ...process.env, REDISCLI_AUTH: password },
    });
    await expect(login("wrong")).rejects.toThrow("NOAUTH");
    await expect(login("")).rejects.toThrow("NOAUTH");
  });

  it("leaves neither folder nor listener behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "upkeep-tidy-"));
    vi.stubEnv("TMPDIR", folder);
    const server = await startRedis();
    await server.command("SET", "a", "1");
    await server.stop();
    await server.stop();
    await expect(connects(server.port)).resolves.toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    rmdirSync(folder);
  });
});

describeWithParts("a server whose test process is killed", ["mongodb"], () => {
  it("stops, and takes its folder along", async () => {
    const folder = mkdtempSync(join(tmpdir(), "upkeep-killed-"));
    const script = `const { startMongo } = await import(${JSON.stringify(new URL("servers/mongodb.ts", import.meta.url).href)});
      console.log((await startMongo()).port);
      setInterval(() => {}, 1000);`;
    const victim = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(victim.stdout, "data")) as [Buffer];
    await expect(connects(Number(port))).resolves.toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith("upkeep-mongodb-"))).toHaveLength(1);
    victim.kill("SIGKILL");
    await expect.poll(() => connects(Number(port)), { timeout: 8_000 }).toBe(false);
    await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith("upkeep-mongodb-")), { timeout: 8_000 }).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describeWithParts("a server that cannot start", ["mongodb"], () => {
  it("is reported with what was waited for and its last lines, and leaves no folder", async () => {
    const folder = serverFolder("broken");
    const broken = startGuarded({
      name: "a broken server",
      program: programPath("mongodb", "ferretdb"),
      args: ["--no-such-option"],
      folder,
      stopSignal: "TERM",
      isReady: () => false,
      waitsFor: "a miracle",
    });
    await expect(broken).rejects.toThrow(/Expected a broken server to start, it ended \(exit code \d+\)\.\n.*last lines:[^]*no-such-option/);
    expect(existsSync(folder)).toBe(false);
  });
});

describeWithParts("startS3", ["s3"], () => {
  it("on a port that is taken, by another emulator even, says so and leaves nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "upkeep-taken-"));
    vi.stubEnv("TMPDIR", folder);
    const first = await startS3();
    try {
      const before = readdirSync(folder);
      const port = Number(new URL(first.endpoint).port);
      await expect(startS3({}, port)).rejects.toThrow(new RegExp(`^Expected the S3 emulator to start, it ended \\(exit code 1\\)\\.[^]*${port} is already in use`));
      expect(readdirSync(folder)).toEqual(before);
    } finally {
      await first.stop();
    }
    rmdirSync(folder);
  });

  it("keeps an object, and refuses to overwrite one that is create-only", async () => {
    const server = stopLater(await startS3());
    const client = new S3Client({ endpoint: server.endpoint, region: server.region, credentials: server.credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: "store" }));
    const put = (body: string) => client.send(new PutObjectCommand({ Bucket: "store", Key: "manifest", Body: body, IfNoneMatch: "*" }));
    await put("first");
    await expect(put("second")).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    const kept = await client.send(new GetObjectCommand({ Bucket: "store", Key: "manifest" }));
    await expect(kept.Body?.transformToString()).resolves.toBe("first");
    client.destroy();
  });
});

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).once("error", () => resolve(false));
  });
}
