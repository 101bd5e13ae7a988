import { ProviderError } from '#providers/contract.ts';
import { kindOfStatus, retryAfterMs } from '#providers/kit/failure.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import type { JsonReply } from '#providers/kit/wire/http.ts';

/** As vmrest documents them for the calls of one VM, which it also has for what it cannot do with its files. */
const OF_ONE_VM: ReadonlySet<number> = new Set([400, 403, 404, 409, 500]);

/** vmrest answered, and refused. Its body is `{ Code, Message }`, by its description `{ code, message }`. */
export class RefusedByVmrest extends ProviderError {
  readonly status: number;
  /** In the words of vmrest, not of something before it. */
  readonly #own: boolean;

  constructor(place: string, reply: JsonReply, now: number) {
    const body = asRecord(reply.body);
    const said = asString(body?.Message) ?? asString(body?.message);
    const wait = retryAfterMs(reply.headers['retry-after'], now);
    super(
      kindOfStatus(reply.status, wait !== undefined),
      place,
      `answered ${reply.status}${said === null && reply.excerpt === '' ? '' : `: ${said === null ? reply.excerpt : excerpt(said)}`}`,
      wait === undefined ? {} : { retryAfterMs: wait },
    );
    this.status = reply.status;
    this.#own = said !== null;
  }

  /** It may be this one VM that is refused: it is gone, encrypted, locked, or its files are broken. */
  get ofOneVm(): boolean {
    return this.#own && (OF_ONE_VM.has(this.status) || this.ofItsFile);
  }

  /** It certainly is: it wants the password that the VM is encrypted with. */
  get ofItsFile(): boolean {
    return this.#own && /encrypt|password/i.test(this.shortMessage);
  }

  /** Nothing is wrong: the VM is off, or its guest has no tools, and so has no addresses to tell. */
  get hasNone(): boolean {
    return this.status === 409 || /\btools\b|not (powered on|running)/i.test(this.shortMessage);
  }
}
