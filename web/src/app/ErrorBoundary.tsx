import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { texts } from '../i18n';
import { messageOf } from '../api/errors';
import { EmptyState } from '../ui/EmptyState';

/** A fault of the page itself is said instead of leaving it blank. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    const t = texts();
    return (
      <EmptyState icon={IconAlertTriangle} title={t.errors.title} hint={messageOf(this.state.error)}>
        <Button onClick={() => location.reload()}>{t.errors.reload}</Button>
      </EmptyState>
    );
  }
}
