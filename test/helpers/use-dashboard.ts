import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

import { startBrowser } from './start-browser.ts';
import { startStack, type Stack } from './start-stack.ts';

/** The whole product, a browser with one page in English, and a way onto the bus. */
export interface Dashboard {
  stack: Stack;
  bus: NatsConnection;
  browser: Browser;
  page: Page;
  /** What the page threw and nobody caught. */
  problems: string[];
}

/** Starts it before the first test, gives it to `keep`, which may prepare more, and ends it after the last. */
export function useDashboard(keep: (dashboard: Dashboard) => void | Promise<void>): void {
  let end = () => Promise.resolve();
  beforeAll(async () => {
    const stack = await startStack();
    const bus = await connect({ servers: stack.nats.url });
    const browser = await startBrowser();
    end = async () => {
      await browser.close();
      await bus.close();
      await stack.stop();
    };
    const page = await browser.newPage({
      ...{ locale: 'en-GB', viewport: { width: 1280, height: 720 } },
    });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await keep({ stack, bus, browser, page, problems });
  });
  afterAll(() => end());
}
