import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What a region says while it has nothing to show: what it is for and what to do next. */
export function EmptyState({ icon: Glyph, title, hint, children }: { icon: Icon; title: string; hint?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <Glyph size={34} stroke={1.3} aria-hidden />
      <h2>{title}</h2>
      {hint !== undefined && <p>{hint}</p>}
      {children !== undefined && <div className="empty-actions">{children}</div>}
    </div>
  );
}
