// A tool as people know it, with the name by which programs call it.

import { useEffect } from 'preact/hooks';

import { loadTools, titleOfTool, tools } from '../state/tools.ts';

export function ToolName({ name }: { name: string }) {
  useEffect(() => {
    if (!tools.value) void loadTools();
  }, []);
  return (
    <span class="tool-name">
      {titleOfTool(name)} <span class="ui-soft ui-small">{name}</span>
    </span>
  );
}

/** Where no more than text can stand. */
export const toolText = (name: string): string => `${titleOfTool(name)} (${name})`;
