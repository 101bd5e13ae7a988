import type { z } from 'zod';
import { itemSchema, problemSchema, streamEventSchema } from '#lib/api/resources.ts';
import { decisionSchema, opinionSchema, pairSchema } from '#lib/model/index.ts';
import type { Question } from '#lib/questions/kit/question.ts';
import { exportParameters, refreshBody, streamParameters } from './parameters.ts';

type JsonSchema = Record<string, unknown>;

/** Beside the answers to questions. */
const SCHEMAS = {
  StreamEvent: streamEventSchema,
  Resource: itemSchema,
  Decision: decisionSchema,
  Problem: problemSchema,
} as const;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = schema.toJSONSchema({ io, unrepresentable: 'any' }) as JsonSchema;
  return rest;
};

function queryParameters(schema: z.ZodType): JsonSchema[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }));
}

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const answer = (description: string, type: string, schema: JsonSchema): JsonSchema => ({
  description,
  content: { [type]: { schema } },
});
const problems: JsonSchema = {
  default: answer('What went wrong, with a stable code', 'application/problem+json', ref('Problem')),
};

const read = (summary: string, parameters: JsonSchema[], type: string, schema: JsonSchema): JsonSchema => ({
  get: { summary, parameters, responses: { '200': answer(summary, type, schema), ...problems } },
});

const pathParameters = (path: string): JsonSchema[] =>
  [...path.matchAll(/{(\w+)}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: 'Percent-encoded, also its slashes',
    schema: { type: 'string' },
  }));

const readOf = ({ path, summary, input, outputName }: Question): JsonSchema =>
  read(summary, [...pathParameters(path), ...queryParameters(input)], 'application/json', ref(outputName));

/** Without it no page elsewhere can change anything. */
const ownPage: JsonSchema = { name: 'x-muster', in: 'header', required: true, schema: { const: '1' } };

/** The API as OpenAPI 3.1, made from the schemas that the routes check and answer with. */
export function openApiDocument(questions: readonly Question[]): JsonSchema {
  const json = 'application/json';
  const schemas = {
    ...Object.fromEntries(questions.map(({ outputName, output }) => [outputName, output])),
    ...SCHEMAS,
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Muster', version: '1', description: 'One live list of VMs, containers and hosts. Reads only.' },
    paths: {
      ...Object.fromEntries(questions.map((question) => [`/api/v1${question.path}`, readOf(question)])),
      '/api/v1/stream': read(
        'Revisions as server-sent events',
        queryParameters(streamParameters),
        'text/event-stream',
        ref('StreamEvent'),
      ),
      '/api/v1/export.csv': read('The result as CSV', queryParameters(exportParameters), 'text/csv', {
        type: 'string',
      }),
      '/api/v1/export.json': read('The result as JSON', queryParameters(exportParameters), json, {
        type: 'array',
        items: ref('Resource'),
      }),
      '/api/v1/decisions': {
        post: {
          summary: 'Joins or splits two resources, in place of what was said of them before',
          parameters: [ownPage],
          requestBody: { required: true, content: { [json]: { schema: schemaOf(opinionSchema, 'input') } } },
          responses: { '200': answer('As it is kept: a < b', json, ref('Decision')), ...problems },
        },
        delete: {
          summary: 'Takes back what was said of two resources',
          parameters: [ownPage, ...queryParameters(pairSchema)],
          responses: { '204': { description: 'Taken back' }, ...problems },
        },
      },
      '/api/v1/refresh': {
        post: {
          summary: 'Asks for a new listing; coalesced',
          parameters: [ownPage],
          requestBody: { content: { [json]: { schema: schemaOf(refreshBody, 'input') } } },
          responses: {
            '202': answer('Accepted', json, {
              type: 'object',
              properties: { status: { enum: ['accepted', 'coalesced'] } },
              required: ['status'],
            }),
            ...problems,
          },
        },
      },
    },
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaOf(schema, 'output')])),
    },
  };
}
