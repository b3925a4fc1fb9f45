import { expect, test } from 'vitest';

import type { Terminal } from '../terminal/terminal.ts';
import { createStyle } from '../terminal/terminal.ts';
import { createAgentLines } from './agent-lines.ts';

const line = (msg: string) => `${JSON.stringify({ level: 40, time: 0, msg })}\n`;
const away = line('NATS cannot be reached; dialling until it is there');

function setUp() {
  const printed: string[] = [];
  const terminal = { print: (text: string) => printed.push(text), style: createStyle(false) };
  return { printed, lines: createAgentLines(terminal as unknown as Terminal) };
}

test('that no NATS answers is said once, however early or late the agent notices', () => {
  const { printed, lines } = setUp();
  lines.log.write(away);
  lines.hearBanner(true);
  lines.log.write(away + line('something else'));
  expect(printed.join('\n')).not.toContain('cannot be reached');
  expect(printed.join('\n')).toContain('something else');
});

test('where something answers and yet refuses the agent, its line is shown', () => {
  const { printed, lines } = setUp();
  lines.log.write(away);
  expect(printed).toEqual([]);
  lines.hearBanner(false);
  expect(printed.join('\n')).toContain('cannot be reached');
});
