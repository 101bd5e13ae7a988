import { describe, expect, it } from 'vitest';
import { cloudOf, computeAddress, identityRoot, nextAddress, refuseForeign } from './address.ts';

const AUTH = 'https://cloud.example.org:5000/v3';

describe('addresses of OpenStack', () => {
  it.each([
    ['https://k.example:5000', 'https://k.example:5000/v3'],
    ['https://k.example:5000/', 'https://k.example:5000/v3'],
    ['https://k.example/identity', 'https://k.example/identity/v3'],
    ['https://k.example/identity/v3/', 'https://k.example/identity/v3'],
  ])('finds v3 of Keystone below %s', (authUrl, root) => expect(identityRoot(authUrl)).toBe(root));

  it('names a cloud by the host of its Keystone, whatever its port', () => {
    expect(cloudOf('https://Cloud.Example.org:5000/v3')).toBe('cloud.example.org');
  });

  it.each([
    ['https://n.example/v2.1', 'https://n.example/v2.1', 'https://n.example/v2.1/'],
    ['https://n.example/compute/v2.1/', 'https://n.example/compute/v2.1', 'https://n.example/compute/v2.1/'],
    ['https://n.example:8774/v2.1/0abc', 'https://n.example:8774/v2.1/0abc', 'https://n.example:8774/v2.1/'],
    ['https://n.example:8774/v2/0abc', 'https://n.example:8774/v2/0abc', 'https://n.example:8774/v2/'],
    ['https://n.example/compute', 'https://n.example/compute/v2.1', 'https://n.example/compute/v2.1/'],
  ])('takes %s of the catalogue apart', (url, base, root) => expect(computeAddress(url)).toEqual({ base, root }));

  it.each([
    ['https://cloud.example.org:8774/v2.1', []],
    ['https://nova.example.org/v2.1', ['nova.example.org']],
  ])('sends a token to %s where %j are named', (url, hosts) => {
    expect(() => refuseForeign(url, AUTH, hosts, 'R')).not.toThrow();
  });

  it.each([
    ['https://nova.example.org/v2.1'],
    ['https://cloud.example.org.evil.example/v2.1'],
    ['https://cloud.example.org@evil.example/v2.1'],
    ['http://169.254.169.254/v2.1'],
    ['http://cloud.example.org:8774/v2.1'],
    ['file:///etc/passwd'],
    ['nova'],
  ])('a Keystone catalogue with a foreign host is refused: %s', (url) => {
    expect(() => refuseForeign(url, AUTH, ['other.example.org'], 'R')).toThrow(
      expect.objectContaining({ kind: 'config' }),
    );
  });

  const base = 'https://cloud.example.org:8774/v2.1';
  it.each([
    [`${base}/servers/detail?limit=1&marker=a`, `${base}/servers/detail?limit=1&marker=a`],
    ['/v2.1/servers/detail?marker=a', `${base}/servers/detail?marker=a`],
    // A proxy that ends TLS and did not tell Nova so.
    ['http://cloud.example.org:8774/v2.1/servers/detail?marker=a', `${base}/servers/detail?marker=a`],
    ['http://cloud.example.org/v2.1/servers/detail?marker=a', `${base}/servers/detail?marker=a`],
    ['https://nova.example.org/v2.1/servers/detail?marker=a', 'https://nova.example.org/v2.1/servers/detail?marker=a'],
  ])('follows the next link %s', (link, url) => {
    expect(nextAddress(link, base, ['nova.example.org'], 'R').href).toBe(url);
  });

  it.each([
    ['https://evil.example/v2.1/servers/detail?marker=a'],
    ['https://cloud.example.org:8775/v2.1/servers/detail?marker=a'],
    ['http://nova.example.org/v2.1/servers/detail?marker=a'],
    ['http://169.254.169.254/latest'],
    ['https://user:secret@cloud.example.org:8774/v2.1/servers/detail'],
    ['//evil.example/v2.1'],
  ])('fault 21: refuses the next link %s', (link) => {
    expect(() => nextAddress(link, base, ['nova.example.org'], 'R')).toThrow(
      expect.objectContaining({ kind: 'bad-reply' }),
    );
  });
});
