import type { z } from 'zod';
import type { Engine } from '#lib/index/engine.ts';
import type { Follower } from '#lib/index/follower.ts';
import type { RowReader } from '#lib/index/row-reader.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { ReadStore } from '#lib/store/port.ts';

/** What the worker has to answer from: which rows, from the engine; what is in them, from the store. */
export interface Context {
  engine: Engine;
  store: ReadStore;
  /** Knows the revision of what the engine has. */
  follower: Follower;
  clock: Clock;
  rows: RowReader;
}

/** The parameters in a path: `{ uid: string }` of `/resources/{uid}/stack`. */
type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Key in Name]: string } & PathParameters<Rest>
  : unknown;

/** What a query string says. Of a schema without parameters zod says that every value is `never`. */
type Parameters<T> = string extends keyof T ? object : T & object;

/** Whether a path names one thing, which may not be there: its answer may then be null. */
type IfNamed<Path extends string, Then, Else> = string extends Path
  ? Then | Else
  : Path extends `${string}{${string}`
    ? Then
    : Else;

type Answered<Path extends string, Output extends z.ZodType> = z.output<Output> | IfNamed<Path, null, never>;

/** A question, as the table, the worker and the routes know any. */
export interface Question {
  /** Below `/api/v1`: `/resources/{uid}/stack`. It is also the name of the question everywhere inside. */
  path: string;
  /** For the reader of the API. */
  summary: string;
  /** Its query string. What is in the path is added to it as text. */
  input: z.ZodType<object>;
  output: z.ZodType;
  /** Name of `output` in the API's document. */
  outputName: string;
  /** What is said where `run` gives null; of a path with a parameter, and of no other. */
  notFound?: string | undefined;
  run(input: object, context: Context): unknown;
}

/** A question as it is written down: one file of `lib/questions` each. */
interface Written<Path extends string, Input extends z.ZodType<object>, Output extends z.ZodType> extends Question {
  path: Path;
  input: Input;
  output: Output;
  /** Runs in the worker. `null`: the thing that the path names is not there. @throws QueryProblem */
  run(
    input: Parameters<z.output<Input>> & PathParameters<Path>,
    context: Context,
  ): Answered<Path, Output> | Promise<Answered<Path, Output>>;
}

/** Checks by its types what {@link Question} says in prose. */
export function question<const Path extends string, Input extends z.ZodType<object>, Output extends z.ZodType>(
  written: Written<Path, Input, Output> & IfNamed<Path, { notFound: string }, { notFound?: never }>,
): Written<Path, Input, Output> {
  return written;
}

/** What a question's `run` gets: parsed, defaults filled in. */
export type InputOf<Q extends Question> = Parameters<z.output<Q['input']>> & PathParameters<Q['path']>;

/** What one asks with over the API: as {@link InputOf}, but what has a default may be left out. */
export type AskedOf<Q extends Question> = Asked<z.input<Q['input']>, z.output<Q['input']>> & PathParameters<Q['path']>;

type Asked<Text, Parsed> = string extends keyof Parsed
  ? object
  : { [Key in keyof Parsed & Needed<Text>]: Parsed[Key] } & {
      [Key in Exclude<keyof Parsed, Needed<Text>>]?: Parsed[Key];
    };

type Needed<Text> = { [Key in keyof Text]-?: object extends Pick<Text, Key> ? never : Key }[keyof Text];

/** Its answer; null where what its path names is not there. */
export type AnswerOf<Q extends Question> = Answered<Q['path'], Q['output']>;

/** The same as JSON text. */
export type TextOf<Q extends Question> = string | IfNamed<Q['path'], null, never>;
