// A fake Ollama in a process of its own. argv: port
import { createFakeOllama } from '@llm-monitor/fake-ollama';

await createFakeOllama().listen(Number(process.argv[2]));
