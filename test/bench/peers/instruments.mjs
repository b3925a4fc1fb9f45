// Each way to see a program's model calls: how its client is made, and how to wait until it has sent what it saw.
// `sinkUrl` takes OTLP. Every one is configured as its own documentation begins.
import { LEAST, leastClient } from './least-wrapper.mjs';
import { sdks } from './sdks.mjs';

const load = (name) => import(process.env[name]);

export const instruments = {
  bare: plain,
  // The preload wrapped the global fetch: the program is the bare one.
  register: plain,
  async 'drop-in'(_, options) {
    const { Ollama } = await load('BENCH_CLIENT_OLLAMA');
    return { client: new Ollama(options) };
  },
  async fetch(sdk, options) {
    const { createMonitor } = await load('BENCH_CLIENT');
    return { client: await sdks[sdk].create({ ...options, fetch: createMonitor().fetch() }) };
  },
  async otel(sdk, options, sinkUrl) {
    const provider = await traceProvider(sinkUrl);
    const client = await sdks[sdk].create(options);
    return { client, tracer: provider.getTracer('bench'), flush: () => provider.forceFlush() };
  },
  async openinference(sdk, options, sinkUrl) {
    const { OpenAIInstrumentation } = await import('@arizeai/openinference-instrumentation-openai');
    return patched(OpenAIInstrumentation, sdk, options, sinkUrl);
  },
  async traceloop(sdk, options, sinkUrl) {
    const module = await import('@traceloop/instrumentation-openai');
    return patched(module.OpenAIInstrumentation, sdk, options, sinkUrl);
  },
  async langfuse(sdk, options, sinkUrl) {
    const { observeOpenAI } = await import('@langfuse/openai');
    const { LangfuseSpanProcessor } = await import('@langfuse/otel');
    const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
    const keys = { publicKey: 'pk-lf-bench', secretKey: 'sk-lf-bench' };
    const processor = new LangfuseSpanProcessor({ ...keys, baseUrl: sinkUrl });
    new NodeTracerProvider({ spanProcessors: [processor] }).register();
    const client = observeOpenAI(await sdks[sdk].create(options));
    return { client, flush: () => processor.forceFlush() };
  },
};

for (const [name, promises] of Object.entries(LEAST)) {
  instruments[name] = async (_, options) => ({
    client: await leastClient(options, promises, process.env.LLM_MONITOR_NATS_URL),
  });
}

async function plain(sdk, options) {
  return { client: await sdks[sdk].create(options) };
}

async function patched(Instrumentation, sdk, options, sinkUrl) {
  const provider = await traceProvider(sinkUrl);
  const { OpenAI } = await import('openai');
  const instrumentation = new Instrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(OpenAI);
  const client = await sdks[sdk].create(options);
  return { client, flush: () => provider.forceFlush() };
}

async function traceProvider(sinkUrl) {
  const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const exporter = new OTLPTraceExporter({ url: `${sinkUrl}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  return provider;
}
