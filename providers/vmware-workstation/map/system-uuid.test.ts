import { expect, it } from 'vitest';
import { systemUuids } from './system-uuid.ts';

it.each([
  // Broadcom's own example, knowledge base article 344089, in both of its forms.
  [
    '00 11 22 33 44 55 66 77-88 99 AA BB CC DD EE FF',
    '33221100-5544-7766-8899-aabbccddeeff',
    '00112233-4455-6677-8899-aabbccddeeff',
  ],
  // kubernetes/cloud-provider-vsphere: what the kubelet of a node says, and what VMware says of its VM.
  [
    '42 2e 49 56 ad 22 11 39-6d 72 59 cc 8f 26 bc 90',
    '56492e42-22ad-3911-6d72-59cc8f26bc90',
    '422e4956-ad22-1139-6d72-59cc8f26bc90',
  ],
  // vmware/pyvmomi#688: /sys/class/dmi/id/product_uuid of a guest, and vCenter.
  [
    '42 1f 24 5c 7f a8 60 fa-6a f6 a4 63 51 ce d0 eb',
    '5c241f42-a87f-fa60-6af6-a46351ced0eb',
    '421f245c-7fa8-60fa-6af6-a46351ced0eb',
  ],
])('%s is %s to the guest, and %s in the order of the file', (text, guest, plain) =>
  expect(systemUuids(text)).toEqual([guest, plain]),
);

it('says one that reads the same in both orders once', () =>
  expect(systemUuids('01 02 02 01 03 03 04 04-05 06 07 08 09 0a 0b 0c')).toEqual([
    '01020201-0303-0404-0506-0708090a0b0c',
  ]));

it.each([null, '', '56 4d', 'not a uuid at all', '00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 00'])(
  'makes nothing of %j',
  (text) => expect(systemUuids(text)).toEqual([]),
);
