/** An object as JSON, from its values as JSON; null is the value null. Answers are handed on as the text they came as. */
export const jsonOf = <T>(parts: Readonly<Record<keyof T & string, string | null>>): string =>
  `{${Object.entries(parts)
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .join(',')}}`;
