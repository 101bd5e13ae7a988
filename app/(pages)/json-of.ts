type Text = string | null;

/** An object as JSON, from its values as JSON; null is the value null. Answers are handed on as the text they came as. */
export async function jsonOf<T>(parts: Readonly<Record<keyof T & string, Text | Promise<Text>>>): Promise<string> {
  const entries = Object.entries<Text | Promise<Text>>(parts);
  const texts = await Promise.all(entries.map(async ([key, text]) => `${JSON.stringify(key)}:${await text}`));
  return `{${texts.join(',')}}`;
}
