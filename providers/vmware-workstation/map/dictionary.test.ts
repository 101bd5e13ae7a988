import { describe, expect, it } from 'vitest';
import { parseDictionary } from './dictionary.ts';

const parse = (text: string | Buffer) => Object.fromEntries(parseDictionary(Buffer.from(text)));

describe('a dictionary of VMware', () => {
  it('is keys in any case, values with or without quotes, and remarks', () => {
    expect(
      parse(
        [
          '#!/usr/bin/vmware',
          '.encoding = "UTF-8"',
          'displayName = "web 1"',
          'MemSize = "2048"',
          '  numvcpus=2',
          'empty = ""',
          'RemoteDisplay.vnc.key = "a=b" # a remark',
          '',
          'no pair at all',
        ].join('\r\n'),
      ),
    ).toEqual({
      '.encoding': 'UTF-8',
      displayname: 'web 1',
      memsize: '2048',
      numvcpus: '2',
      empty: '',
      'remotedisplay.vnc.key': 'a=b',
    });
  });

  it('has quotes, pipes and line ends by their numbers', () => {
    expect(parse('displayName = "|22quoted|22 |7c50|25 #1"\nannotation = "one|0Atwo|0a"')).toEqual({
      displayname: '"quoted" |50% #1',
      annotation: 'one\ntwo\n',
    });
  });

  it.each([
    ['Shift_JIS', [0x8c, 0x9f, 0x8f, 0xd8], '検証'],
    // The second byte of this letter is a pipe.
    ['Shift_JIS', [0x83, 0x7c, 0x32, 0x32], 'ポ22'],
    ['windows-31j', [0x83, 0x5c], 'ソ'],
    ['windows-1252', [0x50, 0x72, 0xfc, 0x66], 'Prüf'],
    ['GBK', [0xb2, 0xe2, 0xca, 0xd4], '测试'],
    ['UTF-8', [...Buffer.from('база')], 'база'],
  ])('is read in %s', (encoding, bytes, name) => {
    const file = Buffer.concat([
      Buffer.from(`.encoding = "${encoding}"\ndisplayName = "`),
      Buffer.from(bytes),
      Buffer.from('"\nguestOS = "other"\n'),
    ]);
    expect(parse(file)).toMatchObject({ displayname: name, guestos: 'other' });
  });

  it('is UTF-8 without a word, and the Western encoding where it cannot be', () => {
    expect(parse('displayName = "Prüf"')).toEqual({ displayname: 'Prüf' });
    expect(parse(Buffer.from([...Buffer.from('displayName = "Pr'), 0xfc, ...Buffer.from('f"')]))).toEqual({
      displayname: 'Prüf',
    });
  });

  it('is refused in an encoding that nobody knows, or that it is not in, or where it is something else', () => {
    expect(() => parse('.encoding = "EBCDIC-9"\na = "b"')).toThrow('names an encoding that is not known');
    expect(() => parse(Buffer.from([...Buffer.from('.encoding = "UTF-8"\na = "'), 0xff, 0x22]))).toThrow(
      'is not in the encoding that it names',
    );
    expect(() => parse('<html>\n<body>hello</body>')).toThrow('holds no line');
    expect(parse('')).toEqual({});
  });

  it('takes keys of Object.prototype for keys', () =>
    expect([...parseDictionary(Buffer.from('__proto__ = "x"\nconstructor = "y"'))]).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]));
});
