export { createFakeOllama, type FakeOllama, type FakeOllamaOptions } from './create-fake-ollama.ts';
export type { ReceivedRequest } from './received-request.ts';
export type { Chunking, Fault, Script, ToolCall } from './script.ts';
