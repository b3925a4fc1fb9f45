import { ListedModel, LoadedModel } from '@llm-monitor/contracts/events';
import { Value } from '@llm-monitor/contracts/typebox/value';
import { describe, expect, it } from 'vitest';

import { listedModels, loadedModels } from './ollama-models.ts';

describe('listedModels', () => {
  it('keeps name, size, family and quantization', () => {
    const [model] = listedModels([
      {
        name: 'llama3.2:3b',
        size: 2_019_393_189,
        details: { family: 'llama', parameter_size: '3.2B', quantization_level: 'Q4_K_M' },
      },
    ]);
    expect(model).toEqual({
      name: 'llama3.2:3b',
      sizeBytes: 2_019_393_189,
      family: 'llama',
      parameterSize: '3.2B',
      quantization: 'Q4_K_M',
    });
  });

  it('says null for what an old server leaves out', () => {
    const [model] = listedModels([{ name: 'old' }]);
    expect(model).toMatchObject({ sizeBytes: null, family: null, quantization: null });
    expect(Value.Check(ListedModel, model)).toBe(true);
  });
});

describe('loadedModels', () => {
  it('keeps memory, expiry and context length, and says null for what is not there', () => {
    const models = loadedModels([
      {
        name: 'a',
        size: 10,
        size_vram: 5,
        expires_at: '2026-01-01T00:00:00Z',
        context_length: 4096,
      },
      { name: 'b' },
    ]);
    expect(models).toEqual([
      {
        name: 'a',
        sizeBytes: 10,
        vramBytes: 5,
        expiresAt: '2026-01-01T00:00:00Z',
        contextLength: 4096,
      },
      { name: 'b', sizeBytes: null, vramBytes: null, expiresAt: null, contextLength: null },
    ]);
    for (const model of models) expect(Value.Check(LoadedModel, model)).toBe(true);
  });
});
