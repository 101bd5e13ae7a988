import { expect, test } from 'vitest';
import { identityAddress, identityRequest, readIdentityView, SHOWS } from './identity-view.ts';

const read = (search: string) => readIdentityView(new URLSearchParams(search));

test('every view survives the way through the address, and the plain address is the likely pairs', () => {
  expect(read('')).toEqual({ show: 'likely', offset: 0 });
  for (const show of SHOWS)
    for (const offset of [0, 25]) {
      const address = identityAddress({ show, offset });
      expect(read(new URL(address, 'http://x').search)).toEqual({ show, offset });
    }
});

test('an address with the former name of a view leads to it', () => {
  expect(read('show=contradictions&offset=25')).toEqual({ show: 'conflicts', offset: 25 });
});

test('what is not understood is left at its default', () => {
  expect(read('show=all&offset=-3')).toEqual({ show: 'likely', offset: 0 });
  expect(read('show=constructor')).toEqual({ show: 'likely', offset: 0 });
  expect(read('offset=1e99')).toEqual({ show: 'likely', offset: 0 });
  expect(read('offset=2.5')).toEqual({ show: 'likely', offset: 0 });
});

test('only possible pairs are asked for as such', () => {
  expect(identityRequest({ show: 'possible', offset: 25 })).toEqual({ confidence: 'possible', offset: 25 });
  expect(identityRequest({ show: 'decisions', offset: 0 })).toEqual({ confidence: 'likely', offset: 0 });
});
