import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { azureConfig } from '#providers/azure/config.ts';
import { credentialsOf } from './credentials.ts';
import { sdkError } from './errors.ts';

const ID = '11111111-2222-3333-4444-555555555555';
const base = { subscriptions: [ID], tenant: ID, clientId: ID, authority: 'https://127.0.0.1:1' };
const SCOPE = 'https://management.azure.com/.default';

/** What asking for a token fails with, as the adapter sees it. */
async function failure(config: object) {
  const { credential } = credentialsOf(azureConfig.parse(config));
  const error: unknown = await credential.getToken(SCOPE).catch((e: unknown) => e);
  return sdkError(error, 'sub');
}

describe('credentials', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'muster-azure-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives a static token as it is', async () => {
    const config = azureConfig.parse({ subscriptions: [ID], endpoint: 'http://127.0.0.1:1', token: 'static' });
    expect(await credentialsOf(config).credential.getToken(SCOPE)).toMatchObject({ token: 'static' });
  });

  it('fault 8: says that the sign-in service is out of reach, not that the credential is wrong', async () => {
    const file = path.join(folder, 'secret');
    await writeFile(file, 'hunter2');
    const error = await failure({ ...base, clientSecretFile: file });
    expect(error).toMatchObject({ kind: 'network', cause: undefined });
    expect(error.message).not.toContain('hunter2');
  });

  it('names a file that cannot be read a mistake of the configuration', async () => {
    const missing = path.join(folder, 'missing');
    expect(await failure({ ...base, clientSecretFile: missing })).toMatchObject({ kind: 'config' });
    expect(await failure({ ...base, certificateFile: missing })).toMatchObject({ kind: 'config' });
  });
});

describe('sdkError', () => {
  it.each([
    [{ name: 'RestError', statusCode: 401 }, 'auth'],
    [{ name: 'AuthenticationError', statusCode: 400, message: 'AADSTS7000215: secret' }, 'auth'],
    [{ name: 'AuthenticationError', statusCode: 503 }, 'network'],
    [{ name: 'CredentialUnavailableError', message: 'no secret configured' }, 'auth'],
    [new TypeError("Cannot read properties of undefined (reading 'map')"), 'bad-reply'],
    [{ name: 'RestError', code: 'PARSE_ERROR', message: 'Error parsing secret' }, 'bad-reply'],
  ])('reads %j as %s and repeats nothing of it', (error, kind) => {
    const mapped = sdkError(error, 'sub');
    expect(mapped).toMatchObject({ kind, cause: undefined });
    expect(mapped.message).not.toContain('secret');
  });
});
