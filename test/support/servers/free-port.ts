import { createServer } from "node:net";

/** A loopback port that was free a moment ago; the system hands out others first before it repeats one. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("Expected a port from the system, got none: is the loopback interface up?"));
      });
    });
  });
}
