/** A reply that is refused before anything decodes it. */
export class RefusedReply extends Error {
  override readonly name = 'RefusedReply';
}
