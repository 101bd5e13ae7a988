import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentExample, sourcesExample } from '#lib/config/example.ts';
import { registry } from '#providers/registry.ts';
import { shownFaults, testFiles, withBuilt } from './fault-table.ts';

// Brings the documents and the examples up to date that are made from code.
const root = join(import.meta.dirname, '..');
const faults = join(root, 'docs/faults.md');
writeFileSync(faults, withBuilt(readFileSync(faults, 'utf8'), shownFaults(testFiles(root))));
writeFileSync(join(root, '.env.example'), environmentExample());
writeFileSync(join(root, 'muster.example.yaml'), sourcesExample(registry));
