const NAMES: Readonly<Record<string, string>> = {
  ollama: 'Ollama',
  openai: 'OpenAI API',
  anthropic: 'Anthropic API',
  'llama.cpp': 'llama.cpp',
  vllm: 'vLLM',
  lmstudio: 'LM Studio',
};

/** As its makers write it; what is not known, as it was said. */
export function providerName(provider: string): string {
  return NAMES[provider] ?? provider;
}
