import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PARTS } from '#tests/bench/sizes.ts';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'providers/*/README.md'];
const INLINE = /`((?:npm|node|npx) [^`]+)`/g;
const FENCED = /^\s*((?:npm|node|npx) .*?)(?:\s+#.*)?$/;

/** Every command of npm or Node that a document names, with the documents. */
export function documentedCommands(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of globSync(DOCUMENTS, { cwd: root }).sort()) {
    let fenced = false;
    for (const line of readFileSync(path.join(root, file), 'utf8').split('\n')) {
      if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
      const commands = fenced ? [FENCED.exec(line)?.[1]] : [...line.matchAll(INLINE)].map(([, command]) => command);
      for (const command of commands) if (command) found.set(command, [...(found.get(command) ?? []), file]);
    }
  }
  return found;
}

/** What tests/commands runs. The bench runs with all parts, small, whichever of them and however large a document asks for. */
export const RUN = ['npm start', 'npm run dev', 'npm run check-config', 'npm run write-docs', 'npm run bench'] as const;
export const RUN_FILES = ['node tests/bench/gcp-decision.ts'] as const;

/** What it leaves out, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'npm test': 'it is what runs this',
  'npm run verify': '`npm test` begins with it',
  'node tests/bench/query-run.ts <store>':
    '`npm run bench` starts it for its part `queries`, over a store that it has filled',
};

const BENCH = new RegExp(`^npm run bench( --( (${PARTS.join('|')})| --resources \\d+| --small)+)?$`);

/** Whether the command is run, or has a reason not to be. */
export const isAccountedFor = (command: string): boolean =>
  [...RUN, ...RUN_FILES, ...Object.keys(LEFT_OUT)].includes(command) || BENCH.test(command);
