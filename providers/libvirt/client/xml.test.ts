import { expect, it } from 'vitest';
import { attribute, child, children, childText, parseXml, textIn } from './xml.ts';

const refused = (text: string) => expect(() => parseXml(text, 'domain')).toThrow(/^xml: expected/);

it('reads attributes, texts and lists', () => {
  const domain = parseXml(
    "<domain type='kvm'><name> a &lt;b&gt; &#x26;&#65; </name><vcpu current='1'>2</vcpu><i/><i/></domain>",
    'domain',
  );
  expect(attribute(domain, 'type')).toBe('kvm');
  expect(childText(domain, 'name')).toBe(' a <b> &A ');
  expect(textIn(children(domain, 'vcpu')[0])).toBe('2');
  expect(attribute(child(domain, 'vcpu'), 'current')).toBe('1');
  expect(children(domain, 'i').length).toBe(2);
  expect(children(domain, 'toString')).toEqual([]);
});

it('fault 12: refuses a document that ends in the middle, and one of something else', () => {
  refused('<domain><name>a</name>');
  refused('<domain><name>a</domain>');
  refused('<network><name>a</name></network>');
  refused('');
});

it('fault 15: refuses what is too deep or too long', () => {
  refused(`<domain>${'<a>'.repeat(200)}${'</a>'.repeat(200)}</domain>`);
  refused(`<domain><name>${'a'.repeat(4 * 1024 * 1024)}</name></domain>`);
});

it('fault 16: refuses a document type and expands nothing', () => {
  const began = process.cpuUsage();
  refused(`<!DOCTYPE d [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "&a;&a;&a;">]><domain><name>&b;</name></domain>`);
  refused('<domain><!DOCTYPE d></domain>');
  refused('<domain><!ENTITY a "b"></domain>');
  const numbers = parseXml(`<domain><name>${'&#65;'.repeat(500_000)}</name></domain>`, 'domain');
  expect(childText(numbers, 'name')?.length).toBe(500_000);
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
});

it('fault 78: takes names of Object.prototype for elements like any other', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const domain = parseXml(
    '<domain><__proto__><a>1</a></__proto__><constructor>x</constructor><toString>y</toString></domain>',
    'domain',
  );
  expect(Object.getPrototypeOf(domain)).toBe(Object.prototype);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(childText(domain, '_constructor')).toBe('x');
});
