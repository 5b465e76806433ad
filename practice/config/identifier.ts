/** A value that only the cloud knows yet: a Pulumi Output, handed through untouched. Never comes from a stack file. */
export interface Deferred {
  readonly __pulumiOutput: true;
}

/** Names something that exists already: an id or a name, or the Output that will hold it. */
export type Identifier = string | Deferred;
