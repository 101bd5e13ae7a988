/**
 * What makers of boards leave in the firmware instead of a number of its own, in either byte order: each is that of thousands of boards,
 * and would weld strangers together.
 */
const FILLERS: ReadonlySet<string> = new Set([
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '03020100-0504-0706-0809-0a0b0c0d0e0f',
  '00010203-0405-0607-0809-0a0b0c0d0e0f',
  '12345678-1234-5678-90ab-cddeefaabbcc',
]);

/** A UUID that one machine has, in lower case; one byte again and again is none. */
export const isFirmwareUuid = (value: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) &&
  !/^(..)\1*$/.test(value.replaceAll('-', '')) &&
  !FILLERS.has(value);

/** The first three groups as a reader of the other byte order writes them: old firmware, and old readers of it, mix the two up. */
export function otherByteOrder(uuid: string): string {
  const groups = uuid.split('-');
  return groups.map((group, i) => (i < 3 ? (group.match(/../g) ?? []).reverse().join('') : group)).join('-');
}
