/** A mistake in the configuration. Its message tells a person what to change; a stack would only hide that. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}
