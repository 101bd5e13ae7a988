import { NodeHttpHandler } from '@smithy/node-http-handler';
import { readBounded } from '#lib/runtime/bounded-body.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { RefusedReply } from './refused-reply.ts';

/** Ten times the largest page seen (1,000 instances are 4.9 MB). */
const MAX_BYTES = 48 * 1024 * 1024;

type Handled = ReturnType<NodeHttpHandler['handle']>;

/**
 * The SDK's own transport with bounds: connection, request and idle timeouts that throw (by default they only warn), a limit to
 * the body, no redirects, no DTD.
 */
export class BoundedHandler extends NodeHttpHandler {
  readonly #maxBytes: number;

  /** @param timeout seconds one request may take */
  constructor(timeout: number, maxBytes = MAX_BYTES) {
    const ms = timeout * 1000;
    super({
      connectionTimeout: Math.min(3000, ms),
      requestTimeout: ms,
      socketTimeout: Math.min(10_000, ms),
      throwOnRequestTimeout: true,
    });
    this.#maxBytes = maxBytes;
  }

  override async handle(...args: Parameters<NodeHttpHandler['handle']>): Handled {
    const { response } = await super.handle(...args);
    const body: AsyncIterable<Buffer> & { destroy(): void } = response.body;
    if (response.statusCode >= 300 && response.statusCode < 400) {
      body.destroy();
      const host = args[0].hostname;
      throw new RefusedReply(`${host} answered with a redirect (${response.statusCode}), which is not followed`);
    }
    const { bytes, isWhole } = await readBounded(body, this.#maxBytes);
    if (!isWhole) throw new RefusedReply(`answered more than ${this.#maxBytes} bytes in one page`);
    // No AWS API sends a DTD; a portal's page or an entity bomb begins with one.
    if (bytes.subarray(0, 1024).includes('<!'))
      throw new RefusedReply(`expected an answer of an AWS API, got: ${excerpt(bytes.toString('utf8', 0, 1024))}`);
    response.body = bytes;
    return { response };
  }
}
