import { storeEnvironment } from "../../../practice/contract/environment.ts";
import { only } from "../../../preview/render/terminal/of-kind.ts";
import type { Account } from "../account.ts";
import { asked, type Finding, ok, problem } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** A region that is not switched on for the account refuses everyone; so much of the second one can be seen before it is used. */
export async function secondRegion({ plan, number, accountIn }: Subject): Promise<readonly Finding[]> {
  const check = "second region";
  return asked(check, async () => {
    const [region] = only(plan.entries, "store").flatMap((store) => store.secondRegion ?? []);
    if (region === undefined) return [];
    try {
      const there = await accountIn(region).number(region);
      return there === number ? ok(check, `${region}, the same account`)
        : problem(check, `${region} says account ${there}`, "Look where AWS_ENDPOINT_URL and the profile lead.");
    } catch (error) {
      if (!(error instanceof Error && notSwitchedOn.test(error.name))) throw error;
      return problem(check, `${region} refuses these credentials`, "Switch the region on for the account (Account, AWS Regions), or choose another.");
    }
  });
}

/** How AWS answers in a region that an account has not switched on. */
const notSwitchedOn = /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|OptInRequired)$/;

/** Where the functions of a deployed stack write: the bucket is there, and its key opens it. Bucket names are known only there. */
export function stores({ plan, account, accountIn, namedOf }: Subject, environment: Readonly<Record<string, string>>): readonly Promise<readonly Finding[]>[] {
  const { bucket, replicaBucket } = storeEnvironment;
  return only(plan.entries, "store").flatMap(({ secondRegion: second }) => [
    storeIn(plan.region, account, environment[bucket]),
    ...(second === undefined ? [] : [storeIn(second, accountIn(second), environment[replicaBucket])]),
  ]);

  function storeIn(region: string, there: Account, name: string | undefined): Promise<readonly Finding[]> {
    const check = `store in ${region}`;
    return asked(check, async () => {
      if (name === undefined || name === "") return problem(check, "the functions name none", "pulumi refresh, then pulumi up.");
      if (!await there.bucketExists(name)) return problem(check, `there is no bucket ${name}`, "Its backups are gone with it. Ask who removed it, then pulumi refresh and pulumi up.");
      const alias = namedOf("aws:kms/alias:Alias").find((one) => one.name.endsWith("-backups") && (one.region ?? plan.region) === region);
      const state = alias && await there.keyState(alias.name);
      return state === "Enabled" ? ok(check, `${name}, its key is enabled`)
        : problem(check, `the key of ${name} is ${state ?? "gone"}`, "Nothing in it can be read or written: cancel the key's deletion, or enable it.");
    });
  }
}
