import { useTexts } from '../i18n';

export function Brand() {
  const t = useTexts();
  return (
    <span className="brand">
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="7" fill="#2f6fed" />
        <path d="M12 9.5v13l10.5-6.5z" fill="#fff" />
      </svg>
      <span>{t.product}</span>
    </span>
  );
}
