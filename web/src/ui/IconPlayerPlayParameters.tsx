import { createReactComponent } from '@tabler/icons-react';

/** "Run" with sliders beside it; drawn in the icon package's manner, which has no such icon. */
export const IconPlayerPlayParameters = createReactComponent('outline', 'player-play-parameters', 'PlayerPlayParameters', [
  ['path', { d: 'M4 5v14l9 -7z', key: 'play' }],
  ['path', { d: 'M16 7h5', key: 'line1' }],
  ['path', { d: 'M16 12h5', key: 'line2' }],
  ['path', { d: 'M16 17h5', key: 'line3' }],
]);
