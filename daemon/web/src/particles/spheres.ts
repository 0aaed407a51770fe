// The particles as one mesh of impostor quads, and the uniforms that its shaders take. Every particle has four
// vertices of its own instead of being an instance of one quad: where a processor draws (as in virtual machines), an
// instance costs 20 µs and the vertices a hundredth of that.

import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  GLSL3,
  LinearFilter,
  Mesh,
  RawShaderMaterial,
  Vector2,
  Vector3,
} from 'three';

import { colourTable } from './colours.ts';
import type { Particles } from './npy.ts';
import { fragmentShader, vertexShader } from './shaders.ts';

const corners = 4;
const colourSteps = 256;

function spheresOf({ count, positions, radii }: Particles): Float32Array {
  const spheres = new Float32Array(count * corners * 4);
  for (let i = 0; i < count * corners; ++i) {
    const particle = Math.floor(i / corners);
    for (let axis = 0; axis < 3; ++axis) spheres[4 * i + axis] = positions[3 * particle + axis]!;
    spheres[4 * i + 3] = radii[particle]!;
  }
  return spheres;
}

/** Two triangles a particle, the particles evenly mixed: any beginning of the list is a thinned-out whole. */
function trianglesOf(count: number): Uint32Array {
  const triangles = new Uint32Array(count * 6);
  const stride = strideThrough(count);
  for (let i = 0, particle = 0; i < count; ++i, particle = (particle + stride) % count) {
    const first = corners * particle;
    triangles.set([first, first + 1, first + 2, first, first + 2, first + 3], 6 * i);
  }
  return triangles;
}

/** A step that visits all of `count` before it comes back, spread as the golden ratio spreads. */
function strideThrough(count: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.round(count * 0.618034));
  while (divisor(count, stride) > 1) ++stride;
  return stride;
}

export class Spheres {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;
  private readonly values: BufferAttribute;
  private readonly colours: DataTexture;

  constructor(particles: Particles) {
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(spheresOf(particles), 4));
    geometry.setIndex(new BufferAttribute(trianglesOf(particles.count), 1));
    this.values = new BufferAttribute(new Uint16Array(particles.count * corners), 1, true);
    geometry.setAttribute('value', this.values);

    this.colours = new DataTexture(colourTable(colourSteps), colourSteps, 1);
    this.colours.magFilter = LinearFilter;
    this.colours.minFilter = LinearFilter;
    this.colours.needsUpdate = true;
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      side: DoubleSide,
      uniforms: {
        orthographic: { value: false },
        colours: { value: this.colours },
        fog: { value: new Vector3(1, 1, 1) },
        fogRange: { value: new Vector2(0, 1) },
      },
    });
    this.mesh = new Mesh(geometry, material);
    // Its bounds are not those of the vertices, which are all in the middles of the spheres.
    this.mesh.frustumCulled = false;
  }

  /** 0..1 for each particle. */
  colour(values: Float32Array): void {
    const array = this.values.array;
    for (let i = 0; i < array.length; ++i) array[i] = Math.round(65535 * values[Math.floor(i / corners)]!);
    this.values.needsUpdate = true;
  }

  /** Draws so many at most, evenly chosen. */
  thinOut(most: number): void {
    this.mesh.geometry.setDrawRange(0, 6 * Math.min(most, this.values.count / corners));
  }

  set orthographic(is: boolean) {
    this.mesh.material.uniforms['orthographic']!.value = is;
  }

  /** The colour into which what lies far behind fades, 0..1, and where that begins and ends. */
  fade(colour: readonly [number, number, number], from: number, to: number): void {
    const uniforms = this.mesh.material.uniforms;
    (uniforms['fog']!.value as Vector3).set(...colour);
    (uniforms['fogRange']!.value as Vector2).set(from, to);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.colours.dispose();
  }
}
