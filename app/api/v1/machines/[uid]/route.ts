import { z } from 'zod';
import { ask, json, problem } from '#app/api/answer.ts';
import { decodedSegment } from '#app/api/segment.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

/** The machine that a resource is, by the uid of any of its rows. It stands percent-encoded in one path segment. */
export async function GET(request: Request, { params }: { params: Promise<{ uid: string }> }): Promise<Response> {
  const { uid } = await params;
  return ask(request, z.strictObject({}), async () => {
    const machine = await queryService().machine(decodedSegment(uid));
    return machine ? json(machine) : problem({ code: 'not-found', detail: 'No live resource has this uid.' });
  });
}
