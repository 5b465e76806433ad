import type { Input } from "@pulumi/pulumi";
import type { Scope } from "./scope.ts";

/** Seconds until a function that only looks is asked once more. */
export const ASK_AGAIN_SECONDS = 30;

/** A function that ended at its own limit has its answer there by then. */
const ANSWER_SECONDS = 30;

export interface CallFunctionArgs {
  readonly scope: Scope;
  readonly function: { readonly arn: Input<string> };
  /** A path into the state's input, or an object in which keys that end in `.$` are such paths. */
  readonly payload: string | Readonly<Record<string, string>>;
  /** After which the function has ended. */
  readonly timeoutSeconds: number;
  /** A call that failed is made once more this much later. */
  readonly retryAfterSeconds: number;
}

/** A state that calls a function, without what comes after it. */
export const callFunction = ({ scope, function: called, payload, timeoutSeconds, retryAfterSeconds }: CallFunctionArgs) => ({
  Type: "Task",
  Resource: `arn:${scope.partition}:states:::lambda:invoke`,
  Parameters: { FunctionName: called.arn, ...(typeof payload === "string" ? { "Payload.$": payload } : { Payload: payload }) },
  // On the state, not on the machine: so a timeout is a failed execution, and one alarm sees both.
  TimeoutSeconds: timeoutSeconds + ANSWER_SECONDS,
  Retry: [
    { ErrorEquals: ["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"], IntervalSeconds: 10, MaxAttempts: 4, BackoffRate: 2 },
    { ErrorEquals: ["States.ALL"], IntervalSeconds: retryAfterSeconds, MaxAttempts: 1 },
  ],
});
