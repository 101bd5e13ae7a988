// Elements whose names differ from the SDK's; all others only begin in lower case.
const NAMES: Readonly<Record<string, string>> = {
  Reservations: 'reservationSet',
  Instances: 'instancesSet',
  Tags: 'tagSet',
  Regions: 'regionInfo',
  InstanceTypes: 'instanceTypeSet',
  State: 'instanceState',
  PublicDnsName: 'dnsName',
  PublicIpAddress: 'ipAddress',
  StateTransitionReason: 'reason',
  Groups: 'groupSet',
  SecurityGroups: 'groupSet',
  BlockDeviceMappings: 'blockDeviceMapping',
  NetworkInterfaces: 'networkInterfaceSet',
  PrivateIpAddresses: 'privateIpAddressesSet',
  Ipv6Addresses: 'ipv6AddressesSet',
};
// Inside an instance State is instanceState, inside a volume or interface it is not.
const lower = (key: string): string => NAMES[key] ?? key.charAt(0).toLowerCase() + key.slice(1);

/** An answer of EC2's Query protocol, from the SDK's own shape. */
export const ec2Xml = (action: string, value: object): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>${members(value, lower, 'item')}</${action}Response>`;

/** An answer of the AWS Query protocol. */
export const stsXml = (action: string, value: object): string =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${members(value, (key) => key, 'member')}</${action}Result><ResponseMetadata><RequestId>01234567</RequestId></ResponseMetadata></${action}Response>`;

function members(value: object, name: (key: string) => string, item: string): string {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => element(name(key), inner, name, item))
    .join('');
}

function element(tag: string, value: unknown, name: (key: string) => string, item: string): string {
  if (Array.isArray(value)) {
    const items = value.map((inner) => element(item, inner, name, item)).join('');
    return items ? `<${tag}>${items}</${tag}>` : `<${tag}/>`;
  }
  if (value instanceof Date) return `<${tag}>${value.toISOString()}</${tag}>`;
  if (typeof value === 'object' && value !== null) return `<${tag}>${members(value, name, item)}</${tag}>`;
  return `<${tag}>${escapeXml(String(value))}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
