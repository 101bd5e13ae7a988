import { isLoopback } from '#providers/kit/wire/endpoint.ts';

/** https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure and https://learn.microsoft.com/azure/china/resources-developer-guide */
const PORTALS: ReadonlyMap<string, string> = new Map([
  ['management.azure.com', 'portal.azure.com'],
  ['management.usgovcloudapi.net', 'portal.azure.us'],
  ['management.chinacloudapi.cn', 'portal.azure.cn'],
]);

/**
 * The host of the portal of the cloud whose Resource Manager answers at `endpoint`, null where none is known. Azure Stack Hub has both
 * below one name, `management.<region>.<domain>` and `portal.<region>.<domain>`. Behind a proxy on this machine is the public cloud.
 * https://learn.microsoft.com/azure-stack/operator/azure-stack-integrate-endpoints
 */
export function portalOf(endpoint: string | undefined): string | null {
  const url = URL.parse(endpoint ?? 'https://management.azure.com');
  if (url === null) return null;
  if (isLoopback(url)) return 'portal.azure.com';
  const host = url.hostname;
  return PORTALS.get(host) ?? (host.startsWith('management.') ? `portal.${host.slice('management.'.length)}` : null);
}
