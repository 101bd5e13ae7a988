import { z } from 'zod';
import { ask, json, problem } from '#app/api/answer.ts';
import { decodedSegment } from '#app/api/segment.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

/** What a resource stands on and what stands on it. The uid stands percent-encoded in one path segment. */
export async function GET(request: Request, { params }: { params: Promise<{ uid: string }> }): Promise<Response> {
  const { uid } = await params;
  return ask(request, z.strictObject({}), async () => {
    const stack = await queryService().stack(decodedSegment(uid));
    return stack ? json(stack) : problem({ code: 'not-found', detail: 'No live resource has this uid.' });
  });
}
