// The SDKs that are measured: how a bare client is made, and one streamed call with it.

/** What a call says of itself and of its answer, as far as a hand-written span would. */
const note = (span, fields) => span?.setAttributes(fields);

export const sdks = {
  ollama: {
    package: 'ollama',
    options: (serverUrl) => ({ host: serverUrl }),
    async create(options) {
      const { Ollama } = await import('ollama');
      return new Ollama(options);
    },
    async call(client, prompt, span) {
      const messages = [{ role: 'user', content: prompt }];
      let text = '';
      for await (const part of await client.chat({ model: 'm:1', messages, stream: true })) {
        text += part.message.content;
        if (part.done) note(span, { 'gen_ai.usage.output_tokens': part.eval_count });
      }
      return text;
    },
  },
  openai: {
    package: 'openai',
    options: (serverUrl) => ({ baseURL: `${serverUrl}/v1`, apiKey: 'bench', maxRetries: 0 }),
    async create(options) {
      const { OpenAI } = await import('openai');
      return new OpenAI(options);
    },
    async call(client, prompt, span) {
      const stream = await client.chat.completions.create({
        model: 'm:1',
        messages: [{ role: 'user', content: prompt }],
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = '';
      for await (const part of stream) {
        text += part.choices[0]?.delta.content ?? '';
        if (part.usage) note(span, { 'gen_ai.usage.output_tokens': part.usage.completion_tokens });
      }
      return text;
    },
  },
};

/** A call within a span of its own, as a program with OpenTelemetry and no instrumentation writes it. */
export function callInSpan(sdk, client, prompt, tracer) {
  const attributes = { 'gen_ai.request.model': 'm:1', 'gen_ai.prompt': prompt.slice(0, 200) };
  return tracer.startActiveSpan('chat m:1', { attributes }, async (span) => {
    try {
      const text = await sdks[sdk].call(client, prompt, span);
      note(span, { 'gen_ai.completion': text.slice(0, 200) });
      return text;
    } finally {
      span.end();
    }
  });
}
