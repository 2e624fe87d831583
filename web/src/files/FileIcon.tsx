import {
  IconBraces,
  IconBrandPython,
  IconFile,
  IconFileTypeCss,
  IconFileTypeHtml,
  IconFileTypeJs,
  IconFileTypeTs,
  IconFileTypeTxt,
  IconListTree,
  IconMarkdown,
  IconPhoto,
  type Icon,
} from '@tabler/icons-react';

const icons: Record<string, { icon: Icon; kind: string }> = {
  py: { icon: IconBrandPython, kind: 'python' },
  py3: { icon: IconBrandPython, kind: 'python' },
  json: { icon: IconBraces, kind: 'json' },
  md: { icon: IconMarkdown, kind: 'markdown' },
  html: { icon: IconFileTypeHtml, kind: 'html' },
  css: { icon: IconFileTypeCss, kind: 'css' },
  js: { icon: IconFileTypeJs, kind: 'js' },
  ts: { icon: IconFileTypeTs, kind: 'ts' },
  yaml: { icon: IconListTree, kind: 'yaml' },
  yml: { icon: IconListTree, kind: 'yaml' },
  txt: { icon: IconFileTypeTxt, kind: 'text' },
  png: { icon: IconPhoto, kind: 'text' },
  jpg: { icon: IconPhoto, kind: 'text' },
  svg: { icon: IconPhoto, kind: 'text' },
};

/** A file's kind at a glance; executable scripts carry a mark. */
export function FileIcon({ path, executable = false }: { path: string; executable?: boolean }) {
  const { icon: Glyph, kind } = icons[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? { icon: IconFile, kind: 'text' };
  return (
    <span className={`file-icon file-icon-${kind}`} aria-hidden>
      <Glyph size={16} stroke={1.6} />
      {executable && (
        <svg className="executable-mark" width="9" height="9" viewBox="0 0 10 10">
          <circle cx="5" cy="5" r="5" />
          <path d="M3.8 2.7v4.6L7.4 5z" fill="#fff" />
        </svg>
      )}
    </span>
  );
}
