/** `upkeep preview | head` closes the pipe when it has read enough: that is no fault. */
const isClosedPipe = (error: Error): boolean => (error as NodeJS.ErrnoException).code === "EPIPE";

/** Writes all of it, or as much as the reader wants. Done when the text has left the process. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error && !isClosedPipe(error) ? reject(error) : resolve()));
  });
}

/** A write that fails is reported to its callback, above, and a second time as an event that would end the process. */
export function tolerateClosedPipes(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on("error", (error: Error) => {
      if (!isClosedPipe(error)) throw error;
    });
  }
}
