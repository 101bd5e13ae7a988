import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSource, type Source } from './import-rules/parse.ts';

const CODE = ['{app,lib,providers,scripts,tests}/**/*.{ts,tsx,mts,js,jsx,mjs}', '*.{ts,js,mjs}'];

/** Every source file of the project, from the root, with forward slashes. */
export const sourceFiles = (root: string): string[] =>
  globSync(CODE, { cwd: root, exclude: ['next-env.d.ts'] })
    .map((file) => file.split(path.sep).join('/'))
    .sort();

/** The same, parsed. */
export const readSources = (root: string): Source[] =>
  sourceFiles(root).map((file) => parseSource(file, readFileSync(path.join(root, file), 'utf8')));
