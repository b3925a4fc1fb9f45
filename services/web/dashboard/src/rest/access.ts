/** Who logged in here. The server decides what they may; this only says so in time. */
export interface Access {
  role: 'operator' | 'viewer';
  /** goes with all that changes something */
  csrfToken: string;
}

/** From the cookie that the login leaves for its pages; null where nobody had to log in. */
export function readAccess(cookies: string = globalThis.document?.cookie ?? ''): Access | null {
  const [, role, csrfToken = ''] =
    /(?:^|; )llm-monitor-csrf=(operator|viewer)\.([\w-]+)/.exec(cookies) ?? [];
  return role === 'operator' || role === 'viewer' ? { role, csrfToken } : null;
}

const KNOWN_FOR_MS = 2000;
let known = { isViewer: false, untilMs: -Infinity };

/** Every row asks, and a browser looks its cookies up anew each time: the answer is kept for a moment. */
export function isViewer(): boolean {
  const nowMs = performance.now();
  if (nowMs > known.untilMs) {
    known = { isViewer: readAccess()?.role === 'viewer', untilMs: nowMs + KNOWN_FOR_MS };
  }
  return known.isViewer;
}
