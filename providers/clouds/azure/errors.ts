import type { ErrorKind } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { statusError } from '#providers/kit/failure.ts';
import { asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { type JsonReply, parseJson } from '#providers/kit/wire/http.ts';
import { readPage } from './page.ts';

/** Codes of Azure Resource Manager that say more than their status. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
const CODES: ReadonlyMap<string, readonly [ErrorKind, string]> = new Map([
  ['SubscriptionNotFound', ['config', 'no such subscription for this credential']],
  ['InvalidSubscriptionId', ['config', 'no such subscription']],
  ['InvalidAuthenticationTokenTenant', ['config', 'the subscription belongs to another tenant than the credential']],
  ['MissingSubscriptionRegistration', ['disabled', 'the resource provider is not registered in this subscription']],
  ['SubscriptionNotRegistered', ['disabled', 'the resource provider is not registered in this subscription']],
  ['ExpiredAuthenticationToken', ['auth', 'the token has expired']],
]);

/** @param now wall time */
export function armError(reply: JsonReply, place: string, now: number): ProviderError {
  const error = asRecord(asRecord(reply.body)?.error);
  const code = asString(error?.code) ?? '';
  const [kind, message] = CODES.get(code) ?? [];
  const text = excerpt(asString(error?.message) ?? '') || reply.excerpt;
  return statusError(reply, place, now, {
    ...(kind ? { kind } : {}),
    message: message ?? `answered ${reply.status}${code ? ` ${excerpt(code)}` : ''}${text ? `: ${text}` : ''}`,
  });
}

// MSAL's codes for a sign-in service out of reach. The SDK keeps them nowhere but at the head of its message.
const OUT_OF_REACH = /^(endpoints_resolution_error|network_error|openid_config_error|request_timeout)\b/;
/** What is named in place of a call where it did not come to one. */
const SIGN_IN = 'sign-in';
const OF_SIGN_IN = /^(Authentication|CredentialUnavailable|AggregateAuthentication|AuthenticationRequired)/;

/**
 * The error of a call through the SDK, which says of an answer of another shape no more than that. What its transport throws is one of ours already; the rest is a sign-in that failed, a 401,
 * or an answer it could not take apart. Causes are not kept: the SDK's errors carry request and answer in them.
 * @param answer the page that came last, empty where none did
 */
export function sdkError(error: unknown, place: string, answer = ''): ProviderError {
  const known = ownError(error);
  if (known) return known;
  const about = asRecord(error);
  const name = asString(about?.name) ?? '';
  const code = asString(about?.code);
  if (about?.statusCode === 401) return new ProviderError('auth', place, 'refused the token (401)');
  if (OF_SIGN_IN.test(name)) {
    const status = asNumber(about?.statusCode);
    const reason = code ?? OUT_OF_REACH.exec(asString(about?.message) ?? '')?.[1];
    if (status !== null ? status >= 500 : reason)
      return new ProviderError('network', place, `the sign-in service cannot be reached (${reason ?? status})`).of(
        SIGN_IN,
      );
    return new ProviderError('auth', place, `sign-in to Azure failed (${name})`).of(SIGN_IN);
  }
  if (code === 'ENOENT' || code === 'EACCES')
    return new ProviderError('config', place, `a credential file cannot be read (${code})`);
  const other = `expected rows that its SDK can take apart, got others (${code ?? (name || 'no code')})`;
  return pageError(answer, place) ?? new ProviderError('bad-reply', place, other);
}

/** What is wrong with a page; null where it is not the page but something in its rows. */
function pageError(answer: string, place: string): ProviderError | null {
  if (answer === '') return null;
  try {
    readPage(parseJson(answer, place), place);
    return null;
  } catch (error) {
    return error instanceof ProviderError ? error : null;
  }
}

function ownError(error: unknown, depth = 0): ProviderError | null {
  if (error instanceof ProviderError) return error;
  return depth < 4 && error instanceof Error && error.cause !== undefined ? ownError(error.cause, depth + 1) : null;
}
