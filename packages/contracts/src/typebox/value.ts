export { Value } from 'typebox/value';
