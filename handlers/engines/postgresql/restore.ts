import { redactionOf } from "../../runtime/redaction.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { NotATarget, type RestoreSource, type RestoreTarget } from "../restore.ts";
import { ask } from "./ask.ts";
import { addressOf, connectionOf, type PostgresqlDatabase, secretsOf } from "./connection.ts";
import { type Claim, reasonsAgainst, rolesLacking } from "./proof.ts";
import { readInto } from "./read-into.ts";
import { withoutRows } from "./redaction.ts";
import { openSession, type Session } from "./session.ts";
import { contentsNow } from "./snapshot.ts";
import { identifier } from "./tables.ts";
import { factsOf, rolesOf } from "./target-facts.ts";
import { majorOf, versionOf } from "./version.ts";

export async function openPostgresqlTarget(target: PostgresqlDatabase, signal: AbortSignal): Promise<RestoreTarget> {
  // Each program connects anew: the server that proved itself need not be the one that is written.
  if (target.credentials.host.includes(",")) throw new NotATarget(`Expected one host as a target, got several: ${target.credentials.host}. Name the one to restore into.`);
  const folder = await makePrivateFolder();
  const closed = new AbortController();
  const stop = AbortSignal.any([signal, closed.signal]);
  const under = new Set<Promise<unknown>>();
  /** Nothing of ours runs any more once the target is closed. */
  const followed = <Answer>(work: Promise<Answer>): Promise<Answer> => {
    under.add(work);
    return work.finally(() => under.delete(work));
  };
  const close = async (): Promise<void> => {
    closed.abort(new Error("Expected the target to be open, it was closed."));
    await Promise.allSettled(under);
    await folder.remove();
  };

  try {
    const env = await connectionOf(target, folder);
    const redact = redactionOf(secretsOf(target.credentials));
    const connection = { tools: target.tools, env, redact, signal: stop };
    const name = `${target.database} on ${addressOf(env)}`;
    const within = async <Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> => {
      const session = await openSession(connection);
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    };
    const expectProof = async (claim: Claim): Promise<void> => {
      const reasons = reasonsAgainst(await within((session) => factsOf(session, addressOf(env))), claim);
      if (reasons.length > 0) throw new NotATarget(`Expected ${name} to be fit for ${claim.purpose}, nothing is restored into it. ${reasons.join(" ")}`);
    };
    const major = majorOf(await followed(within(versionOf)));
    let proven: Claim | undefined;

    const load = async (dump: AsyncIterable<Uint8Array>): Promise<void> => {
      if (proven === undefined) throw new NotATarget(`Expected ${name} to have proved that it may be written, nobody asked it to.`);
      // What was empty when the dump was asked for may have been taken by another since.
      await expectProof(proven);
      if (proven.ownServer) await within(makeRoles(proven.source));
      await readInto({ tools: target.tools, env, redact: (text) => withoutRows(redact(text)), major }, dump, stop);
    };
    return {
      name,
      prove: async (purpose, source) => {
        const claim = { purpose, source, asked: target.database, ownServer: target.ownServer === true };
        await followed(expectProof(claim));
        proven = claim;
      },
      load: (dump) => followed(load(dump)),
      contents: () => followed(within((session) => contentsNow(session, major))),
      ask: (question) => followed(ask(connection, question)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Those that the dump's policies name: without them its load ends at the first. Nobody logs in as them. */
const makeRoles = (source: RestoreSource) => async (session: Session): Promise<void> => {
  const lacking = rolesLacking(source, await rolesOf(session));
  if (lacking.length > 0) await session.run(lacking.map((role) => `create role ${identifier(role)} nologin;`).join("\n"));
};
