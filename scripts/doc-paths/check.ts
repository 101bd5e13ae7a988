import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface DocProblem {
  file: string;
  line: number;
  problem: string;
}

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'providers/*/README.md'];
/** A bare name with one of these endings is a file of the project; `muster.yaml` or `kubeconfig` is the reader's. */
const CODE_FILE = /^[\w.-]+\.(ts|tsx|mjs|md)$/;
/** Next's names for files that a document may speak of because the project does without them. */
const NEXT_NAMES = new Set(['proxy.ts', 'middleware.ts', 'instrumentation.ts']);
const PATH = /^[\w.@#[\]()<>*-]+(\/[\w.@#[\]()<>*-]*)+$/;
const NOT_OURS = /^(\.\.\/shared\b|[a-z][a-z0-9+.-]*:|#)/i;

/** `<id>` and `*` stand for any name. */
const toGlob = (name: string) =>
  name
    .replace(/<[^>]*>/g, '*')
    .replaceAll('[', '\\[')
    .replaceAll(']', '\\]');

function exists(root: string, name: string): boolean {
  if (!/[<*]/.test(name)) return existsSync(path.join(root, name));
  return globSync(toGlob(name), { cwd: root }).length > 0;
}

interface Names {
  root: string;
  /** Folders and files of the top level: what a path can begin with. */
  top: ReadonlySet<string>;
  scripts: ReadonlySet<string>;
}

function problemOfLink(names: Names, file: string, target: string): string | undefined {
  const wanted = decodeURI(target.split(/[?#]/, 1)[0] ?? '');
  if (wanted === '' || NOT_OURS.test(wanted)) return;
  const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), wanted));
  if (/(^|\/)\.\.\/shared\b/.test(resolved)) return;
  return exists(names.root, resolved) ? undefined : `links to ${target}, which does not exist`;
}

function problemOfCode(names: Names, file: string, code: string): string | undefined {
  const name = code.replace(/^\.\//, '').replace(/:\d+$/, '').replace(/^#/, '');
  if (/^\.\.\/shared\b/.test(name)) return;
  const beside = path.posix.join(path.posix.dirname(file), name);
  if (CODE_FILE.test(name)) {
    if (NEXT_NAMES.has(name)) return;
    const anywhere = exists(names.root, name) || exists(names.root, beside) || isSomewhere(names.root, name);
    return anywhere ? undefined : `names ${name}, which does not exist`;
  }
  const first = name.split('/', 1)[0] ?? '';
  if (!PATH.test(name) || !names.top.has(first)) return;
  return exists(names.root, name) || exists(names.root, beside) ? undefined : `names ${name}, which does not exist`;
}

/** `map.ts` in a guide means the file of that name in every provider. */
const isSomewhere = (root: string, name: string) =>
  globSync(`{app,lib,providers,scripts,tests,docs}/**/${name}`, { cwd: root }).length > 0;

const HIDDEN = new Set(['.git', '.next', '.muster', 'node_modules', 'test-results']);

function namesOf(root: string): Names {
  const manifest: { scripts?: Record<string, string> } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return {
    root,
    top: new Set(readdirSync(root).filter((name) => !HIDDEN.has(name))),
    scripts: new Set(Object.keys(manifest.scripts ?? {})),
  };
}

/** Everything a line of a document names: links and inline code outside of fences, npm scripts everywhere. */
function problemsOfLine(names: Names, file: string, line: string, fenced: boolean): (string | undefined)[] {
  const run = [...line.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(([, named, short]) => {
    const script = named ?? short ?? '';
    return names.scripts.has(script) ? undefined : `npm runs no script ${script}`;
  });
  if (fenced) return run;
  const links = [...line.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)];
  const codes = [...line.matchAll(/`([^`]+)`/g)];
  return [
    ...run,
    ...links.map(([, target = '']) => problemOfLink(names, file, target)),
    ...codes.map(([, code = '']) => problemOfCode(names, file, code)),
  ];
}

/** Every path and npm script that the documents under `root` name and that does not exist. */
export function checkDocuments(root: string): DocProblem[] {
  const names = namesOf(root);
  const found: DocProblem[] = [];
  for (const file of globSync(DOCUMENTS, { cwd: root }).sort()) {
    let fenced = false;
    for (const [index, line] of readFileSync(path.join(root, file), 'utf8').split('\n').entries()) {
      if (/^\s*(```|~~~)/.test(line)) {
        fenced = !fenced;
        continue;
      }
      for (const problem of problemsOfLine(names, file, line, fenced)) {
        if (problem) found.push({ file, line: index + 1, problem });
      }
    }
  }
  return found;
}
