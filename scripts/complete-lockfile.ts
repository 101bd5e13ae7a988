/**
 * Run by hand after `npm install` where the registry at hand carries binaries for some machines only: npm then leaves
 * the others out of package-lock.json, and `npm ci` refuses the file everywhere. Enters them by version; npm adds the
 * hash when it installs on such a machine.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Lockfile, missingPackages, platformEntry } from './lockfile/packages.ts';

const file = path.resolve(import.meta.dirname, '../package-lock.json');
const lockfile: Lockfile = JSON.parse(readFileSync(file, 'utf8'));
const added = missingPackages(lockfile).filter(({ optional }) => optional);
for (const one of added) lockfile.packages[`node_modules/${one.name}`] = platformEntry(one, lockfile);
const sorted = Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(file, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
process.stdout.write(`${added.length} entries added\n`);
