/** Where backups and their evidence lie. The handlers know no more of it than this: a bucket and a folder serve alike. */
export interface Store {
  /** As people call it: the bucket's name, or the folder's path. */
  readonly name: string;
  /** How a program is told of an object: `s3://bucket/key`, or a path. */
  readonly addressOf: (key: string) => string;
  /** Every object under a prefix, in the order of the keys. `after`: only those whose keys come after this one. */
  readonly list: (prefix: string, after?: string) => AsyncIterable<ListedObject>;
  /** Undefined when there is no such object. */
  readonly facts: (key: string) => Promise<ObjectFacts | undefined>;
  /** A whole text, at most 8 MiB. Throws when there is no such object. */
  readonly readText: (key: string) => Promise<string>;
  /** All bytes of one version; an empty version id is the current one. Fails when they end early, and with the signal's reason. */
  readonly read: (key: string, versionId: string, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** Stores a stream as one object, or nothing. Gives the version id, empty where there are no versions. */
  readonly write: (object: NewObject) => Promise<string>;
  /** Writes a text under a key that nothing lies under; false when something does. */
  readonly create: (key: string, text: string) => Promise<boolean>;
  /** Lets the store's lifecycle expire an object; false when there is no such object. `versionId`: only if it is still this version. */
  readonly markSuperseded: (key: string, versionId?: string) => Promise<boolean>;
  /** Whether an object is marked so. Asked for people: no handler needs it, and none may. */
  readonly isSuperseded: (key: string) => Promise<boolean>;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** As S3 says it, with its quotes; absent in a folder. */
  readonly etag?: string;
  /** When these bytes were stored; absent in a folder. */
  readonly modifiedAt?: Date;
}

/** What a store says of an object without giving it. */
export interface ObjectFacts {
  readonly bytes: number;
  /** Base64, of all bytes; absent when the store keeps none for this object. */
  readonly crc32?: string;
  /** When these bytes were stored. */
  readonly modifiedAt?: Date;
  /** As S3 says it, with its quotes; absent in a folder. */
  readonly etag?: string;
  /** Absent where there are no versions. */
  readonly versionId?: string;
}

export interface NewObject {
  readonly key: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Expected size, GiB: decides how the object is cut on its way. */
  readonly sizeGiB: number;
  readonly signal: AbortSignal;
}
