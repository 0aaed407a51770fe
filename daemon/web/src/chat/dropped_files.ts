// Files that are dragged onto the window. A browser would open them in the place of the page.

import { useEffect, useRef, useState } from 'preact/hooks';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

// Where nothing takes files, nothing happens to them.
export function refuseDroppedFiles(): void {
  addEventListener('dragover', (event) => {
    if (!event.dataTransfer || !hasFiles(event) || event.defaultPrevented) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  });
  addEventListener('drop', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
}

// True while files hang over the window. Where they are not taken, `onDrop` is false.
export function useDroppedFiles(onDrop: false | ((files: FileList) => void)): boolean {
  const [isOver, setOver] = useState(false);
  const take = useRef(onDrop);
  take.current = onDrop;
  const areTaken = onDrop !== false;
  useEffect(() => {
    if (!areTaken) return;
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!event.relatedTarget) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (take.current && event.dataTransfer?.files.length) take.current(event.dataTransfer.files);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [areTaken]);
  return isOver;
}
