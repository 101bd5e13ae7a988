/**
 * What makers of boards leave in the firmware instead of a number of its own: each is that of thousands of boards, and would weld
 * strangers together. From FreeBSD's rc.d/hostid, GLPI's blacklist of UUIDs and Dell's service tag that nobody wrote.
 */
const FILLERS: ReadonlySet<string> = new Set(
  [
    '03000200-0400-0500-0006-000700080009',
    '03020100-0504-0706-0809-0a0b0c0d0e0f',
    '07090201-0103-0301-0807-060504030201',
    '11111111-2222-3333-4444-555555555555',
    '12345678-1234-5678-90ab-cddeefaabbcc',
    '4c4c4544-0000-2010-8020-80c04f202020',
    '6ab5b300-538d-1014-9fb5-b0684d007b53',
    '890e2d14-cacd-45d1-ae66-bc80e8bfeb0f',
    '8e275844-178f-44a8-aceb-a7d7e5178c63',
    'dc698397-fa54-4cf2-82c8-b1b5307a6a7f',
  ].flatMap((uuid) => [uuid, otherByteOrder(uuid)]),
);

/** All bits behind the first group are ones: an error's code instead of a number. */
const ERROR_CODE = /-ffff-ffff-ffff-ffffffffffff$/;

/** A UUID that one machine has, in lower case; one byte again and again is none. */
export const isFirmwareUuid = (value: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) &&
  !/^(..)\1*$/.test(value.replaceAll('-', '')) &&
  !ERROR_CODE.test(value) &&
  !FILLERS.has(value);

/** The first three groups as a reader of the other byte order writes them: old firmware, and old readers of it, mix the two up. */
export function otherByteOrder(uuid: string): string {
  const groups = uuid.split('-');
  return groups.map((group, i) => (i < 3 ? (group.match(/../g) ?? []).reverse().join('') : group)).join('-');
}
