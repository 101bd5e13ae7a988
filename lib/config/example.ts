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
  for (const provider of Object.values(providers)) {
    const { mock, ...theirs } = shapeOf(provider.config).properties ?? {};
    lines.push(`  # ${provider.label}; permissions and quirks: providers/${provider.id}/README.md`);
    for (const [key, shape] of Object.entries(shapeOf(sourceSchema).properties ?? {})) {
      const fixed = key === 'id' || key === 'provider';
      lines.push(...(fixed ? live(key, provider.id) : commented(key, shape, false, 4)));
    }
    if (mock) {
      const keys = Object.entries(mock.properties ?? {}).map(([key, { default: value }]) => `${key}: ${String(value)}`);
      lines.push(`    # ${mock.description}`, `    mock: { ${keys.join(', ')} }`);
    }
    const required = shapeOf(provider.config).required ?? [];
    for (const [key, shape] of Object.entries(theirs)) lines.push(...commented(key, shape, required.includes(key), 4));
    lines.push('');
  }
  lines.push('history:');
  for (const [key, shape] of Object.entries(shapeOf(historySchema).properties ?? {})) {
    lines.push(`  # ${shape.description}`, `  ${key}: ${valueFor(shape)}`);
  }
  return `${lines.join('\n')}\n`;
}

const live = (key: string, value: string): string[] => [`  ${key === 'id' ? '- ' : '  '}${key}: ${value}`];

/** A key as a comment: its meaning, then how it is written. */
function commented(key: string, shape: Shape, required: boolean, indent: number): string[] {
  const before = `${' '.repeat(indent)}# `;
  const meaning = [
    shape.description,
    required ? 'required' : null,
    shape.enum ? `one of ${shape.enum.join(', ')}` : null,
  ];
  return [`${before}${meaning.filter(Boolean).join('; ')}`, ...written(key, shape).map((line) => `${before}${line}`)];
}

function written(key: string, shape: Shape): string[] {
  const { items, properties } = shape;
  if (items?.properties) {
    const inner = Object.entries(items.properties);
    return [
      `${key}:`,
      ...inner.map(([name, of], i) => {
        const note = [of.description, items.required?.includes(name) ? 'required' : null].filter(Boolean).join('; ');
        return `  ${i === 0 ? '- ' : '  '}${name}: ${valueFor(of)}${note ? ` # ${note}` : ''}`;
      }),
    ];
  }
  if (properties)
    return [`${key}:`, ...Object.entries(properties).flatMap(([name, of]) => indented(written(name, of)))];
  return [`${key}: ${valueFor(shape)}`];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** An example or the default where there is one, else a placeholder, which the configuration refuses. */
function valueFor(shape: Shape): string {
  const { example, default: value, enum: choices, const: only, type, items } = shape;
  const known = example ?? (Array.isArray(value) ? undefined : value) ?? only ?? choices?.[0];
  if (known !== undefined) return typeof known === 'string' ? known : JSON.stringify(known);
  if (type === 'array') return `[${items ? valueFor(items) : '"..."'}]`;
  if (type === 'object') return '{ "...": "..." }';
  if (type === 'boolean') return 'true';
  return type === 'number' || type === 'integer' ? '1' : '"..."';
}
