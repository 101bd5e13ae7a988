import { describe, expect, it } from 'vitest';
import { awsError } from './errors.ts';
import { RefusedReply } from './refused-reply.ts';

const now = Date.parse('2026-11-21T00:00:00Z');
const sdk = (name: string, status: number, more: object = {}) =>
  Object.assign(new Error(`${name} happened`), { name, $metadata: { httpStatusCode: status } }, more);

describe('an error of the AWS SDK', () => {
  it.each([
    ['UnauthorizedOperation', 403, 'permission'],
    ['AccessDenied', 403, 'permission'],
    ['OptInRequired', 401, 'permission'],
    ['AuthFailure', 401, 'auth'],
    ['ExpiredToken', 400, 'auth'],
    ['InvalidClientTokenId', 403, 'auth'],
    ['SignatureDoesNotMatch', 403, 'auth'],
    ['RequestLimitExceeded', 503, 'rate-limit'],
    ['Throttling', 400, 'rate-limit'],
    ['InternalError', 500, 'network'],
    ['Unavailable', 503, 'network'],
    ['UnsupportedOperation', 400, 'unsupported'],
    ['ValidationError', 400, 'config'],
    ['SomethingNew', 403, 'permission'],
    ['SomethingNew', 429, 'rate-limit'],
    ['SomethingNew', 500, 'network'],
    ['SomethingNew', 400, 'bad-reply'],
    ['Unknown', 503, 'network'],
  ])('%s with status %i is %s', (name, status, kind) => {
    expect(awsError(sdk(name, status), 'a eu-west-1', now).kind).toBe(kind);
  });

  it('without a status goes by what the system says', () => {
    expect(awsError(Object.assign(new Error('x'), { name: 'TimeoutError' }), 'a', now).kind).toBe('timeout');
    expect(awsError(Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'a', now).kind).toBe('network');
    expect(awsError(Object.assign(new Error('x'), { name: 'CredentialsProviderError' }), 'a', now).kind).toBe('auth');
    expect(awsError(new RefusedReply('too long'), 'a', now).kind).toBe('bad-reply');
  });

  it('after a reply of status 200 is a bad reply: the SDK could not decode it', () => {
    const error = awsError(sdk('Error', 200), 'a eu-west-1', now);
    expect(error).toMatchObject({
      kind: 'bad-reply',
      message: 'a eu-west-1: expected an answer that can be decoded, got nothing',
    });
  });

  it('fault 1: carries the wait that a reply asked for', () => {
    const $response = { headers: { 'retry-after': '7' } };
    expect(awsError(sdk('RequestLimitExceeded', 503, { $response }), 'a', now).retryAfterMs).toBe(7000);
  });

  it('fault 9: is worth another attempt when the SDK has learned how wrong the clock is', () => {
    const error = sdk('RequestExpired', 400, { $metadata: { httpStatusCode: 400, clockSkewCorrected: true } });
    expect(awsError(error, 'a', now)).toMatchObject({ kind: 'network', message: expect.stringContaining('clock') });
  });

  it('fault 81: does not repeat secrets of the message', () => {
    const error = sdk('AccessDenied', 403);
    error.message = `denied token=${'s3cr3t'.repeat(10)} Bearer abcdefghijklmnop`;
    const { message } = awsError(error, 'a', now);
    expect(message).not.toContain('s3cr3ts3cr3t');
    expect(message).not.toContain('abcdefghijklmnop');
  });
});
