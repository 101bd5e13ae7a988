import { serve } from './processes/serve.ts';

await serve('production');
