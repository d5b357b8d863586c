import { defineConfig } from './define-config.ts';
import { settingsFrom } from './settings-from.ts';

/** What an empty configuration means. */
export const defaultSettings = settingsFrom(defineConfig({}));
