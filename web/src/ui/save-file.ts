/** Lets the browser save what an address gives. */
export function saveUrl(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  saveUrl(url, name);
  // The download has begun by then; until then the address must stay.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
