import { pathToFileURL } from 'node:url';

import { compile } from 'json-schema-to-typescript';

import { ROOT } from '../run.mjs';

const CONTRACTS = `${ROOT}/packages/contracts/dist`;
const DERIVED = /^export type (\w+) = Static<typeof \1>;$/gm;

/**
 * Types of the contracts are derived from their schemas. Who installs the client should need no schema library to read them, so they are
 * written out.
 * @returns {import('rolldown').Plugin}
 */
export function contractTypes() {
  return {
    name: 'contract-types',
    resolveId(id) {
      const name = /^@llm-monitor\/contracts\/(\w+)$/.exec(id)?.[1];
      return name && `${CONTRACTS}/${name}/index.d.ts`;
    },
    async transform(code, id) {
      if (!id.startsWith(CONTRACTS)) return undefined;
      const names = [...code.matchAll(DERIVED)].map(([, name]) => name);
      if (names.length === 0) return undefined;
      const schemas = await import(pathToFileURL(id.replace(/\.d\.ts$/, '.js')).href);
      const written = await Promise.all(names.map((name) => typeOf(name, schemas[name])));
      return names.reduce(
        (text, name, index) =>
          text
            .replace(declarationOf(name), '')
            .replace(`export type ${name} = Static<typeof ${name}>;`, () => written[index]),
        code,
      );
    },
  };
}

/** The schema's own declaration: one line, and those behind it that are indented or close something. */
function declarationOf(name) {
  return new RegExp(`^export declare const ${name}: [^\\n]*\\n(?:[ \\])}][^\\n]*\\n)*`, 'm');
}

async function typeOf(name, schema) {
  // Through JSON: what remains is the schema itself, without the library's marks.
  const { $id: _, ...plain } = JSON.parse(JSON.stringify(schema));
  return compile({ ...plain, title: name }, name, {
    bannerComment: '',
    additionalProperties: false,
  });
}
