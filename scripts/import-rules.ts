import path from 'node:path';
import { checkImports } from './import-rules/check.ts';
import { readSources } from './sources.ts';

const breaches = checkImports(readSources(path.resolve(import.meta.dirname, '..')));
for (const { file, line, rule } of breaches) process.stdout.write(`${file}:${line} ${rule}\n`);
if (breaches.length > 0) process.exitCode = 1;
