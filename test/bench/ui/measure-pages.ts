import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import type { Stats } from '@llm-monitor/contracts/rest';
import { connect } from '@nats-io/transport-node';

import { createLoad } from '../../helpers/load.ts';
import { projectRoot } from '../../helpers/project-root.ts';
import { publish } from '../../helpers/publish.ts';
import { CHROMIUM, CHROMIUM_FLAGS } from '../../helpers/start-browser.ts';
import { startStack } from '../../helpers/start-stack.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const LIGHTHOUSE = `${projectRoot()}/test/bench/lighthouse`;
const CALLS = 300;
const PAGES = { Live: '/', History: '/history', 'a model': '/models/model-1%3A8b' };
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const MOST_BYTES = 100 * 1024 * 1024;

export interface PageScore {
  page: string;
  category: string;
  /** 0–100 */
  score: number;
  /** what cost points */
  faults: string[];
}

interface Report {
  runtimeError?: { message: string };
  categories: Record<
    string,
    { score: number; auditRefs: { id: string; weight: number }[]; title: string }
  >;
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>;
}

/** Installs Lighthouse beside its own package.json, and nowhere else. @returns its name and version */
export function installLighthouse(): string {
  const install = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', install, { cwd: LIGHTHOUSE, stdio: 'inherit' });
  const path = `${LIGHTHOUSE}/node_modules/lighthouse/package.json`;
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return `Lighthouse ${version}`;
}

/** What Lighthouse says of three pages of a real stack with data, as on a desk, each judged `runs` times. */
export async function measurePages(runs: number): Promise<PageScore[]> {
  const stack = await startStack();
  const bus = await connect({ servers: stack.nats.url });
  const load = createLoad({ seed: 5, calls: CALLS, share: { running: 0.05 } });
  await publish(bus, load.events);
  await waitFor('all calls to be counted', async () => {
    const { totals } = (await (await fetch(`${stack.web.url}/api/stats`)).json()) as Stats;
    return totals.completed_requests === load.truth.completed;
  });
  const scores: PageScore[] = [];
  for (let run = 0; run < runs; run++) {
    for (const [page, path] of Object.entries(PAGES)) {
      scores.push(...scoresOf(page, judge(stack.web.url + path)));
    }
  }
  await bus.close();
  await stack.stop();
  return scores;
}

/** Chromium's traces lack their beginning now and then, which Lighthouse says as an error: it wants to be run again. */
function judge(url: string, triesLeft = 2): Report {
  try {
    return judgeOnce(url);
  } catch (error) {
    if (triesLeft === 0 || !/NO_NAVSTART|NO_FCP/.test(String(error))) throw error;
    return judge(url, triesLeft - 1);
  }
}

function judgeOnce(url: string): Report {
  const args = [
    ...[url, '--quiet', '--output=json', '--preset=desktop'],
    ...[`--only-categories=${CATEGORIES.join(',')}`, `--chrome-flags=${CHROMIUM_FLAGS.join(' ')}`],
  ];
  const output = execFileSync(`${LIGHTHOUSE}/node_modules/.bin/lighthouse`, args, {
    env: { ...process.env, CHROME_PATH: CHROMIUM },
    ...{ encoding: 'utf8', maxBuffer: MOST_BYTES },
  });
  const report = JSON.parse(output) as Report;
  if (report.runtimeError) throw new Error(`${url}: ${report.runtimeError.message}`);
  return report;
}

function scoresOf(page: string, { categories, audits }: Report): PageScore[] {
  return Object.entries(categories).map(([category, { score, auditRefs }]) => ({
    ...{ page, category, score: score * 100 },
    faults: auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${audits[id]?.title ?? id} ${audits[id]?.displayValue ?? ''}`.trim()),
  }));
}
