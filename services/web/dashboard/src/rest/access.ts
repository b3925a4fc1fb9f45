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

export const isViewer = (): boolean => readAccess()?.role === 'viewer';
