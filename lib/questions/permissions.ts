import { none } from '#lib/api/parameters.ts';
import { permissionsAnswerSchema } from '#lib/api/stack.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/permissions',
  summary: 'What each source may and may not read',
  input: none,
  output: permissionsAnswerSchema,
  outputName: 'Permissions',
  run: async (_, { store }) => ({ sources: await store.permissions() }),
});
