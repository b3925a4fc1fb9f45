import { ListedModel } from '@llm-monitor/contracts/events';
import { Value } from '@llm-monitor/contracts/typebox/value';
import { expect, test } from 'vitest';

import { openAiModels } from './openai-models.ts';

test('the models of llama.cpp and vLLM are read by their ids', () => {
  const models = openAiModels({
    object: 'list',
    data: [
      { id: 'qwen3-8b.gguf', object: 'model', meta: { n_ctx_train: 40_960, size: 5_027_784_704 } },
      { id: 'meta-llama/Llama-3.1-8B', object: 'model', owned_by: 'vllm', max_model_len: 8192 },
    ],
  });
  expect(models).toMatchObject([
    { name: 'qwen3-8b.gguf', sizeBytes: 5_027_784_704 },
    { name: 'meta-llama/Llama-3.1-8B', sizeBytes: null },
  ]);
  for (const model of models) expect(Value.Check(ListedModel, model)).toBe(true);
});

test.each([[undefined], [null], [{}], [{ data: 'none' }], [{ data: [null, 1, {}, { id: '' }] }]])(
  '%j names no model',
  (answer) => {
    expect(openAiModels(answer)).toEqual([]);
  },
);
