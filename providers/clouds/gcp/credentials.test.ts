import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from './credentials.ts';
import { tokenError } from './errors.ts';

const call = { signal: new AbortController().signal };

/** Google's Security Token Service, as far as a workload identity needs it: each subject token is worth one access token. */
describe('credentials of a file', () => {
  let folder: string;
  let file: string;
  let sts: Server;
  let url: string;
  let status: number;

  beforeEach(async () => {
    status = 200;
    sts = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const subject = new URLSearchParams(body).get('subject_token');
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ access_token: `access-of-${subject}`, expires_in: 3600, token_type: 'Bearer' }));
      });
    });
    await new Promise<void>((done) => sts.listen(0, '127.0.0.1', done));
    const address = sts.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1/token`;
    folder = await mkdtemp(path.join(tmpdir(), 'muster-gcp-'));
    file = path.join(folder, 'credentials.json');
  });
  afterEach(async () => {
    sts.closeAllConnections();
    await new Promise((done) => sts.close(done));
    await rm(folder, { recursive: true });
  });

  async function write(subject: string, changedAt: number): Promise<void> {
    const token = path.join(folder, `${subject}.txt`);
    await writeFile(token, subject);
    const credential = {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: url,
      credential_source: { file: token },
    };
    await writeFile(file, JSON.stringify(credential));
    await utimes(file, changedAt, changedAt);
  }
  const open = () => credentialsOf({ token: undefined, credentialsFile: file, timeout: 5 }, ['scope-of-the-test']);
  const ask = (credentials: ReturnType<typeof open>) =>
    credentials.headers('https://compute.googleapis.com/x', 'shop-prod-1', call);

  it('fault 7: takes a rotated file with the next request', async () => {
    await write('first', 1000);
    const credentials = open();
    expect(await ask(credentials)).toMatchObject({ authorization: 'Bearer access-of-first' });
    await write('second', 2000);
    expect(await ask(credentials)).toMatchObject({ authorization: 'Bearer access-of-second' });
  });

  it('works again once a credential that was refused is accepted', async () => {
    await write('first', 1000);
    const credentials = open();
    status = 403;
    await expect(ask(credentials)).rejects.toMatchObject({ kind: 'auth' });
    status = 200;
    expect(await ask(credentials)).toMatchObject({ authorization: 'Bearer access-of-first' });
  });

  it.each([
    [
      'that runs a program',
      { type: 'external_account', credential_source: { executable: { command: '/bin/id' } } },
      /program/,
    ],
    ['of a kind nobody knows', { type: 'gdch_service_account' }, /no kind/],
    ['of a service account without its key', { type: 'service_account', client_email: 'a@b' }, /private_key/],
  ])('fault 45: refuses a file %s, by name', async (_, content, message) => {
    await writeFile(file, JSON.stringify(content));
    await expect(ask(open())).rejects.toMatchObject({ kind: 'config', message: expect.stringMatching(message) });
  });

  it('refuses a file that is no JSON without repeating it', async () => {
    await writeFile(file, 'hunter2');
    const error = await ask(open()).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: 'config' });
    expect(String(error)).not.toContain('hunter2');
  });

  it('tells a refused credential from a file that is missing, and names neither its content nor its cause', async () => {
    await expect(ask(open())).rejects.toMatchObject({ kind: 'config', cause: undefined });
    await write('first', 1000);
    status = 400;
    const error = await ask(open()).catch((e: unknown) => e);
    expect(error).toMatchObject({ kind: 'auth', cause: undefined });
    expect(String(error)).not.toContain('first');
  });

  it('stops with its call', async () => {
    await write('first', 1000);
    const reason = new Error('stopped');
    const aborted = { signal: AbortSignal.abort(reason) };
    await expect(open().headers('https://x', 'shop-prod-1', aborted)).rejects.toBe(reason);
  });
});

describe('tokenError', () => {
  it.each([
    [{ response: { status: 503 } }, 'network'],
    [{ status: 429 }, 'rate-limit'],
    [{ response: { status: 400 } }, 'auth'],
    [{ code: 'ECONNREFUSED' }, 'network'],
    [{ code: 'EACCES' }, 'config'],
    [new Error('Could not load the default credentials. secret'), 'auth'],
  ])('fault 8: reads %j as %s', (error, kind) => {
    const mapped = tokenError(error, 'shop-prod-1');
    expect(mapped).toMatchObject({ kind, cause: undefined });
    expect(mapped.message).not.toContain('secret');
  });
});
