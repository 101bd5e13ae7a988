import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { ConfigError, type Problem } from './environment.ts';

export const MAX_BYTES = 1024 * 1024;
/** How much aliases may multiply a document; a bomb needs thousands. */
const MAX_ALIASES = 20;
const MAX_DEPTH = 20;
/** One mistake in the syntax makes many after it. */
const MAX_BROKEN = 5;

export type Path = readonly PropertyKey[];

export interface Position {
  line: number;
  column: number;
}

export interface YamlFile {
  value: unknown;
  /** Where the value at `path` stands, or the nearest thing around it that is there. */
  at(path: Path): Position | undefined;
}

// The library's messages quote the document; these do not.
const EXPECTED: { readonly [code: string]: string } = {
  MULTIPLE_DOCS: 'one document',
  NON_STRING_KEY: 'a plain word as key',
  BAD_INDENT: 'another indentation',
  TAB_AS_INDENT: 'spaces instead of a tab',
  TAG_RESOLVE_FAILED: 'no tag (`!...`)',
  MISSING_CHAR: 'a character that is missing, such as a closing quote or bracket',
  RESOURCE_EXHAUSTION: `at most ${MAX_DEPTH} levels`,
};

/**
 * Parses YAML 1.2 within bounds: size, depth, aliases; duplicate keys, tags and the key `__proto__` are refused.
 * @throws ConfigError with the position of each problem
 */
export function parseYaml(text: string, place: string): YamlFile {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new ConfigError(place, [{ key: '(file)', expected: `at most ${MAX_BYTES} bytes` }]);
  }
  const lines = new LineCounter();
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const refuse = (problems: readonly Problem[]): never => {
    throw new ConfigError(place, problems);
  };
  const document = parse(text, lines) ?? refuse([{ key: '(file)', expected: `at most ${MAX_DEPTH} levels` }]);
  const broken: readonly YAMLError[] = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    refuse(
      broken.slice(0, MAX_BROKEN).map(({ code, pos }) => ({
        key: '(file)',
        expected: EXPECTED[code] ?? 'YAML 1.2',
        at: positionOf(pos[0]),
      })),
    );
  }
  const problems = forbidden(document, positionOf);
  if (problems.length > 0) refuse(problems);
  return {
    value: toValue(() => document.toJS({ maxAliasCount: MAX_ALIASES })) ?? null,
    at: (path) => {
      const offset = offsetOf(document.contents, path);
      return offset === undefined ? undefined : positionOf(offset);
    },
  };

  function toValue(read: () => unknown): unknown {
    try {
      return read();
    } catch (error) {
      // The library says "too many aliases" with a ReferenceError.
      if (!(error instanceof ReferenceError)) throw error;
      return refuse([{ key: '(file)', expected: 'fewer aliases' }]);
    }
  }
}

/** What YAML allows and a configuration file does not. */
function forbidden(document: Document.Parsed, positionOf: (offset: number) => Position): Problem[] {
  const problems: Problem[] = [];
  const add = (key: string, expected: string, node: unknown) => {
    const offset = (node as ParsedNode | null)?.range?.[0];
    problems.push({ key, expected, ...(offset === undefined ? {} : { at: positionOf(offset) }) });
  };
  let aliases = 0;
  visit(document, (_key, node, ancestors) => {
    if (ancestors.filter(isCollection).length > MAX_DEPTH) {
      add('(file)', `at most ${MAX_DEPTH} levels`, node);
      return visit.BREAK;
    }
    if (isPair(node) && String(node.key) === '__proto__') add('__proto__', 'no such key', node.key);
    if (isMap(node)) for (const key of repeated(node)) add('(file)', 'each key once', key);
    if (!isAlias(node)) return undefined;
    if (++aliases > MAX_ALIASES) {
      add('(file)', 'fewer aliases', node);
      return visit.BREAK;
    }
    if (!node.resolve(document)) add('(file)', 'an alias whose anchor stands before it', node);
    return undefined;
  });
  return problems;
}

function repeated(map: YAMLMap): unknown[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    const name = String(key);
    if (seen.has(name)) return [key];
    seen.add(name);
    return [];
  });
}

function parse(text: string, lines: LineCounter) {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      // The library compares each key with each other one; `forbidden` looks them up.
      uniqueKeys: false,
      version: '1.2',
      logLevel: 'error',
    });
  } catch (error) {
    // Nesting beyond the stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Follows the path as far as the document goes; a key that is there counts with its own place, not that of its value. */
function offsetOf(root: ParsedNode | null, path: Path): number | undefined {
  let node: unknown = root;
  let offset = root?.range?.[0];
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(step));
      if (!pair) return offset;
      offset = (pair.key as ParsedNode).range?.[0] ?? offset;
      node = pair.value;
    } else {
      const items = (node as { items?: unknown[] } | null)?.items;
      const item = items?.[Number(step)] as ParsedNode | undefined;
      if (!item) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}
