import { ActionIcon, Button, createTheme, Menu, Modal, PasswordInput, Radio, Select, TextInput, Tooltip } from '@mantine/core';

/** The component kit in this product's size and colours: dense, calm, no animation that one waits for. */
export const mantineTheme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: {
    accent: ['#eaf1ff', '#d3e0fd', '#a6c0f7', '#769ef1', '#4f81ec', '#356fe9', '#1f5fdb', '#1951c0', '#1247ac', '#003c98'],
  },
  defaultRadius: 'sm',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontSizes: { xs: '12px', sm: '13px', md: '14px' },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { radius: 'sm' } }),
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Radio: Radio.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' } } }),
    // The first item gets the focus; the kit's own placeholder for it is nothing that a menu may have.
    Menu: Menu.extend({ defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false, transitionProps: { duration: 0 } } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, transitionProps: { duration: 0 }, overlayProps: { backgroundOpacity: 0.4 } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true, fz: 12, events: { hover: true, focus: true, touch: false } } }),
  },
});
