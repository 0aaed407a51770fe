// A tool as people know it, with the name by which programs call it.

import { titleOfTool } from '../state/tools.ts';

export function ToolName({ name }: { name: string }) {
  return (
    <span class="tool-name">
      {titleOfTool(name)} <span class="ui-soft ui-small">{name}</span>
    </span>
  );
}

/** Where no more than text can stand. */
export const toolText = (name: string): string => `${titleOfTool(name)} (${name})`;
