"use strict";
// Loaded into the program and into the pack before anything else. Pulumi's SDK takes the whole trace of each promise and each
// resource and maps every frame of it to its source, which is a fifth of a run. Tests read messages: frames stay as they
// are, and ten are enough for tsx, which reads them too.
const format = (error, frames) => [String(error), ...frames.slice(0, 10).map((frame) => `    at ${frame}`)].join("\n");
Object.defineProperty(Error, "prepareStackTrace", { get: () => format, set: () => {} });
