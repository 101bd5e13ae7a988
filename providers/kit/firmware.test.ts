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
])('%j is the UUID of no machine', (value) => expect(isFirmwareUuid(value)).toBe(false));

test.each(['4c4c4544-0042-3510-8052-b4c04f4d3132', 'ec2f0cbe-1b2c-3d4e-5f60-718293a4b5c6'])('%s is', (value) =>
  expect(isFirmwareUuid(value)).toBe(true),
);
