import { describe, expect, it } from 'vitest';
import { endpointSchema, sameOrigin } from './endpoint.ts';

describe('endpoint', () => {
  it.each([
    'https://ec2.private.example',
    'https://10.0.0.1:8443/base',
    'http://127.0.0.1:4566',
    'http://localhost:1',
    'http://[::1]:1',
  ])('takes %s', (text) => expect(endpointSchema.safeParse(text).success).toBe(true));

  it.each([
    'http://10.0.0.1',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'https://user:pass@host.example',
    'file:///etc/passwd',
    'unix:/run/x.sock',
    'not an address',
    '',
  ])('refuses %s', (text) => {
    const checked = endpointSchema.safeParse(text);
    expect(checked.success).toBe(false);
    expect(JSON.stringify(checked.error?.issues)).not.toContain('user:pass');
  });

  it('fault 21: tells a next page that leads elsewhere', () => {
    const endpoint = 'https://management.azure.example';
    expect(sameOrigin('https://management.azure.example/next?x=1', endpoint)).toBe(true);
    for (const link of [
      'https://management.azure.example.evil.example/next',
      'http://management.azure.example/next',
      'https://management.azure.example:8443/next',
      'http://169.254.169.254/latest',
      '/next',
    ])
      expect(sameOrigin(link, endpoint), link).toBe(false);
  });
});
