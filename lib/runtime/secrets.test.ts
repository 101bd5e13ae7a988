import { expect, test } from 'vitest';
import { MENTIONED, mentionsSecret, namesSecret, remembered, withoutSecrets } from './secrets.ts';

const SECRETS = [
  'password',
  'DB_PASSWORD',
  'admin_password',
  'rootPasswd',
  'pass',
  'adminPass',
  'admin_pass',
  'passphrase',
  'secret',
  'secrets',
  'clientSecret',
  'client_secret_id',
  'x.secret.name',
  'aws_secret_access_key',
  'token',
  'GH_TOKEN',
  'sessionToken',
  'credential',
  'credentials',
  'privateKey',
  'private_key_pem',
  'accessKeyId',
  'access.key',
  'api-key',
  'apikey',
  'X-Api-Key',
  'accountKey',
  'sharedKey1',
  'connectionString',
  'connection_string',
  'signature',
  'X-Amz-Signature',
  'Authorization',
  'Cookie',
  'set-cookie',
];

test('fault 81: knows the keys whose values are secrets, however they are written', () => {
  expect(SECRETS.filter((key) => !namesSecret(key))).toEqual([]);
  expect(SECRETS.filter((key) => !mentionsSecret(key))).toEqual([]);
});

test('fault 81: a key of many lines hides none', () => {
  expect(namesSecret('first\nsecond_password')).toBe(true);
});

test.each([
  'author',
  'key',
  'keyboard',
  'team',
  'environment',
  'KeyName',
  'compass',
  'path',
  'cookies.enabled',
  'owner',
])('%s is a harmless key', (key) => {
  expect(namesSecret(key)).toBe(false);
  expect(mentionsSecret(key)).toBe(false);
});

test.each(['tokenFile', 'HttpTokens', 'passwordless', 'credentialsFile'])('%s only mentions one', (key) => {
  expect(namesSecret(key)).toBe(false);
  expect(mentionsSecret(key)).toBe(true);
});

test('a judge is asked once for a key, and remembers a bounded number of them', () => {
  const asked: string[] = [];
  const judge = remembered((key) => {
    asked.push(key);
    return key === 'a';
  });
  expect([judge('a'), judge('b'), judge('a'), judge('b')]).toEqual([true, false, true, false]);
  expect(asked).toEqual(['a', 'b']);
  for (let i = 0; i < 5000; i++) judge(`key ${i}`);
  judge('a');
  expect(asked.filter((key) => key === 'a')).toHaveLength(2);
});

test.each([
  ['a PEM key', '-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----'],
  ['a PEM key that was cut', '-----BEGIN PRIVATE KEY-----\ncanary'],
  ['the user of an address', 'GET https://user:canary@cloud.test/path'],
  ['a bearer token', 'sent authorization: Bearer canary-1234567890'],
  ['basic credentials', 'Basic canary1234567890=='],
  ['a JWT', 'got eyJcanaryAAAA.eyJcanaryBBBB.canary'],
  ['a JWT that was cut', 'got eyJcanary'],
  ['an id of an AWS key', 'AKIACANARYCANARY1234 and ASIACANARYCANARY1234'],
  ['a parameter', 'GET /x?access_token=canary&b=1'],
  ['a pair', "password: 'canary' secret = canary"],
  ['JSON', '{"client_secret":"canary", "apiKey": "canary"}'],
  ['a signature', 'X-Amz-Signature=canary&sig=canary'],
  ['a passphrase', 'passphrase=canary'],
  ['a key of a storage account', 'AccountKey=canary;EndpointSuffix=core.windows.net'],
])('fault 81: hides %s', (_what, text) => {
  const safe = withoutSecrets(text);
  expect(safe).toContain('[redacted]');
  expect(safe).not.toMatch(/canary/i);
});

test.each([
  'clientSecretFile: /etc/muster/secret',
  'the author is no authority',
  'expected a token or a tokenFile',
  'arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0',
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/prod/providers/Microsoft.Compute',
  'https://cloud.test/path?q=1',
])('leaves alone what holds none: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test('fault 81: hides what only a mention points at, and more, for who asks for it', () => {
  const text = 'token_type=canary credentials: canary opaque CANARY-0123';
  expect(withoutSecrets(text, [MENTIONED, [/CANARY-\d+/g, '[redacted]']])).not.toMatch(/canary/i);
});
