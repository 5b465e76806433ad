import type { DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";

/** The end of a drill's execution, as people see it. */
export interface EndedDrill {
  readonly status: string | undefined;
  /** The word, where it did not end well. */
  readonly error: string | undefined;
  /** What people read first. */
  readonly said: string;
  /** The word, where it did. */
  readonly outcome?: string;
}

export function endOfDrill({ status, output, error, cause }: DescribeExecutionCommandOutput): EndedDrill {
  const { outcome, said = "" } = JSON.parse(output ?? "{}") as { readonly outcome?: string; readonly said?: string };
  return { status, error, said: cause ?? said, ...(outcome === undefined ? {} : { outcome }) };
}
