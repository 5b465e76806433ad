import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { makeStore, settingsOf, type TestStore } from "../handlers/test-store.ts";
import { gitToken } from "../servers/git.ts";
import type { S3Server } from "../servers/s3.ts";
import type { Call } from "./call.ts";
import { type Recorder, recorderAt } from "./recorder.ts";

/** Where a call went: the part of the practice whose name it carried. */
export type Place = "store" | "replica" | "source" | "state" | "exports" | "";

/** What a handler called while it did all that it ever does. */
export interface Worked {
  readonly calls: readonly Call[];
  readonly commands: ReadonlySet<string>;
  readonly placeOf: (call: Call) => Place;
}

/** The secret of the source in these runs. */
export const secretName = "database";

/** Once per emulator: backups of databases and repositories read it. */
export const putSecret = async (server: S3Server): Promise<void> => void await new SecretsManagerClient(settingsOf(server)).send(
  new CreateSecretCommand({ Name: secretName, SecretString: JSON.stringify({ username: "x-access-token", password: "p", host: "db.example", token: gitToken }) }),
);

/** What a handler works with: the store, another bucket, and clients that tell of each call. */
export interface Stage {
  readonly recorder: Recorder;
  readonly store: TestStore;
  readonly other: TestStore;
}

/** Sets a handler to work, and gives what it called. */
export async function atWork(server: S3Server, otherIs: Place, work: (stage: Stage) => Promise<void>): Promise<Worked> {
  const recorder = recorderAt(server);
  const [store, other] = await Promise.all([makeStore(server), makeStore(server)]);
  await work({ recorder, store, other });
  const places = new Map<string, Place>([[store.name, "store"], [other.name, otherIs], [secretName, ""], ["", ""]]);
  return {
    // S3 encrypts exports with keys of its own: KMS is not asked.
    calls: recorder.calls.filter(({ part, name }) => otherIs !== "exports" || part !== "key" || name !== other.name),
    commands: recorder.commands,
    placeOf: ({ name }) => {
      const place = places.get(name);
      if (place === undefined) throw new Error(`Expected a call to one of ${[...places.keys()].join(", ")}, got ${name}.`);
      return place;
    },
  };
}
