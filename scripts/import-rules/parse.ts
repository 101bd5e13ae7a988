import { parseSync, Visitor } from 'vite';

export interface Import {
  /** As written; null where it is computed. */
  specifier: string | null;
  line: number;
  /** `import type`: gone at run time. An inline `{ type X }` still loads the module. */
  typeOnly: boolean;
  dynamic: boolean;
}

export interface Source {
  /** From the root, with forward slashes. */
  path: string;
  lines: number;
  imports: Import[];
  /** `use client`, `use server`, ... at any level. */
  directives: string[];
  /** Lines that read `process.env`. */
  environment: number[];
  /** Lines that replace a module in a test. */
  mocks: number[];
}

const MODULE_MOCKS = new Set(['mock', 'doMock', 'unstable_mockModule']);

export function parseSource(path: string, code: string): Source {
  const { program, errors } = parseSync(path, code);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const starts = [...code.matchAll(/\n/g)].map((match) => match.index + 1);
  const lineAt = (offset: number) => starts.filter((start) => start <= offset).length + 1;
  const source: Source = {
    path,
    lines: starts.length + (code.endsWith('\n') ? 0 : 1),
    imports: [],
    directives: [],
    environment: [],
    mocks: [],
  };
  const add = (specifier: unknown, offset: number, typeOnly: boolean, dynamic: boolean) =>
    source.imports.push({
      specifier: typeof specifier === 'string' ? specifier : null,
      line: lineAt(offset),
      typeOnly,
      dynamic,
    });

  new Visitor({
    ImportDeclaration(node) {
      add(node.source.value, node.start, node.importKind === 'type', false);
      if (!/^(node:)?process$/.test(node.source.value)) return;
      const names = node.specifiers.map((item) => (item.type === 'ImportSpecifier' ? item.imported : item.local));
      if (names.some((name) => 'name' in name && name.name === 'env')) source.environment.push(lineAt(node.start));
    },
    ExportNamedDeclaration(node) {
      if (node.source) add(node.source.value, node.start, node.exportKind === 'type', false);
    },
    ExportAllDeclaration(node) {
      add(node.source.value, node.start, node.exportKind === 'type', false);
    },
    ImportExpression(node) {
      add(node.source.type === 'Literal' ? node.source.value : null, node.start, false, true);
    },
    TSImportType(node) {
      add(node.source.value, node.start, true, false);
    },
    ExpressionStatement(node) {
      if ('directive' in node && typeof node.directive === 'string') source.directives.push(node.directive);
    },
    MemberExpression(node) {
      const { object, property } = node;
      const name = property.type === 'Identifier' ? property.name : property.type === 'Literal' ? property.value : '';
      const ofProcess =
        (object.type === 'Identifier' && object.name === 'process') ||
        (object.type === 'MemberExpression' &&
          object.property.type === 'Identifier' &&
          object.property.name === 'process');
      if (name === 'env' && ofProcess) source.environment.push(lineAt(node.start));
      if (object.type === 'Identifier' && object.name === 'vi' && MODULE_MOCKS.has(String(name))) {
        source.mocks.push(lineAt(node.start));
      }
    },
    VariableDeclarator(node) {
      if (node.init?.type !== 'Identifier' || node.init.name !== 'process' || node.id.type !== 'ObjectPattern') return;
      const takesEnv = node.id.properties.some(
        (item) => item.type === 'Property' && item.key.type === 'Identifier' && item.key.name === 'env',
      );
      if (takesEnv) source.environment.push(lineAt(node.start));
    },
  }).visit(program);
  return source;
}
