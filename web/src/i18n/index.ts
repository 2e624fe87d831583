import { usePreferences, type Language } from '../app/preferences';
import { en, type Dictionary } from './en';
import { ru } from './ru';

export const dictionaries: Record<Language, Dictionary> = { en, ru };

/** The texts in the language that is chosen. */
export function useTexts(): Dictionary {
  return dictionaries[usePreferences((state) => state.language)];
}

/** The same outside of components. */
export const texts = (): Dictionary => dictionaries[usePreferences.getState().language];

export type { Dictionary };
