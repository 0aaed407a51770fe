// A cluster of spheres that can be turned, with its colours, axes and scale; and the same in numbers for those who do
// not see it. In a conversation the wheel belongs to the page until the view is clicked or focused.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import type { Artifact, ArtifactRef } from '../api/types.ts';
import { sizeText } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { type ColourBy, colourings, isUniform } from './colours.ts';
import { factsOf, spoken } from './facts.ts';
import { Axes, ColourBar, ScaleBar } from './overlays.tsx';
import './particles.css';
import { useScene } from './use_scene.ts';
import { save } from '../ui/save.ts';

export const keys = 'Arrow keys turn it, with Shift they move it; plus and minus zoom; x, y and z look along an axis; 0 shows all of it.';

interface Properties {
  artifact: ArtifactRef;
  /** What is known beside the file; null until it is there. */
  about: Artifact | null;
  /** The view is the page: wheel and fingers are always for it. */
  whole?: boolean;
}

export function ParticleView({ artifact, about, whole = false }: Properties) {
  const view = useScene(artifact);
  const engaged = useSignal(whole);
  const projection = useSignal<'perspective' | 'orthographic'>('perspective');
  const facts = about ? factsOf(about.metadata) : [];
  const live = view.stage.value === 'live';

  useEffect(() => {
    if (!live) return;
    view.scene.current?.setEngaged(engaged.value);
    projection.value = view.scene.current?.projection ?? 'perspective';
  }, [live, engaged.value]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const scene = view.scene.current;
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step) {
      if (event.shiftKey) scene.pan(-step[0]!, step[1]!);
      else scene.turn(step[0]!, step[1]!);
    } else if (event.key === '+' || event.key === '=') scene.zoom(1);
    else if (event.key === '-') scene.zoom(-1);
    else if (event.key === '0' || event.key === 'Home') scene.fit();
    else if (event.key === 'x' || event.key === 'y' || event.key === 'z') scene.lookAlong(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const change = (): void => {
    const wanted = projection.value === 'perspective' ? 'orthographic' : 'perspective';
    view.scene.current?.setProjection(wanted);
    projection.value = wanted;
  };

  const savePicture = async (): Promise<void> => {
    const picture = await view.scene.current?.picture();
    if (!picture) return;
    save(`${artifact.handle}-view.png`, picture);
  };

  return (
    <div class={`particles${whole ? ' particles-whole' : ''}`}>
      <div class="particles-stage" data-stage={view.stage.value}>
        <canvas
          key={view.version.value}
          ref={view.canvas}
          tabIndex={0}
          role="img"
          aria-label={spoken(artifact.handle, facts, keys)}
          onKeyDown={onKeyDown}
          onFocus={() => (engaged.value = true)}
          onBlur={() => (engaged.value = whole)}
        />
        {view.picture.value && !live && <img class="particles-still" src={view.picture.value} alt="" />}
        {view.stage.value === 'loading' && !view.picture.value && <p class="particles-note">Drawing the particles …</p>}
        {view.stage.value === 'large' && (
          <div class="particles-note">
            <button type="button" class="ui-button" onClick={view.retry}>
              Draw the particles ({sizeText(artifact.size)})
            </button>
          </div>
        )}
        {view.stage.value === 'lost' && <p class="particles-note">The graphics card took the view away; it comes back by itself.</p>}
        {view.stage.value === 'failed' && (
          <div class="particles-note">
            <p>{view.problem.value}</p>
            {view.mayRetry.value && (
              <button type="button" class="ui-button is-small" onClick={view.retry}>
                Try again
              </button>
            )}
          </div>
        )}
        {live && <Axes pose={view.pose} />}
        {live && <ScaleBar pose={view.pose} unit={lengthUnit(about)} />}
      </div>
      <div class="particles-bar">
        {/* No list of the browser's own: one that comes by itself takes the place of what a screen reader is at. */}
        <Menu
          label={`Colour: ${labelOf(view.by.value)}`}
          class="ui-button is-small"
          place="above"
          align="start"
          disabled={!live}
          items={colourings.map(({ id, label }) => ({ label, checked: id === view.by.value, run: () => view.paint(id) }))}
        >
          Colour: {labelOf(view.by.value)}
          <Icon name="chevron_down" size={14} />
        </Menu>
        {view.colouring.value && !isUniform(view.colouring.value) && <ColourBar colouring={view.colouring.value} />}
        <span class="particles-buttons">
          <button type="button" class="ui-button is-small" disabled={!live} onClick={change} aria-pressed={projection.value === 'orthographic'} title="Without perspective lengths can be compared wherever they are">
            Parallel
          </button>
          <button type="button" class="ui-button is-small" disabled={!live} onClick={() => view.scene.current?.fit()} title="Show all of it from the first direction (0)">
            Reset
          </button>
          <button type="button" class="ui-button is-small" disabled={!live} onClick={() => void savePicture()} title="Save what is shown as a PNG">
            Picture
          </button>
        </span>
      </div>
      {facts.length > 0 && (
        <dl class="facts-row">
          {facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const labelOf = (wanted: ColourBy): string => colourings.find(({ id }) => id === wanted)?.label ?? wanted;

/** With the default radius of 1 lengths are in particle radii; else in whatever unit the radius was given in. */
function lengthUnit(about: Artifact | null): string {
  return about?.metadata['particle_radius'] === 1 ? 'a' : '';
}
