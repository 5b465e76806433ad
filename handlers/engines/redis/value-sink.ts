/** What one value consists of, told the same whatever form the server kept it in. */
export interface ValueSink {
  readonly kind: (name: string) => void;
  /** Parts whose order counts. A part is valid until the call returns. */
  readonly part: (bytes: Uint8Array) => void;
  /** Members whose order says nothing: the server hands them out as it likes. */
  readonly member: (name: Uint8Array, value?: Uint8Array) => void;
}
