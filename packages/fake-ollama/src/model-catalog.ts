const GIB = 1024 ** 3;

/** The models of a fake server: which exist and which are in memory. */
export interface ModelCatalog {
  has(name: string): boolean;
  load(name: string): void;
  unload(name: string): void;
  /** `GET /api/tags` */
  tags(): unknown;
  /** `GET /api/ps` */
  ps(): unknown;
  /** `GET /v1/models` */
  models(): unknown;
  /** `POST /api/show` */
  show(name: string): unknown;
}

/** Without `names` any model exists, and a few are listed. */
export function createModelCatalog(names?: readonly string[]): ModelCatalog {
  const listed = names ?? [
    'llama3.2:3b',
    'mistral:latest',
    'phi3:latest',
    'nomic-embed-text:latest',
  ];
  const loaded = new Map<string, Date>();
  return {
    has: (name) => !names || names.includes(name) || names.includes(`${name}:latest`),
    load: (name) => void loaded.set(name, new Date(Date.now() + 5 * 60_000)),
    unload: (name) => void loaded.delete(name),
    tags: () => ({ models: listed.map((name) => description(name)) }),
    ps: () => ({
      models: [...loaded].map(([name, expiresAt]) => ({
        ...description(name),
        expires_at: expiresAt.toISOString(),
        size_vram: 2 * GIB,
        context_length: 4096,
      })),
    }),
    models: () => ({
      object: 'list',
      data: listed.map((id) => ({
        id,
        object: 'model',
        created: 1_767_225_600,
        owned_by: 'library',
      })),
    }),
    show: (name) => ({
      license: '',
      modelfile: `FROM ${name}`,
      parameters: '',
      template: '{{ .Prompt }}',
      details: details(),
      model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
      capabilities: ['completion', 'tools'],
      modified_at: '2026-01-01T00:00:00Z',
    }),
  };
}

function description(name: string) {
  return {
    name,
    model: name,
    modified_at: '2026-01-01T00:00:00Z',
    size: 2 * GIB,
    digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
    details: details(),
  };
}

function details() {
  return {
    parent_model: '',
    format: 'gguf',
    family: 'llama',
    families: ['llama'],
    parameter_size: '3.2B',
    quantization_level: 'Q4_K_M',
  };
}
