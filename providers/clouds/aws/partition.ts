const CONSOLES: ReadonlyMap<string, string> = new Map([
  ['aws', 'console.aws.amazon.com'],
  ['aws-cn', 'console.amazonaws.cn'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ['aws-eusc', 'console.amazonaws-eusc.eu'],
]);

/** Partition and account of an ARN such as `arn:aws-cn:sts::123456789012:assumed-role/x/y`. */
export function readArn(arn: string): { partition: string; account: string } | null {
  const match = /^arn:(aws[a-z-]*):[^:]*:[^:]*:(\d{12}):/.exec(arn);
  return match?.[1] && match[2] ? { partition: match[1], account: match[2] } : null;
}

/** The instance's page in the console of its partition; null where the partition has none that we know. */
export function consoleUrl(partition: string, region: string, id: string): string | null {
  const host = CONSOLES.get(partition);
  if (!host || !/^[a-z0-9-]+$/.test(region)) return null;
  return `https://${region}.${host}/ec2/home?region=${region}#InstanceDetails:instanceId=${encodeURIComponent(id)}`;
}
