import { ask, json, noSuchAddress, problem } from '#app/api/answer.ts';
import { webProcess } from '#app/server/service.ts';

export const dynamic = 'force-dynamic';

const matchOf = ({ url }: Request) => webProcess().questions.match(new URL(url).pathname.slice('/api/v1'.length));

/** Every question of `lib/questions`, at its path. A parameter in the path stands percent-encoded in one segment. */
export async function GET(request: Request): Promise<Response> {
  const { service } = webProcess();
  const match = matchOf(request);
  if (match === null) return noSuchAddress();
  const { question, parameters } = match;
  return ask(request, question.input, async (input) => {
    const text = await service.answer(question.path, { ...input, ...parameters });
    return text === null
      ? problem({ code: 'not-found', detail: question.notFound ?? 'There is no such thing.' })
      : json(text);
  });
}

/** A question changes nothing; the addresses that do have routes of their own. */
const refuse = (request: Request): Response =>
  matchOf(request) === null ? noSuchAddress() : new Response(null, { status: 405 });
export const POST = refuse;
export const DELETE = refuse;
