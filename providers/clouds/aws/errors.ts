import type { ErrorKind } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { kindOfStatus, retryAfterMs, toProviderError } from '#providers/kit/failure.ts';
import { asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { RefusedReply } from './refused-reply.ts';

/**
 * What an error code of EC2 or STS means; what is not named here goes by its HTTP status.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html
 */
const CODES: Readonly<Partial<Record<ErrorKind, readonly string[]>>> = {
  auth: [
    'AuthFailure',
    'CredentialsProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'IncompleteSignature',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'InvalidIdentityToken',
    'MissingAuthenticationToken',
    'RequestExpired',
    'SignatureDoesNotMatch',
    'TokenProviderError',
    'TokenRefreshRequired',
    'UnrecognizedClientException',
  ],
  permission: [
    'AccessDenied',
    'AccessDeniedException',
    'Blocked',
    'OptInRequired',
    'PendingVerification',
    'RegionDisabledException',
    'UnauthorizedOperation',
  ],
  'rate-limit': [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'PriorRequestNotComplete',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'Throttling',
    'ThrottledException',
    'ThrottlingException',
    'TooManyRequestsException',
  ],
  timeout: ['RequestTimeout', 'RequestTimeoutException', 'TimeoutError'],
  network: ['InternalError', 'InternalFailure', 'InternalServerError', 'ServiceUnavailable', 'Unavailable'],
  config: ['AWSOrganizationsNotInUseException', 'ProfileNotFoundError', 'UnknownEndpoint', 'ValidationError'],
  unsupported: ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperation'],
};

const KINDS: ReadonlyMap<string, ErrorKind> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) => codes.map((code) => [code, kind as ErrorKind])),
);

const NEXT_STEP: Readonly<Partial<Record<ErrorKind, string>>> = {
  auth: 'check the credential of this source',
  permission: 'grant what providers/aws/permissions.json names',
};

/**
 * The error of one call, from the error of the SDK.
 * @param place account and region
 * @param now wall time, for a Retry-After that is a date
 */
export function awsError(error: unknown, place: string, now: number): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof RefusedReply) return new ProviderError('bad-reply', place, error.message, { cause: error });
  const name = asString(asRecord(error)?.name) ?? '';
  const metadata = asRecord(asRecord(error)?.$metadata);
  const status = asNumber(metadata?.httpStatusCode);
  const headers = asRecord(asRecord(asRecord(error)?.$response)?.headers);
  const wait = retryAfterMs(asString(headers?.['retry-after']), now);
  const options = { cause: error, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  // The SDK has learned the difference and signs the next attempt with it.
  if (metadata?.clockSkewCorrected === true)
    return new ProviderError('network', place, "this machine's clock differs from the clock of AWS", options);
  const known = KINDS.get(name);
  if (known) return new ProviderError(known, place, words(name, error, known), options);
  if (status === null) return toProviderError(error, place);
  // 2xx, and an error all the same: the SDK could not decode it.
  if (status < 300)
    return unexpected(
      place,
      'an answer that can be decoded',
      asString(asRecord(error)?.$responseBodyText) ?? undefined,
    );
  const kind = kindOfStatus(status, wait !== undefined);
  return new ProviderError(
    kind,
    place,
    // The SDK calls an error so whose body it cannot read.
    name && name !== 'Unknown' && name !== 'Error' ? words(name, error, kind) : `answered ${status}`,
    options,
  );
}

function words(name: string, error: unknown, kind: ErrorKind): string {
  const text = error instanceof Error ? excerpt(error.message) : '';
  const step = NEXT_STEP[kind];
  return [`${name}${text ? ` (${text.slice(0, 120)})` : ''}`, ...(step ? [step] : [])].join('; ');
}
