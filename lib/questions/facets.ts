import { z } from 'zod';
import { keys, q } from '#lib/api/parameters.ts';
import { facetsSchema } from '#lib/api/resources.ts';
import { question } from './kit/question.ts';

const FIELDS = ['provider', 'kind', 'state', 'region', 'account', 'type', 'os', 'cluster', 'tag.team'];

export default question({
  path: '/facets',
  summary: 'Values of fields with counts',
  input: z.strictObject({
    q,
    fields: keys.default(FIELDS).describe('Fields to count, separated by commas; `tag.<key>` for a tag'),
  }),
  output: facetsSchema,
  outputName: 'Facets',
  run: ({ q, fields }, { engine }) => engine.facets(q, fields),
});
