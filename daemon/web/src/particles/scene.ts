// The 3-D view of particles on one canvas: camera, controls, drawing on demand. Loaded only when it is needed, since
// it brings three.js. The component in particle_view.tsx owns one, and disposes of it.

import {
  type Camera,
  Color,
  LinearSRGBColorSpace,
  MOUSE,
  OrthographicCamera,
  PerspectiveCamera,
  Scene,
  TOUCH,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

import { isFlat, reachOf } from './extent.ts';
import type { Particles } from './npy.ts';
import { Spheres } from './spheres.ts';

export type Projection = 'perspective' | 'orthographic';

/** How the view lies, for the axes and the scale beside it. */
export interface Pose {
  /** Where x, y and z point on the screen: right, up, and towards the viewer. */
  axes: [number, number, number][];
  /** Length of one CSS pixel at the middle of the view. */
  unitsPerPixel: number;
}

export interface SceneListener {
  onPose(pose: Pose): void;
  onLost(lost: boolean): void;
}

const fieldOfView = 30;
const turnStep = Math.PI / 24;
const slowSteps = { frameMs: 40, most: 40_000, factor: 0.6, fewest: 8_000 };

function rendererFor(canvas: HTMLCanvasElement): WebGLRenderer {
  try {
    return new WebGLRenderer({ canvas, antialias: false, alpha: false, powerPreference: 'low-power' });
  } catch (cause) {
    throw new Error('This browser cannot draw in 3-D: it has no WebGL, or its settings have switched it off. The file can be downloaded.', { cause });
  }
}

export class ParticleScene {
  private readonly canvas: HTMLCanvasElement;
  private readonly particles: Particles;
  private readonly listener: SceneListener;
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly spheres: Spheres;
  private readonly perspective = new PerspectiveCamera(fieldOfView);
  private readonly orthographic = new OrthographicCamera();
  private readonly controls: OrbitControls;
  private readonly reach: number;
  private readonly flat: boolean;
  private kind: Projection;
  private frame = 0;
  private settle = 0;
  private moving = false;
  private most = Infinity;
  private lastFrameAt = 0;
  private disposed = false;
  private readonly clearColour = new Color();
  private background: [number, number, number] = [1, 1, 1];

  /** Throws when the browser gives no WebGL. */
  constructor(canvas: HTMLCanvasElement, particles: Particles, listener: SceneListener) {
    this.canvas = canvas;
    this.particles = particles;
    this.listener = listener;
    this.renderer = rendererFor(canvas);
    // The shaders write the colours as the screen is to show them.
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.spheres = new Spheres(particles);
    this.scene.add(this.spheres.mesh);
    this.reach = Math.max(reachOf(particles), 1e-9);
    this.flat = isFlat(particles);
    this.kind = this.flat ? 'orthographic' : 'perspective';
    for (const camera of [this.perspective, this.orthographic]) camera.up.set(0, this.flat ? 1 : 0, this.flat ? 0 : 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.zoomToCursor = true;
    if (this.flat) {
      // A picture that lies in a plane is moved rather than turned.
      this.controls.enableRotate = false;
      this.controls.mouseButtons = { LEFT: MOUSE.PAN, MIDDLE: MOUSE.DOLLY, RIGHT: MOUSE.PAN };
      this.controls.touches = { ONE: TOUCH.PAN, TWO: TOUCH.DOLLY_PAN };
    }
    this.controls.addEventListener('change', this.moved);
    canvas.addEventListener('webglcontextlost', this.lost);
    canvas.addEventListener('webglcontextrestored', this.restored);
    this.fit();
  }

  get projection(): Projection {
    return this.kind;
  }

  setProjection(kind: Projection): void {
    if (kind === this.kind) return;
    const from = this.camera;
    const direction = from.position.clone().sub(this.controls.target);
    const shown = this.unitsPerPixel();
    this.kind = kind;
    const { height } = this.size();
    const distance = (shown * height) / 2 / Math.tan((fieldOfView * Math.PI) / 360);
    const camera = this.camera;
    camera.position.copy(this.controls.target).add(direction.setLength(kind === 'perspective' ? distance : 4 * this.reach));
    if (camera instanceof OrthographicCamera) camera.zoom = (2 * this.reach) / (shown * height);
    this.controls.object = camera;
    this.resize();
    this.controls.update();
    this.draw();
  }

  /** Everything is seen again, from the first direction. */
  fit(): void {
    const from = this.flat ? new Vector3(0, 0, 1) : new Vector3(1, -1.6, 0.8).normalize();
    this.controls.target.set(0, 0, 0);
    const { width, height } = this.size();
    const aspect = width / height;
    const [x, y] = this.particles.halfSize;
    const half = this.flat ? Math.max(y, x / aspect) : this.reach / Math.min(1, aspect);
    const angle = (fieldOfView * Math.PI) / 360;
    this.orthographic.zoom = (this.reach / Math.max(half, 1e-9)) * 0.94;
    this.orthographic.position.copy(from).multiplyScalar(4 * this.reach);
    const narrow = Math.atan(Math.tan(angle) * Math.min(1, aspect));
    this.perspective.position.copy(from).multiplyScalar((this.flat ? half / Math.tan(angle) : this.reach / Math.sin(narrow)) * 1.02);
    this.resize();
    this.controls.update();
    this.draw();
  }

  colour(values: Float32Array): void {
    this.spheres.colour(values);
    this.draw();
  }

  /** 0..1 for red, green and blue. */
  setBackground(colour: [number, number, number]): void {
    this.background = colour;
    this.draw();
  }

  /** To be called when the canvas has another size. */
  resize(): void {
    const { width, height } = this.size();
    this.setDetail();
    const aspect = width / height;
    this.perspective.aspect = aspect;
    this.perspective.updateProjectionMatrix();
    const { orthographic, reach } = this;
    [orthographic.left, orthographic.right] = [-reach * aspect, reach * aspect];
    [orthographic.top, orthographic.bottom] = [reach, -reach];
    orthographic.updateProjectionMatrix();
    this.draw();
  }

  /** Whether wheel and fingers are for the view; else they scroll the page that it lies in. */
  setEngaged(engaged: boolean): void {
    this.controls.enableZoom = engaged;
    this.canvas.style.touchAction = engaged ? 'none' : 'pan-y';
  }

  /** Turns, or in a plane moves, by steps; what the arrow keys do. */
  turn(right: number, up: number): void {
    if (this.flat) {
      this.controls.pan(-40 * right, 40 * up);
    } else {
      this.controls.rotateLeft(turnStep * right);
      this.controls.rotateUp(turnStep * up);
    }
    this.controls.update();
  }

  pan(right: number, up: number): void {
    this.controls.pan(-40 * right, 40 * up);
    this.controls.update();
  }

  zoom(steps: number): void {
    const factor = 1.15 ** Math.abs(steps);
    if (steps > 0) this.controls.dollyIn(factor);
    else this.controls.dollyOut(factor);
    this.controls.update();
  }

  /** Looks along an axis: at the y-z, x-z or x-y plane. */
  lookAlong(axis: 'x' | 'y' | 'z'): void {
    if (this.flat) return this.fit();
    // Right above, the direction that is up on the screen would be undefined.
    const from = { x: new Vector3(1, 0, 0), y: new Vector3(0, -1, 0), z: new Vector3(0, -1e-5, 1) }[axis];
    const distance = this.camera.position.distanceTo(this.controls.target);
    this.camera.position.copy(this.controls.target).add(from.setLength(distance));
    this.controls.update();
    this.draw();
  }

  /** What is shown now, as a PNG. */
  async picture(): Promise<Blob | null> {
    this.rest();
    this.drawNow();
    return new Promise((resolve) => this.canvas.toBlob(resolve, 'image/png'));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settle);
    this.canvas.removeEventListener('webglcontextlost', this.lost);
    this.canvas.removeEventListener('webglcontextrestored', this.restored);
    this.controls.dispose();
    this.spheres.dispose();
    this.renderer.dispose();
    // Browsers keep few contexts; waiting for the garbage collector would use them up.
    this.renderer.forceContextLoss();
  }

  private get camera(): PerspectiveCamera | OrthographicCamera {
    return this.kind === 'perspective' ? this.perspective : this.orthographic;
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(1, this.canvas.clientWidth), height: Math.max(1, this.canvas.clientHeight) };
  }

  private unitsPerPixel(): number {
    const { height } = this.size();
    if (this.kind === 'orthographic') return (2 * this.reach) / this.orthographic.zoom / height;
    const distance = this.perspective.position.distanceTo(this.controls.target);
    return (2 * distance * Math.tan((fieldOfView * Math.PI) / 360)) / height;
  }

  private readonly moved = (): void => {
    this.moving = true;
    clearTimeout(this.settle);
    this.settle = window.setTimeout(this.rest, 180);
    this.draw();
  };

  /** When the view has come to rest it is drawn in full again. */
  private readonly rest = (): void => {
    this.moving = false;
    this.lastFrameAt = 0;
    if (this.most === Infinity) return;
    this.most = Infinity;
    this.resize();
  };

  private readonly lost = (event: Event): void => {
    event.preventDefault();
    if (!this.disposed) this.listener.onLost(true);
  };

  private readonly restored = (): void => {
    this.listener.onLost(false);
    this.draw();
  };

  private draw(): void {
    if (this.disposed || this.frame !== 0) return;
    this.frame = requestAnimationFrame((time) => {
      this.frame = 0;
      this.keepUp(time);
      this.drawNow();
    });
  }

  /** Where frames take long while the view moves, they have fewer pixels and particles until it rests. */
  private keepUp(time: number): void {
    const slow = this.moving && this.lastFrameAt > 0 && time - this.lastFrameAt > slowSteps.frameMs;
    this.lastFrameAt = this.moving ? time : 0;
    const most = Math.max(slowSteps.fewest, Math.min(slowSteps.most, this.most * slowSteps.factor));
    if (!slow || most === this.most) return;
    this.most = most;
    this.setDetail();
  }

  private setDetail(): void {
    const { width, height } = this.size();
    this.renderer.setPixelRatio(this.most < Infinity ? 0.5 : Math.min(window.devicePixelRatio, 2));
    this.renderer.setSize(width, height, false);
    this.spheres.thinOut(this.most);
  }

  private drawNow(): void {
    const camera: Camera = this.camera;
    const distance = camera.position.distanceTo(this.controls.target);
    this.perspective.near = Math.max(distance - 3 * this.reach, distance / 1000);
    this.perspective.far = distance + 3 * this.reach;
    this.orthographic.near = 0.01 * this.reach;
    this.orthographic.far = distance + 4 * this.reach;
    this.camera.updateProjectionMatrix();
    this.spheres.orthographic = this.kind === 'orthographic';
    const begin = this.flat ? distance + this.reach : distance - this.reach;
    this.spheres.fade(this.background, begin, begin + 2.4 * this.reach);
    this.renderer.setClearColor(this.clearColour.setRGB(...this.background), 1);
    this.renderer.render(this.scene, camera);
    const turned = [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1)];
    const axes = turned.map((axis) => axis.transformDirection(camera.matrixWorldInverse).toArray());
    this.listener.onPose({ axes, unitsPerPixel: this.unitsPerPixel() });
  }
}
