import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Question } from './question.ts';

/** A question that an address asks, and what its path names. */
export interface Match {
  question: Question;
  parameters: Record<string, string>;
}

/** All questions. What knows them one by one (worker, routes, document) reads them here. */
export interface QuestionTable {
  /** By path, in its order. */
  readonly all: readonly Question[];
  get(path: string): Question | undefined;
  /** @param address below `/api/v1`, as it came: `/resources/a%2Fb/stack` */
  match(address: string): Match | null;
}

const FOLDER = path.join(import.meta.dirname, '..');

/** Reads the folder of questions. @throws Error that names the file which holds no question, or one that is there already */
export async function readQuestions(folder = FOLDER): Promise<QuestionTable> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  const files = names.map(async (name): Promise<[string, unknown]> => {
    const { href } = pathToFileURL(path.join(folder, name));
    const module: { default?: unknown } = await import(href);
    return [name, module.default];
  });
  return tableOf(await Promise.all(files));
}

/** @param files name of each file and what it exports. @throws Error as {@link readQuestions} */
export function tableOf(files: readonly (readonly [string, unknown])[]): QuestionTable {
  const paths = new Map<string, string>();
  const outputs = new Map<string, [string, Question['output']]>();
  const all = files.map(([file, value]) => {
    if (!isQuestion(value)) throw new Error(`${file}: ${diagnosticOf(value)}`);
    const { path, output, outputName } = value;
    const addresses = path.replace(/{\w+}/g, '{}');
    const before = paths.get(addresses);
    if (before !== undefined) throw new Error(`${file}: ${path} is the path of ${before} already`);
    paths.set(addresses, file);
    const [of, other] = outputs.get(outputName) ?? [file, output];
    if (other !== output) throw new Error(`${file}: ${outputName} is another output of ${of}`);
    outputs.set(outputName, [of, output]);
    return value;
  });
  all.sort((a, b) => (a.path < b.path ? -1 : 1));
  const byPath = new Map(all.map((question) => [question.path, question]));
  return { all, get: (name) => byPath.get(name), match: (address) => matchIn(all, address) };
}

const isSchema = (value: unknown) => value instanceof z.ZodType;

const shape = z
  .object({
    path: z.string().regex(/^(\/([a-z-]+|{[a-z]+}))+$/, 'expected /words and /{parameters}'),
    summary: z.string().min(1),
    input: z.custom(isSchema, 'expected a schema'),
    output: z.custom(isSchema, 'expected a schema'),
    outputName: z.string().regex(/^[A-Z][A-Za-z]+$/, 'expected a name like ResourcePage'),
    notFound: z.string().min(1).optional(),
    run: z.custom((value) => typeof value === 'function', 'expected a function'),
  })
  .refine((written) => written.path.includes('{') === (written.notFound !== undefined), {
    path: ['notFound'],
    message: 'belongs to a path with a parameter, and to no other',
  });

const isQuestion = (value: unknown): value is Question => shape.safeParse(value).success;

function diagnosticOf(value: unknown): string {
  const issue = shape.safeParse(value).error?.issues[0];
  return `exports no question by default: ${[...(issue?.path ?? []), issue?.message].join(': ')}`;
}

function matchIn(all: readonly Question[], address: string): Match | null {
  const given = address.split('/');
  let found: Match | null = null;
  for (const question of all) {
    const parameters = parametersIn(question.path.split('/'), given);
    if (parameters === null) continue;
    // A word in a path says more than a parameter that would take it.
    if (found === null || Object.keys(parameters).length < Object.keys(found.parameters).length) {
      found = { question, parameters };
    }
  }
  return found;
}

/** What the segments of a path's parameters say, or null if it is another path. */
function parametersIn(wanted: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const text = given[i] ?? '';
    if (segment.startsWith('{')) parameters[segment.slice(1, -1)] = decoded(text);
    else if (segment !== text) return null;
  }
  return parameters;
}

/** A segment as it was meant; one that holds a `%` which encodes nothing stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
