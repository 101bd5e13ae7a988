import { ProviderError } from '#providers/contract.ts';

/** No domain's XML is a tenth of this, and nothing else that we ask for is as long. */
const MAX_ANSWER = 4 * 1024 * 1024;

/** A command of virsh and who wants its answer. */
export interface Step {
  command: string;
  /** Called once, with everything virsh printed for the command; it prints nothing where the command failed. */
  take(answer: string): void;
}

/** Commands for one virsh, and the reader that takes its output apart again. */
export interface Script {
  /** One argument: commands joined by `;`. */
  argument: string;
  /** The same as lines of its standard input. */
  input: string;
  /** Reads a piece of the output, wherever it was cut. @throws ProviderError `bad-reply` */
  read(text: string): void;
  /** @throws ProviderError `bad-reply` where virsh ended before the last command */
  end(): void;
}

/**
 * Puts `echo <mark>` before each command. The mark holds a secret, so that nothing that people write into a domain (its XML carries
 * their metadata) can look like the end of an answer. virsh repeats what it reads on a pipe; there the mark stands with two quotes in
 * its middle, which its `echo` leaves out.
 * @param secret unguessable, letters and digits, new for each script
 */
export function scriptOf(steps: readonly Step[], secret: string, place: string): Script {
  const mark = `muster-${secret}-`;
  const lines = [...steps.map((step) => step.command), ''].flatMap((command, at) => {
    const echo = `echo mus""ter-${secret}-${at}.`;
    return command === '' ? [echo] : [echo, command];
  });
  let pending = '';
  let from = 0;
  /** Whose answer is being read; -1 before the first mark. */
  let at = -1;

  const deliver = (answer: string): void => {
    const step = steps[at];
    if (step) step.take(withoutPrompts(answer, step.command));
  };
  return {
    argument: lines.join('; '),
    input: `${lines.join('\n')}\n`,
    read(text) {
      pending += text;
      for (let found = pending.indexOf(mark, from); found !== -1; found = pending.indexOf(mark, from)) {
        const dot = pending.indexOf('.', found + mark.length);
        if (dot === -1) break;
        const next = Number(pending.slice(found + mark.length, dot));
        if (next !== at + 1)
          throw new ProviderError('bad-reply', place, `expected answer ${at + 1} of virsh, got ${next}`);
        deliver(pending.slice(0, found));
        at = next;
        pending = pending.slice(dot + 1);
        from = 0;
      }
      // A mark may stand half at the end.
      from = Math.max(0, pending.length - mark.length - 12);
      if (pending.length > MAX_ANSWER)
        throw new ProviderError('bad-reply', place, `virsh answered more than ${MAX_ANSWER} characters to one command`);
    },
    end() {
      if (at !== steps.length)
        throw new ProviderError(
          'bad-reply',
          place,
          `expected answers of virsh to ${steps.length} commands, got ${Math.max(at, 0)}`,
        );
    },
  };
}

const PROMPT = /^virsh [>#] /;

/** Without the end of `echo`'s line, and what readline repeats: the command before its answer, the next line behind it. */
function withoutPrompts(answer: string, command: string): string {
  let text = answer.replace(/^\n/, '').replace(PROMPT, '');
  if (text.startsWith(`${command}\n`)) text = text.slice(command.length + 1);
  const last = text.lastIndexOf('\n', text.length - 2) + 1;
  return PROMPT.test(text.slice(last)) ? text.slice(0, last) : text;
}
