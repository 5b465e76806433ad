import { vi } from "vitest";
import type { Account } from "../../cli/doctor/account.ts";
import { awsAccount } from "../../cli/doctor/aws.ts";
import { NOW } from "./doctor.ts";
import { type S3Server, startS3 } from "./servers/s3.ts";

export const REGION = "eu-central-1";

/** The emulator takes twelve digits for a key of that account. */
export const ACCOUNT = "123456789012";

/** An emulator of AWS, and the doctor's questions to it. */
export interface AskedEmulator {
  readonly server: S3Server;
  readonly account: Account;
  readonly accountIn: (region: string) => Account;
  /** For clients that make what is asked for. */
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly stop: () => Promise<void>;
}

export async function startAskedEmulator(): Promise<AskedEmulator> {
  const server = await startS3();
  for (const [name, value] of Object.entries({ ...server.env, AWS_ACCESS_KEY_ID: ACCOUNT })) vi.stubEnv(name, value);
  const accountIn = (region: string): Account => awsAccount(region, process.env, () => NOW);
  return {
    server, accountIn,
    account: accountIn(REGION),
    settings: { endpoint: server.endpoint, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: "test" } },
    stop: async () => {
      vi.unstubAllEnvs();
      await server.stop();
    },
  };
}

/** The end record of an archive with nothing in it. */
export const emptyZip = Buffer.concat([Buffer.from("PK\u0005\u0006"), Buffer.alloc(18)]);
