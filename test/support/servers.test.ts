import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, expect, it } from "vitest";
import { describeWithParts, programPath } from "./parts.ts";
import { startMongo } from "./servers/mongodb.ts";
import { startPostgres } from "./servers/postgresql.ts";
import { startS3 } from "./servers/s3.ts";

const execute = promisify(execFile);
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const stopLater = <Server extends { readonly stop: () => Promise<void> }>(server: Server): Server => {
  stops.push(server.stop);
  return server;
};
const foldersOf = (name: string): string[] => readdirSync(tmpdir()).filter((entry) => entry.startsWith(`upkeep-${name}-`));

describeWithParts("startPostgres", ["postgresql"], () => {
  it("gives a server that knows its password and refuses another one", async () => {
    const server = stopLater(await startPostgres());
    await expect(server.sql("create table a (b int); insert into a values (1), (2); select count(*) from a")).resolves.toBe("2");
    const args = ["-h", server.host, "-p", String(server.port), "-U", server.user, "-d", server.database, "-c", "select 1"];
    const wrong = execute(programPath("postgresql", "psql"), args, { env: { ...process.env, PGPASSWORD: "wrong" } });
    await expect(wrong).rejects.toThrow("password authentication failed");
  });

  it("leaves neither folder nor listener behind", async () => {
    const before = foldersOf("postgresql");
    const server = await startPostgres();
    expect(foldersOf("postgresql").length).toBeGreaterThan(before.length);
    await server.stop();
    await server.stop();
    await expect(connects(server.port)).resolves.toBe(false);
  });
});

describeWithParts("startMongo", ["mongodb", "mongo-tools"], () => {
  it("lets its user in with the password and nobody else", async () => {
    const server = stopLater(await startMongo());
    const dump = (password: string): Promise<{ stderr: string }> =>
      execute(programPath("mongo-tools", "mongodump"), ["--archive", server.uri.replace(server.password, password), "--quiet"]);
    await expect(dump(server.password)).resolves.toBeDefined();
    await expect(dump("wrong")).rejects.toThrow("auth error");
  });
});

describeWithParts("startS3", ["s3"], () => {
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
