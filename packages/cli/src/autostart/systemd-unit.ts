import type { AutostartSpec } from './autostart-spec.ts';

/** A unit of the user's own systemd. Ended by hand it stays ended; killed, it is started again. */
export function systemdUnit({ command, folder, env }: AutostartSpec): string {
  return [
    '# Written by llm-monitor autostart install.',
    '[Unit]',
    'Description=LLM Monitor',
    '',
    '[Service]',
    'Type=exec',
    // A dollar sign would be a variable there.
    `ExecStart=${command.map((word) => quote(word).replaceAll('$', '$$$$')).join(' ')}`,
    `WorkingDirectory=${folder.replaceAll('%', '%%')}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`),
    'Restart=on-failure',
    'RestartSec=10',
    // The supervisor ends its parts in their order; what is left after that is made to end.
    'KillMode=mixed',
    'TimeoutStopSec=60',
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** As systemd.syntax(7) reads it: C escapes in double quotes, and a percent sign that stands for itself. */
function quote(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('%', '%%');
  return `"${escaped}"`;
}
