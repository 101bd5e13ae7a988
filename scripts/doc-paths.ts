import path from 'node:path';
import { checkDocuments } from './doc-paths/check.ts';

const problems = checkDocuments(path.resolve(import.meta.dirname, '..'));
for (const { file, line, problem } of problems) process.stdout.write(`${file}:${line} ${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
