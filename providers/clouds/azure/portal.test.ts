import { expect, it } from 'vitest';
import { portalOf } from './portal.ts';

it.each([
  [undefined, 'portal.azure.com'],
  ['https://management.azure.com', 'portal.azure.com'],
  ['https://management.usgovcloudapi.net', 'portal.azure.us'],
  ['https://management.chinacloudapi.cn', 'portal.azure.cn'],
  ['https://arm.example', null],
  ['https://management.local.azurestack.external', 'portal.local.azurestack.external'],
  ['http://127.0.0.1:8080', 'portal.azure.com'],
])('the portal of the cloud at %s is %s', (endpoint, portal) => {
  expect(portalOf(endpoint)).toBe(portal);
});
