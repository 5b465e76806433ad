import type { Input } from "@pulumi/pulumi";
import type { Scope } from "./scope.ts";

/** Seconds until a function that only looks is asked once more. */
export const ASK_AGAIN_SECONDS = 30;

/** A function that ended at its own limit has its answer there by then. */
const ANSWER_SECONDS = 30;

/**
 * What Step Functions calls the end of a function that Lambda itself ended: out of memory, at its hard timeout, killed
 * (AWS: handle Lambda service exceptions, which names the first; the others are the runtime's own, given since with its answer).
 */
export const ENDED_BY_LAMBDA = ["Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory"] as const;

export interface CallFunctionArgs {
  readonly scope: Scope;
  readonly function: { readonly arn: Input<string> };
  /** A path into the state's input, or an object in which keys that end in `.$` are such paths. */
  readonly payload: string | Readonly<Record<string, string>>;
  /** After which the function has ended. */
  readonly timeoutSeconds: number;
  /** A call that failed is made once more this much later. */
  readonly retryAfterSeconds: number;
  /** Errors after which it is not called again: who names them goes on from there in a way of his own. Default: none. */
  readonly notAgainAfter?: readonly string[];
}

/** A state that calls a function, without what comes after it. */
export const callFunction = ({ scope, function: called, payload, timeoutSeconds, retryAfterSeconds, notAgainAfter = [] }: CallFunctionArgs) => ({
  Type: "Task",
  Resource: `arn:${scope.partition}:states:::lambda:invoke`,
  Parameters: { FunctionName: called.arn, ...(typeof payload === "string" ? { "Payload.$": payload } : { Payload: payload }) },
  // On the state, not on the machine: so a timeout is a failed execution, and one alarm sees both.
  TimeoutSeconds: timeoutSeconds + ANSWER_SECONDS,
  Retry: [
    { ErrorEquals: ["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"], IntervalSeconds: 10, MaxAttempts: 4, BackoffRate: 2 },
    ...(notAgainAfter.length === 0 ? [] : [{ ErrorEquals: notAgainAfter, MaxAttempts: 0 }]),
    { ErrorEquals: ["States.ALL"], IntervalSeconds: retryAfterSeconds, MaxAttempts: 1 },
  ],
});
