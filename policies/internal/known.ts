import { UnknownValueError } from "@pulumi/policy";

/**
 * Judges each item by itself. A preview that cannot know a value silences the verdict on that item only; the doubt is
 * thrown again at the end, so that Pulumi says that the rule could not be run to its end.
 */
export function eachKnown<Item>(items: readonly Item[], judge: (item: Item) => void): void {
  const [doubt] = items.flatMap((item) => doubtOf(() => judge(item)));
  if (doubt !== undefined) throw doubt;
}

/** Several judgements of one thing, of which a value that a preview cannot know silences only its own. */
export const judgeApart = (judgements: readonly (() => void)[]): void => eachKnown(judgements, (judge) => judge());

/** The value, or `undefined` where only the cloud will know it. */
export function ifKnown<Value>(read: () => Value): Value | undefined {
  let value: Value | undefined;
  doubtOf(() => { value = read(); });
  return value;
}

/** The values of a list that are known. */
export function knownOf<Value>(values: readonly Value[] = []): readonly Value[] {
  // By index: any iteration would stop at the first unknown one.
  return Array.from({ length: values.length }, (_, index) => ifKnown(() => values[index])).filter((value) => value !== undefined);
}

function doubtOf(act: () => void): readonly Error[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof UnknownValueError) return [error as Error];
    throw error;
  }
}
