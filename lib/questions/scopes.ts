import { none } from '#lib/api/parameters.ts';
import { scopesSchema } from '#lib/api/resources.ts';
import { asSeenAt } from '#lib/index/item.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/scopes',
  summary: 'What is listed, how old and how complete',
  input: none,
  output: scopesSchema,
  outputName: 'Scopes',
  async run(_, { store, follower, clock }) {
    const now = clock.now();
    const scopes = await store.scopes();
    return { scopes: scopes.map((scope) => asSeenAt(scope, now)), revision: follower.revision };
  },
});
