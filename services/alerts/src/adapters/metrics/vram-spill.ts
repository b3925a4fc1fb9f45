import type { AlertMetricReader } from './alert-metric-reader.ts';

export const vramSpill: AlertMetricReader = {
  metric: 'vram_spill',
  isCollected: true,
  async read({ hosts }) {
    return {
      // Where there is no GPU, nothing is outside of its memory.
      readings: (await hosts())
        .filter(({ gpus }) => gpus !== null && gpus.length > 0)
        .flatMap(({ name, models_loaded: loaded }) =>
          loaded.map((model) => ({
            of: { model: model.name, host: name },
            value: outsidePercent(model.size_bytes, model.vram_bytes),
          })),
        ),
    };
  },
};

function outsidePercent(sizeBytes: number | null, vramBytes: number | null): number | null {
  if (!sizeBytes || vramBytes === null) return null;
  return Math.max(0, Math.round((1000 * (sizeBytes - vramBytes)) / sizeBytes) / 10);
}
