import { setMaxListeners } from "node:events";

/**
 * Does the work for each item, so many at one time, and gives the results in the order of the items. The first failure
 * stops the others: what was begun is waited for, what was not is not begun.
 */
export async function sideBySide<Item, Result>(items: readonly Item[], atOnce: number, signal: AbortSignal, work: (item: Item, index: number, signal: AbortSignal) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  // Each request listens to it more than once; Node would warn of a leak at eleven listeners.
  setMaxListeners(4 * atOnce, stop);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      stop.throwIfAborted();
      try {
        results[index] = await work(item, index, stop);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  signal.throwIfAborted();
  if (ended.some(({ status }) => status === "rejected")) throw failed.signal.reason;
  return results;
}
