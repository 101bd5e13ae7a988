import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test that shows a row of the fault catalogue: its title without the number. */
export interface Shown {
  file: string;
  title: string;
}

const TITLE = /(['"`])((?:fault \d+(?:, )?)+):\s*(.*?)\1\s*[,)]/g;
const BUILT = /(?<=<!-- built -->\n)[\s\S]*(?=<!-- \/built -->)/;

/** Rows of the fault catalogue that tests name in their titles (`fault 18: refuses ...`). */
export function shownFaults(files: Iterable<{ path: string; text: string }>): Map<number, Shown[]> {
  const rows = new Map<number, Shown[]>();
  for (const { path, text } of files) {
    for (const [, , numbers = '', title = ''] of text.matchAll(TITLE)) {
      for (const [, number] of numbers.matchAll(/fault (\d+)/g)) {
        const shown = rows.get(Number(number)) ?? [];
        shown.push({ file: path, title: title.replaceAll('|', '\\|') });
        rows.set(Number(number), shown);
      }
    }
  }
  return new Map([...rows].sort(([a], [b]) => a - b));
}

/** Numbers listed as open: rows `| 50 | why |` below the heading "Open". */
export function openFaults(document: string): Set<number> {
  const open = document.slice(document.indexOf('## Open'));
  return new Set([...open.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number)));
}

/** The document with its built part made anew. */
export function withBuilt(document: string, rows: ReadonlyMap<number, readonly Shown[]>): string {
  const lines = [...rows].map(([number, shown]) => {
    const [first] = shown;
    const files = [...new Set(shown.map(({ file }) => `\`${file}\``))].join(', ');
    return `| ${number} | ${first?.title ?? ''}${shown.length > 1 ? ` (+${shown.length - 1})` : ''} | ${files} |`;
  });
  return document.replace(BUILT, () => `| # | shown by, first title | in |\n|---|---|---|\n${lines.join('\n')}\n`);
}

/** Every test file of the project with its text, suites included. */
export function testFiles(root: string): { path: string; text: string }[] {
  return globSync(
    ['{app,lib,providers,scripts}/**/*.test.{ts,tsx}', 'tests/{contract,flow,security,e2e,architecture}/**/*.ts'],
    { cwd: root },
  )
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
