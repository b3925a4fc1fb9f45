// typebox, by one name for all: what is built has it as one file instead of seven hundred (scripts/lib/bundle-typebox.mjs).
export * from 'typebox';
