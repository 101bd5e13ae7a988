import { z } from 'zod';
import { ask, json, problem } from '#app/api/answer.ts';
import { decodedSegment } from '#app/api/segment.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

/** The uid stands percent-encoded in one path segment. */
export async function GET(request: Request, { params }: { params: Promise<{ uid: string }> }): Promise<Response> {
  const { uid } = await params;
  return ask(request, z.strictObject({}), async () => {
    const detail = await queryService().detail(decodedSegment(uid));
    return detail
      ? json(detail)
      : problem({ code: 'not-found', detail: 'No resource has this uid, nor had one lately.' });
  });
}
