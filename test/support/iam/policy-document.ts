/** A statement as components write them: actions and resources are lists. */
interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface Permission {
  readonly action: string;
  readonly resource: string;
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  (value === undefined ? [] : typeof value === "string" ? [value] : value);

/** Each action on each resource that a document allows. */
export const permissionsIn = ({ Statement }: PolicyDocument): readonly Permission[] =>
  Statement.flatMap(({ Action, Resource }) => listOf(Action).flatMap((action) => listOf(Resource).map((resource) => ({ action, resource }))));

/** The document without one permission. What no longer allows anything is left out. */
export function without(document: PolicyDocument, { action, resource }: Permission): PolicyDocument {
  return {
    ...document,
    Statement: document.Statement.flatMap((statement) => {
      const actions = listOf(statement.Action);
      const resources = listOf(statement.Resource);
      if (!actions.includes(action) || !resources.includes(resource)) return [statement];
      const parts = [
        { Action: actions.filter((other) => other !== action), Resource: resources },
        { Action: [action], Resource: resources.filter((other) => other !== resource) },
      ];
      return parts.filter((part) => part.Action.length > 0 && part.Resource.length > 0).map((part) => ({ ...statement, ...part }));
    }),
  };
}
