import { ProviderError } from '#providers/contract.ts';
import { kindOfStatus, retryAfterMs } from '#providers/kit/failure.ts';
import { asArray, asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';

/** What the API server says when it refuses, https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export class StatusError extends ProviderError {
  readonly code: number;
  /** The version asked for, or the list that is being read, is no longer kept: 410, or `Expired` in a stream. */
  readonly expired: boolean;
  /** This server has not yet seen the version asked for. */
  readonly tooLarge: boolean;

  constructor(
    place: string,
    code: number,
    body: unknown,
    hint?: { header?: string | string[] | undefined; now: number },
  ) {
    const status = asRecord(body);
    const details = asRecord(status?.details);
    const reason = asString(status?.reason);
    const seconds = asNumber(details?.retryAfterSeconds);
    const wait =
      (hint ? retryAfterMs(hint.header, hint.now) : undefined) ??
      (seconds === null ? undefined : Math.max(0, seconds) * 1000);
    const message = excerpt(asString(status?.message) ?? '');
    super(kindOfStatus(code, wait !== undefined), place, `answered ${code}${message ? `: ${message}` : ''}`, {
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
    this.code = code;
    this.expired = code === 410 || reason === 'Expired' || reason === 'Gone';
    this.tooLarge = asArray(details?.causes).some((cause) => asRecord(cause)?.reason === 'ResourceVersionTooLarge');
  }
}
