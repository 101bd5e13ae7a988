import { z } from 'zod';
import { environmentSchema } from './environment.ts';
import { historySchema, type Providers, sourceSchema } from './sources.ts';

/** What is used here of a JSON schema that zod writes. */
interface Shape {
  type?: string;
  description?: string;
  default?: unknown;
  /** Ours: zod leaves `examples` and `default` of what it transforms out. */
  example?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
}

const shapeOf = (schema: z.ZodType): Shape => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;

/** `.env.example`: every variable with its meaning and its default. */
export function environmentExample(): string {
  const lines = ['# Environment of both processes. Every variable may stay unset.', ''];
  for (const [name, { description, default: value }] of Object.entries(shapeOf(environmentSchema).properties ?? {})) {
    lines.push(`# ${description}`, `# ${name}=${Array.isArray(value) ? value.join(',') : (value ?? '')}`, '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** `muster.example.yaml`: a source per provider with its demo fleet, and beside it every key that a real one takes. */
export function sourcesExample(providers: Providers): string {
  const lines = [
    '# Sources of Muster. Copy this file to muster.yaml, keep the sources you have, and for each of them replace `mock` by the',
    '# keys of your own cloud. `npm run check-config` says what it understood and which permissions are missing.',
    'sources:',
  ];
  const explained = new Set<string>();
  for (const provider of Object.values(providers)) {
    const { mock, ...theirs } = shapeOf(provider.config).properties ?? {};
    lines.push(`  # ${provider.label}; permissions and quirks: providers/${provider.id}/README.md`);
    for (const [key, shape] of Object.entries(shapeOf(sourceSchema).properties ?? {})) {
      const fixed = key === 'id' || key === 'provider';
      lines.push(...(fixed ? live(key, provider.id) : commented(key, shape, false, explained)));
    }
    if (mock) {
      const keys = Object.entries(mock.properties ?? {}).map(([key, { default: value }]) => `${key}: ${String(value)}`);
      lines.push(`    # ${mock.description}`, `    mock: { ${keys.join(', ')} }`);
    }
    const required = shapeOf(provider.config).required ?? [];
    for (const [key, shape] of Object.entries(theirs))
      lines.push(...commented(key, shape, required.includes(key), explained));
    lines.push('');
  }
  lines.push('history:');
  for (const [key, shape] of Object.entries(shapeOf(historySchema).properties ?? {})) {
    lines.push(`  # ${shape.description}`, `  ${key}: ${valueFor(shape)}`);
  }
  return `${lines.join('\n')}\n`;
}

const live = (key: string, value: string): string[] => [`  ${key === 'id' ? '- ' : '  '}${key}: ${value}`];

const PAGE = 120;

/** A key as a comment: its meaning, then how it is written. */
function commented(key: string, shape: Shape, required: boolean, explained: Set<string>): string[] {
  const lines = [`# ${meaningOf(shape, required)}`, ...written(key, shape, explained).map((line) => `# ${line}`)];
  explained.add(meaningOf(shape, false));
  return lines.map((line) => `    ${line}`);
}

function meaningOf({ description, enum: choices }: Shape, required: boolean): string {
  const meaning = [description, required ? 'required' : null, choices ? `one of ${choices.join(', ')}` : null];
  return meaning.filter(Boolean).join('; ');
}

/** @param said meanings that stand above already: a block that has another provider's keys does not repeat them */
function written(key: string, shape: Shape, explained: Set<string>): string[] {
  const { items, properties, required } = shape;
  if (items?.properties)
    return [`${key}:`, ...block(items, explained).map((line, i) => `  ${i === 0 ? '- ' : '  '}${line}`)];
  if (properties)
    return [`${key}:`, ...block({ properties, ...(required ? { required } : {}) }, explained).map(indented)];
  return [`${key}: ${valueFor(shape)}`];
}

/** Keys of a block, each with its meaning behind it, or above it where that would be a long line. */
function block({ properties = {}, required = [] }: Shape, explained: Set<string>): string[] {
  return Object.entries(properties).flatMap(([name, shape], index) => {
    const plain = meaningOf(shape, false);
    const meaning = explained.has(plain) ? '' : meaningOf(shape, required.includes(name));
    const [first = '', ...rest] = written(name, shape, explained);
    explained.add(plain);
    if (meaning === '') return [first, ...rest];
    const line = `${first} # ${meaning}`;
    // The dash of a list stands before the first key.
    return index === 0 || line.length <= PAGE - 10 ? [line, ...rest] : [`# ${meaning}`, first, ...rest];
  });
}

const indented = (line: string): string => `  ${line}`;

/** An example or the default where there is one, else a placeholder, which the configuration refuses. */
function valueFor(shape: Shape): string {
  const { example, default: value, enum: choices, const: only, type, items } = shape;
  // An empty list says nothing of what stands in it.
  const isEmpty = Array.isArray(value) && value.length === 0;
  const known = example ?? (isEmpty ? undefined : value) ?? only ?? choices?.[0];
  if (known !== undefined) return typeof known === 'string' ? known : JSON.stringify(known);
  if (type === 'array') return `[${items ? valueFor(items) : '"..."'}]`;
  if (type === 'object') return '{ "...": "..." }';
  if (type === 'boolean') return 'true';
  return type === 'number' || type === 'integer' ? '1' : '"..."';
}
