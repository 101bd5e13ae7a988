/** A value that JSON can carry: the shape of redacted raw detail. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
