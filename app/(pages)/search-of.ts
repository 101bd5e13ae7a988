export type SearchParameters = Readonly<Record<string, string | string[] | undefined>>;

/** The parameters that Next hands to a page, as a query string; of one that is given twice the first counts. */
export function searchOf(parameters: SearchParameters): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) search.set(key, first);
  }
  return search.toString();
}
