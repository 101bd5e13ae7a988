import { excerpt } from '#providers/kit/wire/excerpt.ts';
import type { JsonReply } from '#providers/kit/wire/http.ts';
import { ProviderError } from '../contract.ts';
import { statusError } from '../kit/failure.ts';
import { asRecord, asString } from '../kit/read.ts';

/** The server that a page begins after is gone, so there is no such page any more. The listing can only begin anew. */
export class VanishedMarker extends ProviderError {}

/**
 * The error of a Nova or Keystone reply. Their bodies are one object under a name of their own: `forbidden`, `badRequest`, `error`.
 * 413 is what Nova's rate limits answered before 429 existed.
 * @param now wall time
 */
export function openstackError(reply: JsonReply, place: string, now: number): ProviderError {
  const [body] = Object.values(asRecord(reply.body) ?? {});
  const text = excerpt(asString(asRecord(body)?.message) ?? '') || reply.excerpt;
  const message = `answered ${reply.status}${text ? `: ${text}` : ''}`;
  return statusError(reply, place, now, reply.status === 413 ? { kind: 'rate-limit', message } : { message });
}
