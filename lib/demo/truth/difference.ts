/** What is otherwise after than before: the things as they are, and those that are gone as they were. */
export function difference<T>(
  before: readonly T[],
  after: readonly T[],
  id: (item: T) => string,
  print: (item: T) => string,
): { put: T[]; gone: T[] } {
  const old = new Map(before.map((item) => [id(item), item]));
  const put: T[] = [];
  for (const item of after) {
    const known = old.get(id(item));
    if (!known || print(known) !== print(item)) put.push(item);
    old.delete(id(item));
  }
  return { put, gone: [...old.values()] };
}
