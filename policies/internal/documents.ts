import { ifKnown, knownOf } from "./known.ts";

/** One statement of an IAM, bucket, topic or key policy. */
export interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Statements of a policy document. A preview sees the object that the program wrote, of which single values may be
 * unknown; a deployment sees the JSON text that a provider made of it.
 */
export function statementsOf(document: unknown): readonly Statement[] {
  const { Statement: statements = [] } = (typeof document === "string" ? JSON.parse(document) : document ?? {}) as {
    Statement?: Statement | readonly Statement[];
  };
  return listOf(statements);
}

export function listOf<Value>(value: Value | readonly Value[] | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value as readonly Value[] : [value as Value];
}

/**
 * Those of the resources that a preview knows. The others are made of an output, so they name something of this stack;
 * when they are known, at `up`, they are judged too.
 */
export const knownResources = (statement: Statement): readonly string[] => knownOf(ifKnown(() => listOf(statement.Resource)));

export const allows = (statement: Statement, service: string, action: string): boolean =>
  statement.Effect === "Allow" && servicesOf(statement).includes(service) && listOf(statement.Action).includes(action);

const servicesOf = ({ Principal: principal }: Statement): readonly string[] =>
  principal === undefined || typeof principal === "string" ? [] : listOf(principal["Service"]);

/** What keeps a bucket from the public. */
export const doors = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** The bucket and its objects are two resources: their ARNs come from outputs, so only their number can be judged early. */
export const deniesPlainHttp = (statement: Statement): boolean =>
  statement.Effect === "Deny" &&
  isEveryone(statement.Principal) &&
  listOf(statement.Action).includes("s3:*") &&
  listOf(statement.Resource).length >= 2 &&
  String(statement.Condition?.["Bool"]?.["aws:SecureTransport"]) === "false";

const isEveryone = (principal: Statement["Principal"]): boolean =>
  principal === "*" || (typeof principal === "object" && listOf(principal["AWS"]).includes("*"));
