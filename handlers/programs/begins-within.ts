/** Passes a source on, or fails when its first bytes do not come in time; how long the rest takes is not watched here. */
export async function* beginsWithin(source: AsyncIterable<Uint8Array>, milliseconds: number, otherwise: string): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const first = iterator.next();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), milliseconds);
  });
  try {
    for (let next = await Promise.race([first, late]); next.done !== true; next = await iterator.next()) yield next.value;
  } catch (error) {
    // Nobody waits for the first bytes any more; the end of the program may still fail them.
    first.catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
