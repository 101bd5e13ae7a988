import { createServer, type RequestListener, type Server } from 'node:http';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { BoundedHandler } from './client-http.ts';
import { awsError } from './errors.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function ask(answer: RequestListener, maxBytes?: number) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = new EC2Client({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: new BoundedHandler(10, maxBytes),
  });
  try {
    return await client.send(new DescribeInstancesCommand({}));
  } catch (error) {
    throw awsError(error, 'here', 0);
  } finally {
    client.destroy();
  }
}

const HEAD = '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet>';
const TAIL = '</reservationSet></DescribeInstancesResponse>';
const tagged = (value: string) =>
  `${HEAD}<item><instancesSet><item><instanceId>i-0a</instanceId><tagSet><item><key>k</key><value>${value}</value></item></tagSet></item></instancesSet></item>${TAIL}`;

describe('the transport of the AWS SDK', () => {
  it('fault 15: reads no further than the limit', async () => {
    let written = 0;
    const endless: RequestListener = (_, res) => {
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      const more = (): void => {
        while (written < 64 * 1024 * 1024 && !res.destroyed) {
          written += chunk.length;
          if (!res.write(chunk)) {
            res.once('drain', more);
            return;
          }
        }
        res.end();
      };
      res.write(HEAD);
      more();
    };
    const failed = expect(ask(endless, 1024 * 1024)).rejects;
    await failed.toMatchObject({ kind: 'bad-reply', message: 'here: answered more than 1048576 bytes in one page' });
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  it('fault 15: calls elements nested 100,000 deep a bad reply', async () => {
    const deep = `${HEAD}${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}${TAIL}`;
    await expect(ask((_, res) => res.end(deep))).rejects.toMatchObject({ kind: 'bad-reply' });
  });

  it('fault 16: refuses a document type definition and expands nothing', async () => {
    const bomb = `<?xml version="1.0"?>\n<!DOCTYPE b [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "&a;&a;&a;&a;">]>${tagged('&b;')}`;
    await expect(ask((_, res) => res.end(bomb))).rejects.toMatchObject({
      kind: 'bad-reply',
      message: expect.stringContaining('expected an answer of an AWS API, got: '),
    });
  });

  it('fault 16: a million numeric entities become a million characters and no more', async () => {
    const answer = await ask((_, res) => res.end(tagged('&#65;'.repeat(1_000_000))));
    const value = answer.Reservations?.[0]?.Instances?.[0]?.Tags?.[0]?.Value;
    expect(value?.length).toBe(1_000_000);
  });

  it('answers an empty list for an empty element, and none where it is missing', async () => {
    expect((await ask((_, res) => res.end(`${HEAD}${TAIL}`))).Reservations).toEqual([]);
    expect((await ask((_, res) => res.end('<DescribeInstancesResponse/>'))).Reservations).toBeUndefined();
  });
});
