import type { LoadedModel } from '@llm-monitor/contracts/events';
import { describe, expect, it } from 'vitest';

import { diffLoaded } from './diff-loaded.ts';

const model = (name: string, expiresAt: string | null = null): LoadedModel => ({
  name,
  sizeBytes: 1,
  vramBytes: null,
  expiresAt,
  contextLength: null,
});

describe('diffLoaded', () => {
  it('names what came and what went', () => {
    expect(diffLoaded([model('a'), model('b')], [model('b'), model('c')])).toEqual({
      loaded: [model('c')],
      unloaded: [model('a')],
    });
  });

  it('sees no change when only the expiry moved', () => {
    expect(diffLoaded([model('a', '2026-01-01')], [model('a', '2026-01-02')])).toEqual({
      loaded: [],
      unloaded: [],
    });
  });
});
