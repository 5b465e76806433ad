/** Constants of the engine's protocol (`sdk/go/common/resource` in pulumi/pulumi). They never change. */
export const signature = {
  key: "4dabf18193072939515e22adb298388d",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/** How an unknown string travels; the SDK reads any unknown value in this form. */
export const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Providers get one id in every preview, so that references to them compare between two revisions. */
export const providerId = "00000000-0000-0000-0000-000000000000";

export const stackType = "pulumi:pulumi:Stack";
export const providerTypePrefix = "pulumi:providers:";
