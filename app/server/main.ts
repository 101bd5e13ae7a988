import { join } from 'node:path';
import next from 'next';
import { controlClient } from '#lib/collector/control-client.ts';
import { ConfigError, type Environment, readEnvironment } from '#lib/config/environment.ts';
import { createLogger } from '#lib/log/index.ts';
import { readQuestions } from '#lib/questions/kit/table.ts';
import { startQueryService } from '#lib/web/client.ts';
import { registry } from '#providers/registry.ts';
import { ownHosts } from './hosts.ts';
import { createWebServer } from './server.ts';
import { setWebProcess } from './service.ts';
import { closeOnSignal } from './shutdown.ts';

// The web process: reads the store, holds no credential. `--dev` serves the pages from source.
const environment = environmentOrExit();
const dev = process.argv.includes('--dev');
const log = createLogger({ level: environment.LOG_LEVEL, part: 'web' });
const closing = new AbortController();
const questions = await readQuestions();
const service = startQueryService({ path: join(environment.MUSTER_DATA, 'muster.db'), log });

const providers = Object.values(registry).map(({ id, label, short, color, manages }) => ({
  id,
  label,
  short,
  color,
  isEngine: manages === 'engine',
}));

setWebProcess({ service, questions, providers, ...controlClient(environment.MUSTER_DATA), closing: closing.signal });

const pages = next({ dev, dir: process.cwd(), hostname: environment.HOST, port: environment.PORT });
await pages.prepare();
const handle = pages.getRequestHandler();

const server = createWebServer({
  hosts: ownHosts(environment.HOST, environment.MUSTER_HOSTS),
  service,
  handle: (request, response) => handle(request, response),
  closing: closing.signal,
  log,
  dev,
});

server.on('error', (error: NodeJS.ErrnoException) => {
  log.error('web.cannot-listen', { code: error.code, host: environment.HOST, port: environment.PORT });
  process.exit(error.code === 'EADDRINUSE' ? 75 : 78);
});
server.listen(environment.PORT, environment.HOST, () =>
  log.info('web.listening', { host: environment.HOST, port: environment.PORT }),
);

closeOnSignal(server, closing, () => Promise.all([pages.close(), service.close()]).then(() => undefined), log);

function environmentOrExit(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.lines().join('\n')}\n`);
    process.exit(error.exitCode);
  }
}
