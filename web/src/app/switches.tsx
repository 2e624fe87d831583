import { SegmentedControl } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTexts } from '../i18n';
import { IconButton } from '../ui/IconButton';
import { usePreferences, type Language } from './preferences';

export function LanguageSwitch() {
  const t = useTexts();
  const { language, set } = usePreferences();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t.nav.language}
      data-testid="language-switch"
      value={language}
      onChange={(value) => set({ language: value as Language })}
      data={[
        { value: 'en', label: <span title="English">EN</span> },
        { value: 'ru', label: <span title="Русский">RU</span> },
      ]}
    />
  );
}

export function ThemeSwitch() {
  const t = useTexts();
  const { theme, set } = usePreferences();
  const dark = theme === 'dark';
  return (
    <IconButton
      label={dark ? t.nav.lightTheme : t.nav.darkTheme}
      icon={dark ? IconSun : IconMoon}
      testId="theme-switch"
      size={28}
      onClick={() => set({ theme: dark ? 'light' : 'dark' })}
    />
  );
}
