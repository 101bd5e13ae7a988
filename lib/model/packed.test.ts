import { expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { pack, unpackData } from './packed.ts';
import { NULLABLE } from './resource.ts';

it('fault 113: reads rows that were stored when addresses were private or public', () => {
  const { addresses: _, mappedAddresses: __, ...older } = JSON.parse(pack(anyResource({ name: 'web' })).data);
  const read = unpackData(JSON.stringify({ ...older, privateAddresses: ['10.0.0.1'], publicAddresses: [] }));
  expect(read).toMatchObject({ name: 'web', addresses: ['10.0.0.1'], mappedAddresses: [] });
  expect(Object.keys(read)).not.toContain('privateAddresses');
});

it('reads rows that were stored when the object id was called origin', () => {
  const { objectId, ...older } = JSON.parse(pack(anyResource({ objectId: 'pod-1' })).data);
  const read = unpackData(JSON.stringify({ ...older, origin: objectId }));
  expect(read).toMatchObject({ objectId: 'pod-1' });
  expect(Object.keys(read)).not.toContain('origin');
});

it('keeps what is not known apart from what there is none of', () => {
  const { data } = pack(anyResource({ addresses: null, mappedAddresses: [] }));
  expect(unpackData(data)).toMatchObject({ addresses: null, mappedAddresses: [] });
});

it.each(NULLABLE)('reads a row that was stored before there was %s as one that does not say', (name) => {
  const stored = JSON.parse(pack(anyResource()).data);
  delete stored[name];
  expect(unpackData(JSON.stringify(stored))[name]).toBeNull();
});
