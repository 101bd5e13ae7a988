import { chance, mix, pick } from '../time/hash.ts';
import { HOSTILE_VALUES } from './names.ts';
import type { Slot } from './slots.ts';

const TEAM_KEYS = ['Team', 'team', 'team', 'owner', 'Owner'];
const COST_KEYS = ['cost-center', 'CostCenter', 'cost_center', 'Cost Center'];
const ENVIRONMENT_KEYS = ['env', 'env', 'Environment', 'environment', 'stage'];
const LONG: Readonly<Record<string, string>> = { prod: 'production', staging: 'staging', dev: 'development' };

/** Tags as they grow in an organisation: each team with its own spelling, some forgotten, a few strange. */
export function tagsFor(
  slot: Slot,
  hostile: boolean,
  extra: readonly (readonly [string, string])[],
): [string, string][] {
  const own = mix(...(slot.role === 'member' ? slot.groupKey : slot.key), 21);
  const style = mix(slot.key[0] ?? 0, slot.service.team.length, slot.service.team.charCodeAt(0));
  const tags = new Map<string, string>();
  if (chance(own, 0.05) && slot.role === 'single') return [...extra.map(([k, v]): [string, string] => [k, v])];
  tags.set(pick(style, TEAM_KEYS), slot.service.team);
  tags.set('service', slot.service.name);
  const long = pick(mix(style, 1), ENVIRONMENT_KEYS);
  tags.set(long, long.length > 5 ? (LONG[slot.environment] ?? slot.environment) : slot.environment);
  if (chance(mix(own, 1), 0.7)) tags.set(pick(mix(style, 2), COST_KEYS), `CC-${1000 + (mix(style, 3) % 40) * 10}`);
  if (chance(mix(own, 2), 0.3)) tags.set('managed-by', pick(mix(own, 3), ['terraform', 'terraform', 'pulumi', 'hand']));
  if (chance(mix(own, 4), 0.1)) tags.set('ttl', pick(mix(own, 5), ['2026-12-31', 'never', '7d', 'TODO']));
  if (chance(mix(own, 6), 0.08)) tags.set('compliance', pick(mix(own, 7), ['pci', 'sox', 'gdpr']));
  if (hostile && chance(mix(own, 8), 1 / 120)) tags.set('description', pick(mix(own, 9), HOSTILE_VALUES));
  for (const [key, value] of extra) tags.set(key, value);
  return [...tags];
}

/** Labels as GCP allows them: lower case letters, digits, `_` and `-`, at most 63 characters. */
export function asLabels(tags: readonly (readonly [string, string])[]): [string, string][] {
  const clean = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{Ll}\p{Lo}\d_-]/gu, '-')
      .slice(0, 63);
  return [...new Map(tags.map(([key, value]) => [clean(key), clean(value)]))];
}
