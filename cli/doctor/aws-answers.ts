import type { Tags } from "./account.ts";

/** What every client is given. */
export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** Names that AWS gives the errors that mean: there is no such thing. EC2 ends them in `.NotFound`; IAM and Systems Manager have their own. */
const absent = /^(NoSuchBucket|404|NoSuchEntity(Exception)?|InvalidDocument|InvalidInstanceId)$|NotFound(Exception)?$|DoesNotExist$/;

/** `undefined` for what does not exist; anything else that goes wrong is thrown on. */
export async function orAbsent<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && absent.test(error.name)) return undefined;
    throw error;
  }
}

/** Most services give tags as a list. */
export const tagsIn = (list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined): Tags =>
  Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** More than anything that is asked for here can have; an account that always says `more` must not be asked for ever. */
const MOST_PAGES = 100;

export async function everyPage<Item>(
  ask: (next: string | undefined) => Promise<{ readonly items: readonly Item[] | undefined; readonly next: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await ask(next);
    all.push(...(answer.items ?? []));
    next = answer.next === "" ? undefined : answer.next;
    if (next === undefined) return all;
  }
  throw new Error(`Expected at most ${MOST_PAGES} pages, got more.`);
}
