import { z } from 'zod';
import { decisionSchema, opinionSchema, pairSchema } from '#lib/model/index.ts';
import {
  changesSchema,
  facetsSchema,
  groupsSchema,
  itemSchema,
  problemSchema,
  resourceDetailSchema,
  resourcePageSchema,
  scopesSchema,
  streamEventSchema,
} from '#lib/query/api.ts';
import {
  capacitySchema,
  identityReportSchema,
  machineSchema,
  permissionsAnswerSchema,
  stackSchema,
  treePageSchema,
} from '#lib/query/stack-api.ts';
import {
  capacityParameters,
  changesParameters,
  exportParameters,
  facetsParameters,
  groupsParameters,
  identityParameters,
  refreshBody,
  resourcesParameters,
  streamParameters,
  treeParameters,
} from './parameters.ts';

type JsonSchema = Record<string, unknown>;

const SCHEMAS = {
  ResourcePage: resourcePageSchema,
  ResourceDetail: resourceDetailSchema,
  Facets: facetsSchema,
  Groups: groupsSchema,
  Scopes: scopesSchema,
  Changes: changesSchema,
  StreamEvent: streamEventSchema,
  Stack: stackSchema,
  Machine: machineSchema,
  Capacity: capacitySchema,
  IdentityReport: identityReportSchema,
  TreePage: treePageSchema,
  Permissions: permissionsAnswerSchema,
  Resource: itemSchema,
  Decision: decisionSchema,
  Problem: problemSchema,
} as const;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
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

const ref = (name: keyof typeof SCHEMAS): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
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

const uid: JsonSchema = {
  name: 'uid',
  in: 'path',
  required: true,
  description: 'Percent-encoded, also its slashes',
  schema: { type: 'string' },
};

/** Without it no page elsewhere can change anything. */
const ownPage: JsonSchema = { name: 'x-muster', in: 'header', required: true, schema: { const: '1' } };

/** The API as OpenAPI 3.1, made from the schemas that the routes check and answer with. */
export function openApiDocument(): JsonSchema {
  const json = 'application/json';
  return {
    openapi: '3.1.0',
    info: { title: 'Muster', version: '1', description: 'One live list of VMs, containers and hosts. Reads only.' },
    paths: {
      '/api/v1/resources': read(
        'Resources that match',
        queryParameters(resourcesParameters),
        json,
        ref('ResourcePage'),
      ),
      '/api/v1/resources/{uid}': read('One resource whole', [uid], json, ref('ResourceDetail')),
      '/api/v1/resources/{uid}/stack': read('What it stands on and what stands on it', [uid], json, ref('Stack')),
      '/api/v1/machines/{uid}': read('All rows that are one machine, by any of them', [uid], json, ref('Machine')),
      '/api/v1/capacity': read(
        'The five capacities of the result, each machine once, and why',
        queryParameters(capacityParameters),
        json,
        ref('Capacity'),
      ),
      '/api/v1/identity': read(
        'Pairs that wait for a decision, contradictions, decisions',
        queryParameters(identityParameters),
        json,
        ref('IdentityReport'),
      ),
      '/api/v1/tree': read('The result as a tree of machines', queryParameters(treeParameters), json, ref('TreePage')),
      '/api/v1/permissions': read('What each source may and may not read', [], json, ref('Permissions')),
      '/api/v1/facets': read('Values of fields with counts', queryParameters(facetsParameters), json, ref('Facets')),
      '/api/v1/groups': read('Groups with sums and averages', queryParameters(groupsParameters), json, ref('Groups')),
      '/api/v1/scopes': read('What is listed, how old and how complete', [], json, ref('Scopes')),
      '/api/v1/changes': read('What changed, newest first', queryParameters(changesParameters), json, ref('Changes')),
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
      schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, schemaOf(schema, 'output')])),
    },
  };
}
