import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { claimAddress, readAddress, urlOf } from './address.ts';

test('listens on loopback, port 3000, unless told otherwise', () => {
  expect(readAddress({})).toEqual({ host: '127.0.0.1', port: 3000 });
  expect(readAddress({ HOST: '0.0.0.0', PORT: '8080' })).toEqual({ host: '0.0.0.0', port: 8080 });
});

test.each(['http', '-1', '65536', '80.5', ' 80', '1e3'])('refuses PORT=%j without repeating it', (PORT) => {
  expect(() => readAddress({ PORT })).toThrow(expect.objectContaining({ exitCode: 78 }));
  expect(() => readAddress({ PORT })).toThrow(/^PORT: expected a number from 0 to 65535$/);
});

test('names a taken port and how to choose another', async () => {
  const other = net.createServer();
  onTestFinished(() => void other.close());
  const port = await new Promise<number>((resolve, reject) => {
    other.listen(0, '127.0.0.1', () => {
      const bound = other.address();
      if (typeof bound === 'object' && bound) resolve(bound.port);
      else reject(new Error('not listening on a port'));
    });
  });
  await expect(claimAddress({ host: '127.0.0.1', port })).rejects.toMatchObject({
    message: expect.stringContaining(`PORT=${port + 1} npm start`),
    exitCode: 75,
  });
});

test('port 0 becomes a free port', async () => {
  const claimed = await claimAddress({ host: '127.0.0.1', port: 0 });
  expect(claimed.port).toBeGreaterThan(0);
});

test('prints an address that a browser on this machine can open', () => {
  expect(urlOf({ host: '127.0.0.1', port: 3000 })).toBe('http://127.0.0.1:3000');
  expect(urlOf({ host: '0.0.0.0', port: 3000 })).toBe('http://127.0.0.1:3000');
  expect(urlOf({ host: '::', port: 3000 })).toBe('http://[::1]:3000');
});
