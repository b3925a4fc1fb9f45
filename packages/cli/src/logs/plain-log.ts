const COMPLAINTS = ['warn', 'error', 'fatal'];

interface Entry {
  level?: string;
  msg?: string;
  err?: { message?: string };
}

/**
 * The end of what a part wrote, for a person who is to put it right: why it gave up, where it says so; else what it complained of; else
 * its lines. Those that are JSON become their message.
 */
export function plainLog(tail: string): string {
  const lines = tail.split('\n').flatMap((line) => {
    const entry = parse(line);
    // A line whose beginning is gone says nothing.
    if (!entry) return line.includes('"level":"') ? [] : [{ level: undefined, text: line }];
    return [{ level: entry.level, text: textOf(entry) }];
  });
  const fatal = lines.findLast(({ level }) => level === 'fatal');
  if (fatal) return fatal.text;
  const complaints = lines.filter(({ level }) => level && COMPLAINTS.includes(level));
  const shown = complaints.length > 0 ? complaints : lines;
  return shown.map(({ text }) => text).join('\n');
}

function parse(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function textOf({ msg = '', err }: Entry): string {
  const why = err?.message ?? '';
  return msg.includes(why) ? msg : `${msg}: ${why}`;
}
