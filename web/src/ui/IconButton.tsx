import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ComponentProps, MouseEventHandler } from 'react';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'color' | 'disabled' | 'onClick' | 'children'> {
  label: string;
  icon: Icon;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  /** Why it cannot be used now; it stays reachable, so that the reason can be read. */
  disabledReason?: string | null | undefined;
  keys?: string;
  pressed?: boolean;
  color?: string;
  size?: number;
  testId?: string;
  busy?: boolean;
}

/** A small button with an icon, its name as a tooltip and for screen readers. Can be the target of a menu. */
export function IconButton({ label, icon: Glyph, onClick, disabledReason, keys, pressed, color, size = 26, testId, busy = false, ...others }: IconButtonProps) {
  const disabled = typeof disabledReason === 'string';
  const hint = disabled && disabledReason !== '' ? `${label}: ${disabledReason}` : keys ? `${label} (${keys})` : label;
  return (
    <Tooltip label={hint}>
      <ActionIcon
        {...others}
        variant={pressed ? 'light' : 'subtle'}
        color={color ?? 'gray'}
        className={color ? '' : 'plain-icon'}
        size={size}
        aria-label={label}
        aria-disabled={disabled || undefined}
        aria-description={disabled && disabledReason !== '' ? disabledReason : undefined}
        aria-pressed={pressed}
        {...(disabled ? { 'data-disabled': true } : {})}
        data-testid={testId}
        loading={busy}
        onClick={(event) => {
          if (!disabled) onClick?.(event);
        }}
      >
        <Glyph size={Math.round(size * 0.62)} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
