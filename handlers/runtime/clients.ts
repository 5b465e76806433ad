/** How every AWS client of a handler is set up: a connection that went silent is given up and the request repeated. */
export const clientSettings = {
  /** The SDK's own standard is 3; a backup of an hour meets more hiccups than a web request. */
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 5_000,
    /** Milliseconds without a byte in either direction. S3 answers a finished part within seconds. */
    socketTimeout: 60_000,
  },
} as const;

/** An endpoint of one's own (an emulator, a private endpoint) has no host name per bucket. */
export const s3Settings = (env: Readonly<Record<string, string | undefined>>) =>
  ({ ...clientSettings, forcePathStyle: env["AWS_ENDPOINT_URL"] !== undefined || env["AWS_ENDPOINT_URL_S3"] !== undefined }) as const;
