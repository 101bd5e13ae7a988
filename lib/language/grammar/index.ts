export type * from './ast.ts';
export { GrammarError } from './ast.ts';
export * from './complete.ts';
export * from './edit.ts';
export * from './format.ts';
export { parse, parseSort } from './parse.ts';
export { type Token, tokens } from './tokens.ts';
