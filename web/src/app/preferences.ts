import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Language = 'en' | 'ru';
export type Theme = 'light' | 'dark';

export const fontSizes = { least: 10, usual: 14, most: 24 };

interface Preferences {
  language: Language;
  theme: Theme;
  fontSize: number;
  wordWrap: boolean;
  filesWidth: number;
  filesOpen: boolean;
  consoleHeight: number;
  infoWidth: number;
  infoOpen: boolean;
  set: (change: Partial<Omit<Preferences, 'set'>>) => void;
}

const browserLanguage = (): Language =>
  typeof navigator !== 'undefined' && navigator.language.startsWith('ru') ? 'ru' : 'en';

const browserTheme = (): Theme =>
  typeof matchMedia !== 'undefined' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

/** What a person chose for this browser; kept in its storage. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: browserLanguage(),
      theme: browserTheme(),
      fontSize: fontSizes.usual,
      wordWrap: false,
      filesWidth: 272,
      filesOpen: true,
      consoleHeight: 280,
      infoWidth: 384,
      infoOpen: true,
      set: (change) => set(change),
    }),
    { name: 'am-preferences' },
  ),
);
