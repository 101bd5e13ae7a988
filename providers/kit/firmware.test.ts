import { expect, test } from 'vitest';
import { isFirmwareUuid } from './firmware.ts';

test.each([
  ...['', 'x', 'Not Settable', '4C4C4544-0042-3510-8052-B4C04F4D3132', '4c4c4544004235108052b4c04f4d3132'],
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '03020100-0504-0706-0809-0a0b0c0d0e0f',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '4c4c4544-0000-2010-8020-80c04f202020',
  '44454c4c-0000-1020-8020-80c04f202020',
  '11111111-2222-3333-4444-555555555555',
  '11111111-1111-1111-1111-111111111111',
  '58585858-5858-5858-5858-585858585858',
  '07090201-0103-0301-0807-060504030201',
  '01020907-0301-0103-0807-060504030201',
  '6ab5b300-538d-1014-9fb5-b0684d007b53',
  '890e2d14-cacd-45d1-ae66-bc80e8bfeb0f',
  '8e275844-178f-44a8-aceb-a7d7e5178c63',
  'dc698397-fa54-4cf2-82c8-b1b5307a6a7f',
  '0badc0de-ffff-ffff-ffff-ffffffffffff',
])('%j is the UUID of no machine', (value) => expect(isFirmwareUuid(value)).toBe(false));

test.each(['4c4c4544-0042-3510-8052-b4c04f4d3132', 'ec2f0cbe-1b2c-3d4e-5f60-718293a4b5c6'])('%s is', (value) =>
  expect(isFirmwareUuid(value)).toBe(true),
);
