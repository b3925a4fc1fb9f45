// typebox, by one name for all: what is built has it as a few files instead of seven hundred (scripts/lib/bundle-typebox.mjs).
export * from 'typebox';
