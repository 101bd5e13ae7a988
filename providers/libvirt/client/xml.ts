import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { asRecord, asString, type Fields } from '#providers/kit/read.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';

/** Of an element: its attributes under `@name`, its text under `#text` where it has attributes or children. */
export type Element = Fields;

/** libvirt's own documents nest to ten levels. */
const MAX_DEPTH = 40;
const MAX_LENGTH = 4 * 1024 * 1024;
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Amounts and ids are text until their reader knows better.
  parseTagValue: false,
  // Blanks around a tag's value are its own; those between elements are layout.
  trimValues: false,
  tagValueProcessor: (_, text) => (text.trim() === '' ? '' : text),
  // Without this option numeric references stay as they are.
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
  transformTagName: (name) => (RESERVED.has(name) ? `_${name}` : name),
});

/**
 * Parses a document of libvirt. No document type, so no entities beside the five of XML and numbers: libvirt writes none.
 * @param root name of its root element
 * @throws UnreadableRow too long, too deep, not well-formed, with a document type, or another root
 */
export function parseXml(text: string, root: string): Element {
  if (text.length > MAX_LENGTH) throw new UnreadableRow('xml', `at most ${MAX_LENGTH} characters`);
  if (/<!(?!\[CDATA\[|--)/.test(text)) throw new UnreadableRow('xml', 'no document type');
  if (XMLValidator.validate(text) !== true) throw new UnreadableRow('xml', 'a well-formed document');
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch {
    throw new UnreadableRow('xml', `a document of at most ${MAX_DEPTH} levels`);
  }
  const element = asRecord(asRecord(parsed)?.[root]);
  if (!element) throw new UnreadableRow('xml', `a document of ${root}`);
  return element;
}

/** Children of this name: one is no list in the parser's answer. */
export function children(element: Element | null | undefined, name: string): readonly unknown[] {
  const value = element && Object.hasOwn(element, name) ? element[name] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export const child = (element: Element | null | undefined, name: string): Element | null =>
  asRecord(children(element, name)[0]);

/** The text of an element, whether or not it has attributes; null where there is none. */
export function textIn(value: unknown): string | null {
  return asString(value) ?? asString(asRecord(value)?.['#text']);
}

export const childText = (element: Element | null | undefined, name: string): string | null =>
  textIn(children(element, name)[0]);

export const attribute = (element: Element | null | undefined, name: string): string | null =>
  asString(element?.[`@${name}`]);
