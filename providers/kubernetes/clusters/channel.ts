/** Values handed from many writers to one reader, in the order in which they come. */
export interface Channel<T> extends AsyncIterable<T> {
  push(value: T): void;
  /** No more will come; with an error, the reader gets what came before and then the error. */
  end(error?: unknown): void;
}

export function createChannel<T>(): Channel<T> {
  const values: T[] = [];
  let ended: { error: unknown } | null = null;
  let wake: () => void = () => undefined;
  return {
    push(value) {
      values.push(value);
      wake();
    },
    end(error) {
      ended ??= { error };
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (values.length > 0) yield values.shift() as T;
        if (ended) {
          if (ended.error !== undefined) throw ended.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
