import { credentials, noCredentials } from "./checks/account.ts";
import { deployed } from "./checks/deployed.ts";
import { endpoints } from "./checks/endpoints.ts";
import { hosts } from "./checks/hosts.ts";
import { names } from "./checks/names.ts";
import { network } from "./checks/network.ts";
import { concurrency, sourceBuckets, toolsLayers } from "./checks/rests-on.ts";
import { secrets } from "./checks/secrets.ts";
import { secondRegion } from "./checks/store.ts";
import type { Finding } from "./finding.ts";
import type { Subject } from "./subject.ts";

/** Everything that the stack rests on, in the order in which a person would mend it. */
export async function examine(asked: Omit<Subject, "number">): Promise<readonly Finding[]> {
  let number: string;
  try {
    number = await asked.account.number(asked.plan.region);
  } catch (error) {
    return [noCredentials(error)];
  }
  const first = credentials(asked.plan, number);
  // A stranger's account has nothing to say of this stack.
  if (first.state !== "ok") return [first];
  const subject = { ...asked, number };
  const found = await Promise.all([secrets, network, endpoints, toolsLayers, sourceBuckets, secondRegion, hosts, names, concurrency, deployed].map((check) => check(subject)));
  return [first, ...found.flat()];
}
