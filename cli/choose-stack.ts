import { listStacks, StackFileError } from "../practice/config/index.ts";

/** What is meant when nobody says: the stack that matters most. */
const usual = "prod";

/** `--stack`, else PULUMI_STACK, else `prod`, else the only stack there is. */
export function chooseStack(projectDir: string, asked: string | undefined, { PULUMI_STACK = "" }: Readonly<Record<string, string | undefined>>): string {
  if (asked !== undefined) return asked;
  if (PULUMI_STACK !== "") return PULUMI_STACK;
  const stacks = listStacks(projectDir);
  const [first, ...others] = stacks;
  if (stacks.includes(usual)) return usual;
  if (first !== undefined && others.length === 0) return first;
  throw new StackFileError([{ path: "stack", message: first === undefined
    ? "Expected a stack file beside Pulumi.yaml, found none. Begin with one from examples/, named Pulumi.prod.yaml."
    : `Expected a stack, got none and there are several: ${stacks.join(", ")}. Name one: --stack ${first}.` }]);
}
