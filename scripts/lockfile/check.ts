import { type LockedPackage, type Lockfile, missingPackages, nameOf } from './packages.ts';

/** Licences under which a package may be passed on with the project; OR and AND combine them. */
const LICENSES = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'MPL-2.0',
  'OFL-1.1',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);
/** Their package.json names the licence in a form that npm does not lock: `licenses: [{ type: 'MIT' }]`, read in the packages. */
const OLD_FORM: Readonly<Record<string, string>> = { ssh2: 'MIT', 'cpu-features': 'MIT', buildcheck: 'MIT' };
/** Optional native libraries of the image optimizer, which stays off: loaded at run time, never linked into the project. */
const OWN_LICENSE = /^@img\/sharp-/;

function permitted(name: string, license: string | undefined): boolean {
  if (OWN_LICENSE.test(name)) return true;
  const choices = (license ?? OLD_FORM[name] ?? '').replace(/[()]/g, '').split(/ OR /);
  return choices.some((choice) => choice.split(/ AND /).every((one) => LICENSES.has(one)));
}

/** Versions that expand XML entities without a bound (CVE-2026-26278, -33036, -33349). */
function isOldXmlParser(name: string, version = '0'): boolean {
  if (name !== 'fast-xml-parser') return false;
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < 5 || (major === 5 && (minor < 5 || (minor === 5 && patch < 7)));
}

/** A binary that `scripts/complete-lockfile.ts` entered: npm learns its hash on the first machine that needs it. */
const isElsewhere = ({ optional, os, cpu, libc }: LockedPackage) =>
  optional === true &&
  os !== undefined &&
  !(os.includes('linux') && /x64|arm64/.test(`${cpu}`) && !libc?.includes('musl'));

/** Everything about the locked packages that needs a person's decision first. `allowScripts` is that of package.json. */
export function checkLockfile(lockfile: Lockfile, allowScripts: Readonly<Record<string, boolean>>): string[] {
  const missing = missingPackages(lockfile).map(({ name, of }) => `${name} is needed by ${nameOf(of)} and not locked`);
  const problems = Object.entries(lockfile.packages).flatMap(([where, locked]) => {
    if (where === '') return [];
    const name = nameOf(where);
    const problems = [
      locked.hasInstallScript && !(name in allowScripts) && 'runs a script when installed and is not in allowScripts',
      !locked.integrity && !isElsewhere(locked) && 'has no integrity',
      locked.integrity && !locked.integrity.startsWith('sha512-') && 'has an integrity that is not SHA-512',
      locked.resolved !== undefined && 'names where it was downloaded',
      locked.link && 'is a link',
      !permitted(name, locked.license) && `has the licence ${locked.license}`,
      isOldXmlParser(name, locked.version) && 'expands XML entities without a bound; 5.5.7 is the first that does not',
    ];
    return problems.filter((problem) => typeof problem === 'string').map((problem) => `${name} ${problem}`);
  });
  return [...missing, ...problems];
}
