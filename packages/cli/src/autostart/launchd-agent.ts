import { LABEL, type AutostartSpec } from './autostart-spec.ts';

/** A launchd agent of the user. Ended by hand it stays ended; killed, it is started again. */
export function launchdAgent({ command, folder, env, logFile }: AutostartSpec): string {
  const pairs = Object.entries(env).flatMap(([name, value]) => [key(name), string(value)]);
  const lines = [
    ...[key('Label'), string(LABEL)],
    ...[key('ProgramArguments'), '<array>', ...command.map(string), '</array>'],
    ...[key('WorkingDirectory'), string(folder)],
    ...[key('EnvironmentVariables'), '<dict>', ...pairs, '</dict>'],
    ...[key('RunAtLoad'), '<true/>'],
    ...[key('KeepAlive'), '<dict>', key('SuccessfulExit'), '<false/>', '</dict>'],
    ...[key('ThrottleInterval'), '<integer>10</integer>'],
    ...[key('ExitTimeOut'), '<integer>60</integer>'],
    // In octal 077.
    ...[key('Umask'), '<integer>63</integer>'],
    ...[key('StandardOutPath'), string(logFile)],
    ...[key('StandardErrorPath'), string(logFile)],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<!-- Written by llm-monitor autostart install. -->',
    '<plist version="1.0">',
    '<dict>',
    ...lines,
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

const key = (text: string): string => `<key>${escape(text)}</key>`;
const string = (text: string): string => `<string>${escape(text)}</string>`;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
