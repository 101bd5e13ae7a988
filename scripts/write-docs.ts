import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shownFaults, testFiles, withBuilt } from './fault-table.ts';

// Brings the documents up to date that are made from code.
const root = join(import.meta.dirname, '..');
const faults = join(root, 'docs/faults.md');
writeFileSync(faults, withBuilt(readFileSync(faults, 'utf8'), shownFaults(testFiles(root))));
