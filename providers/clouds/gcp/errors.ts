import { ProviderError } from '#providers/contract.ts';
import { statusError } from '#providers/kit/failure.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import type { JsonReply } from '#providers/kit/wire/http.ts';

const RATE = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);
const OFF = new Set(['accessNotConfigured', 'SERVICE_DISABLED']);
const NO_PROJECT = new Set(['CONSUMER_INVALID', 'USER_PROJECT_DENIED']);

/**
 * The error of a Google API reply. Two 403 are no denial: quota (`rateLimitExceeded`, refilled with the next minute,
 * https://cloud.google.com/compute/api-quota) and an API that is switched off in the project.
 * @param now wall time
 */
export function gcpError(reply: JsonReply, project: string, now: number): ProviderError {
  const error = asRecord(asRecord(reply.body)?.error);
  const reasons = [
    ...asArray(error?.errors).map((e) => asString(asRecord(e)?.reason)),
    ...asArray(error?.details).map((d) => asString(asRecord(d)?.reason)),
  ].filter((reason) => reason !== null);
  const text = excerpt(asString(error?.message) ?? '') || reply.excerpt;
  const has = (set: ReadonlySet<string>) => reasons.some((reason) => set.has(reason));
  if (has(RATE)) {
    const nextMinute = 60_000 - (now % 60_000);
    return statusError(reply, project, now, {
      kind: 'rate-limit',
      message: 'quota of this minute is used up',
      ...(reply.headers['retry-after'] ? {} : { retryAfterMs: nextMinute }),
    });
  }
  if (has(OFF))
    return statusError(reply, project, now, {
      kind: 'disabled',
      message: `the API is not enabled in this project: ${text.slice(0, 100)}`,
    });
  if (has(NO_PROJECT) || reply.status === 404)
    return statusError(reply, project, now, {
      kind: 'config',
      message: `no such project for this credential: ${text}`,
    });
  return statusError(reply, project, now, { message: `answered ${reply.status}: ${text}` });
}

/** What fetching a token failed with. Never kept as a cause: these errors carry the request, assertions and secrets in it. */
export function tokenError(error: unknown, project: string): ProviderError {
  if (error instanceof ProviderError) return error;
  const status = asRecord(asRecord(error)?.response)?.status ?? asRecord(error)?.status;
  const code = asString(asRecord(error)?.code);
  if (typeof status === 'number') {
    const kind = status === 429 ? 'rate-limit' : status >= 500 ? 'network' : 'auth';
    return new ProviderError(kind, project, `the Google token service refused the credential (${status})`);
  }
  if (code === 'ENOENT' || code === 'EACCES')
    return new ProviderError('config', project, `credentials file cannot be read (${code})`);
  if (code && /^(E[A-Z]+|UND_ERR_)/.test(code))
    return new ProviderError('network', project, `the Google token service cannot be reached (${code})`);
  return new ProviderError(
    'auth',
    project,
    'no usable Google credentials: name a credentialsFile or set up Application Default Credentials',
  );
}
