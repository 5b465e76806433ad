import * as z from "zod";
import { listed, sentence } from "../problems.ts";
import { show } from "../show.ts";
import { meaning, noMeaning, type Parsed } from "../words/parsed.ts";

/** For `safeParse`: a stack file is read once, and zod would spend longer on compiling its readers than they run. */
export const readOnce = { jitless: true } as const;

/** One value of the stack file: `In` is what a person writes, `Out` what the program works with. */
export const leaf = <Out, In = string>(read: (value: unknown) => Parsed<Out>) =>
  z.custom<In>().transform<Out>((value, context) => {
    const parsed = read(value);
    if (parsed.problem === undefined) return parsed.value;
    const { expected, wayOut, got = show(value) } = parsed.problem;
    context.issues.push({ code: "custom", input: value, message: sentence(expected, got, wayOut) });
    return z.NEVER;
  });

/** Text of a known form. */
export const text = (pattern: RegExp, expected: string, example: string) =>
  leaf<string>((value) => (typeof value === "string" && pattern.test(value) ? meaning(value) : noMeaning(expected, `write it as \`${example}\``)));

export const trueOrFalse = leaf<boolean, boolean>((value) =>
  typeof value === "boolean" ? meaning(value) : noMeaning("true or false", "write `true` or `false`, without quotes"));

export const oneOf = <const Name extends string>(names: readonly Name[], noun: string) =>
  leaf<Name, Name>((value) => {
    const name = names.find((candidate) => candidate === value);
    return name === undefined ? noMeaning(noun, `write ${listed(names, "or")}`) : meaning(name);
  });

/** What `explain` needs to say about a key that nobody knows. */
export interface UnknownKey {
  readonly known: readonly string[];
  readonly noun: string;
}

/** Named keys and no others. Zod reports all strangers of an object in one issue; here each has its own, at its own place. */
export function keys<const Shape extends Readonly<Record<string, z.core.$ZodType>>>(shape: Shape, noun = "a key") {
  const known = Object.keys(shape);
  const unknownKey = z.unknown().superRefine((value, context) => {
    context.addIssue({ code: "custom", input: value, params: { known, noun } satisfies UnknownKey });
  });
  const object = z.object(shape, { error: ({ input }) => sentence(`the keys ${listed(known)}`, show(input), isGlued(input) ? "put a space after each colon" : "write them below this one") });
  return object.catchall(unknownKey) as unknown as z.ZodObject<Shape, z.core.$strict>;
}

/** `keep:30 days`: YAML sees a text where a person sees a key and its value. */
const isGlued = (input: unknown): boolean => typeof input === "string" && /^\w+:\S/.test(input);

/** Names that the person chooses, each with a value of one kind. */
export const named = <Value extends z.core.$ZodType>(value: Value, example: string) =>
  z.record(z.string(), value, { error: ({ input }) => sentence("names with what each of them is", show(input), `write it as \`${example}\``) });

/** A list with at least one item. */
export const listOf = <Item extends z.core.$ZodType>(item: Item, expected: string, example: string) => {
  const error = ({ input }: { readonly input?: unknown }) => sentence(expected, show(input), `write it as \`${example}\``);
  return z.array(item, { error }).min(1, { error });
};

/** Reads with the schema that fits the value's own shape: a union that never reports what the other branch would have wanted. */
export const shaped = <Schema extends z.ZodType>(choose: (value: unknown) => Schema) =>
  z.custom<z.input<Schema>>().transform<z.output<Schema>>((value, context) => {
    const result = choose(value).safeParse(value, readOnce);
    if (result.success) return result.data;
    context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  });
