/** What matters here of package-lock.json, version 3. */
export interface Lockfile {
  packages: Record<string, LockedPackage>;
}
export interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  os?: string[] | string;
  cpu?: string[] | string;
  libc?: string[] | string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const FOLDER = 'node_modules/';

export const nameOf = (where: string): string => where.slice(where.lastIndexOf(FOLDER) + FOLDER.length);

/** Node's own search: in the node_modules of the package itself, then of every folder above it. */
function isLocked({ packages }: Lockfile, from: string, name: string): boolean {
  const folders = [...from.matchAll(/(?=node_modules\/)/g)].map(({ index }) => from.slice(0, index));
  return [...folders, `${from}/`, ''].some((folder) => `${folder}${FOLDER}${name}` in packages);
}

export interface MissingPackage {
  name: string;
  /** Where the package lies that needs it. */
  of: string;
  version: string;
  optional: boolean;
}

/** What locked packages need and the lockfile does not have; with one of these `npm ci` refuses to run. */
export function missingPackages(lockfile: Lockfile): MissingPackage[] {
  return Object.entries(lockfile.packages).flatMap(([of, locked]) => {
    const wanted = [
      ...Object.entries(locked.optionalDependencies ?? {}).map(([name, version]) => ({
        name,
        version,
        optional: true,
      })),
      ...Object.entries(locked.dependencies ?? {}).map(([name, version]) => ({ name, version, optional: false })),
    ];
    return wanted.filter(({ name }) => !isLocked(lockfile, of, name)).map((one) => ({ ...one, of }));
  });
}

const SYSTEM = /\b(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)\b/;

/** The entry of a package that exists for one kind of machine, as its name tells: `binding-linux-x64-musl`. */
export function platformEntry({ name, of, version }: MissingPackage, lockfile: Lockfile): LockedPackage {
  const [, os, cpu] = SYSTEM.exec(name) ?? [];
  if (!os || !cpu) throw new Error(`${name}: cannot tell from its name for which machines it is`);
  const parent = lockfile.packages[of];
  return {
    version,
    cpu: [cpu],
    ...(parent?.dev && { dev: true }),
    ...(name.includes('musl') && { libc: ['musl'] }),
    ...(parent?.license && { license: parent.license }),
    optional: true,
    os: [os],
  };
}
