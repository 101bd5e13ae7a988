import { expect, it } from 'vitest';
import { consoleOf } from './console.ts';

it.each([
  [undefined, 'console.cloud.google.com'],
  ['https://compute-restricted.p.googleapis.com', 'console.cloud.google.com'],
  ['https://compute.s3nsapis.fr', 'console.cloud.s3nscloud.fr'],
  ['https://compute.notgoogleapis.com', null],
  ['http://127.0.0.1:8080', 'console.cloud.google.com'],
])('the console of the cloud at %s is %s', (endpoint, host) => {
  expect(consoleOf(endpoint)).toBe(host);
});
