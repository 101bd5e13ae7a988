import { expect, test } from 'vitest';
import { groupOf, withGroup, withoutGroup } from './group-of.ts';

test('the field a query groups by is the one it names; a team is a tag', () => {
  expect(groupOf('state:running group:provider')).toBe('provider');
  expect(groupOf('group:team')).toBe('tag.team');
  expect(groupOf('state:running')).toBeNull();
});

test('a query that cannot be read groups by nothing', () => {
  expect(groupOf('group:provider nosuchfield:1')).toBeNull();
});

test('a group is named once, and taken away without touching the rest', () => {
  expect(withGroup('state:running group:type', 'provider')).toBe('state:running group:provider');
  expect(withoutGroup('group:type state:running')).toBe('state:running');
});
