import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { actionsOf, onlyOf, type PolicyDocument } from './policy-documents.ts';

/** Text that a provider's own tools take, or several of those, each below a line that names its file. */
interface Policy {
  format: 'json' | 'yaml' | 'text';
  text: string;
}

interface PolicyFile {
  name: string;
  format: 'json' | 'yaml';
  text: string;
  document: PolicyDocument;
}

/**
 * The least-privilege policy for some actions, cut out of the files that the provider's folder ships (`permissions*.json`,
 * `permissions*.yaml`): IAM policies, custom roles of Google Cloud and Azure, ClusterRoles. All actions of a file give its very
 * text. An action that no file knows is named in a comment.
 * @param folder absolute; read when the policy is asked for, since a manifest is cheap to import
 */
export function policyFrom(folder: string): (actions: readonly string[]) => Policy {
  return (actions) => {
    const wanted = new Set(actions);
    const parts: (Policy & { name: string })[] = [];
    for (const file of policyFiles(folder)) {
      const known = actionsOf(file.document);
      const asked = known.filter((action) => wanted.has(action));
      if (asked.length === 0) continue;
      parts.push({ ...file, text: asked.length === known.length ? file.text : cut(file, new Set(asked)) });
      for (const action of known) wanted.delete(action);
    }
    const [only] = parts;
    if (only && parts.length === 1 && wanted.size === 0) return { format: only.format, text: only.text };
    const place = `providers/${path.basename(folder)}`;
    const texts = parts.map(({ name, text }) => `# ${place}/${name}\n${text}`);
    if (wanted.size > 0) texts.push(`# In no policy of ${place}: ${[...wanted].join(', ')}\n`);
    return { format: 'text', text: texts.join('\n') };
  };
}

function policyFiles(folder: string): PolicyFile[] {
  const files: PolicyFile[] = [];
  for (const name of readdirSync(folder).sort()) {
    const format = /^permissions[^.]*\.(json|yaml)$/.exec(name)?.[1];
    if (format !== 'json' && format !== 'yaml') continue;
    const text = readFileSync(path.join(folder, name), 'utf8');
    files.push({ name, format, text, document: format === 'json' ? JSON.parse(text) : parse(text) });
  }
  return files;
}

function cut({ format, document }: PolicyFile, actions: ReadonlySet<string>): string {
  const rest = onlyOf(document, actions);
  if (format === 'json') return `${JSON.stringify(rest, null, 2)}\n`;
  return `# Only what is missing, as a role of its own beside the one that is granted already.\n${stringify(rest, { lineWidth: 0 })}`;
}
