import { closest, distance } from 'fastest-levenshtein';

import { CliError } from '../cli-error.ts';
import { note, ok, problem, warning, type Finding } from './finding.ts';
import { KNOWN_SETTINGS } from './known-settings.ts';

type Environment = Record<string, string | undefined>;

const PREFIX = 'LLM_MONITOR_';
const FILE = '_FILE';
/** Further away it is no slip of the finger. */
const MOST_SLIPS = 4;
const SHORT_TOKEN = 16;
const LOOPBACK = /^(127\.[\d.]+|localhost|\[?::1\]?)$/;

/** The settings of this shell. */
export interface SettingReadings {
  env: Environment;
  /** What a service or the start would refuse, each in its own words. */
  refused: readonly { by: string; message: string; hint?: string | undefined }[];
}

export function judgeSettings({ env, refused }: SettingReadings): Finding[] {
  const findings = [
    ...refused.map(({ by, message, hint }) => problem('Settings', `${by}: ${message}`, hint)),
    ...misspelt(env),
    ...twice(env),
    ...judgeAccess(env),
  ];
  return findings.length > 0 ? findings : [ok('Settings', 'none is wrong')];
}

function misspelt(env: Environment): Finding[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && env[name] && !isKnown(name))
    .map((name) => {
      const nearest = closest(name, [...KNOWN_SETTINGS]);
      const isSlip = distance(name, nearest) <= MOST_SLIPS;
      return warning(
        'Settings',
        `${name} is no setting, so it does nothing.`,
        isSlip ? `Did you mean ${nearest}?` : 'docs/guide/settings.md lists all.',
      );
    });
}

function isKnown(name: string): boolean {
  const base = name.endsWith(FILE) ? name.slice(0, -FILE.length) : name;
  return KNOWN_SETTINGS.has(base);
}

/** A service refuses a setting that comes as a variable and as a file. */
function twice(env: Environment): Finding[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && env[name] && env[`${name}${FILE}`])
    .map((name) =>
      problem('Settings', `${name} and ${name}${FILE} are both set.`, 'Unset one of them.'),
    );
}

function judgeAccess(env: Environment): Finding[] {
  const token = env['LLM_MONITOR_TOKEN'];
  const hasToken = Boolean(token || env['LLM_MONITOR_TOKEN_FILE']);
  const host = env['HOST'];
  const isOpen = hasToken && host !== undefined && host !== '' && !LOOPBACK.test(host);
  const hasTls = Boolean(env['TLS_CERT'] || env['TLS_CERT_FILE']);
  return [
    ...(token && token.length < SHORT_TOKEN
      ? [
          warning(
            'Access',
            `LLM_MONITOR_TOKEN has ${token.length} characters only, and can be guessed.`,
            'A better one:  openssl rand -base64 24',
          ),
        ]
      : []),
    ...(isOpen && !hasTls && !env['TRUST_PROXY']
      ? [
          warning(
            'Access',
            `the dashboard listens on ${host} without HTTPS: the token can be read on the way.`,
            'Set TLS_CERT and TLS_KEY, or put a reverse proxy before it: docs/guide/access.md',
          ),
        ]
      : []),
    ...(host && !hasToken && /^(0\.0\.0\.0|::|\*)$/.test(host)
      ? [
          note(
            'Access',
            `HOST is ${host}, but without LLM_MONITOR_TOKEN the dashboard listens on this machine alone.`,
          ),
        ]
      : []),
  ];
}

/** What a check of the start says. */
export function refusalOf(by: string, check: () => unknown): SettingReadings['refused'] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ by, message: error.message, hint: error.hint }];
  }
}
