import { noSuchAddress } from '#app/api/answer.ts';

export const dynamic = 'force-dynamic';

export const GET = noSuchAddress;
export const POST = noSuchAddress;
export const DELETE = noSuchAddress;
