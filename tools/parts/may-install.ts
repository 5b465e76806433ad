/** Set by `npm run parts -- --install`; a machine that runs CI is ours to change anyway. */
export const installVariable = "UPKEEP_PARTS_INSTALL";

/** Whether a part may change the machine itself: only as root, and only when somebody said so. */
export const mayInstall = (): boolean =>
  process.getuid?.() === 0 && (process.env.CI === "true" || process.env[installVariable] === "true");
