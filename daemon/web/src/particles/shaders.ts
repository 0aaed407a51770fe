// Spheres as impostors: each is a quad that faces the camera, and the fragment shader finds where the line of sight
// meets the sphere. A hundred thousand spheres cost four corners each instead of hundreds, and are round at any zoom.

export const vertexShader = /* glsl */ `
in vec4 position;  // the middle of the sphere, and its radius
in float value;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform bool orthographic;
out vec3 seen;
flat out vec4 sphere;
flat out float shade;

void main() {
  vec2 corner = vec2[](vec2(-1.0, -1.0), vec2(1.0, -1.0), vec2(1.0, 1.0), vec2(-1.0, 1.0))[gl_VertexID & 3];
  float radius = position.w;
  vec3 middle = (modelViewMatrix * vec4(position.xyz, 1.0)).xyz;
  vec3 right = vec3(1.0, 0.0, 0.0);
  vec3 up = vec3(0.0, 1.0, 0.0);
  float reach = radius;
  if (!orthographic) {
    // The outline of a sphere seen from nearby is wider than its equator, and lies across the line to its middle.
    float away = max(length(middle), radius * 1.001);
    vec3 towards = middle / away;
    right = normalize(cross(towards, abs(towards.y) < 0.9 ? up : vec3(1.0, 0.0, 0.0)));
    up = cross(right, towards);
    reach = radius * away / sqrt(away * away - radius * radius);
  }
  seen = middle + (right * corner.x + up * corner.y) * reach;
  sphere = vec4(middle, radius);
  shade = value;
  gl_Position = projectionMatrix * vec4(seen, 1.0);
}
`;

export const fragmentShader = /* glsl */ `
precision highp float;
in vec3 seen;
flat in vec4 sphere;
flat in float shade;
uniform mat4 projectionMatrix;
uniform bool orthographic;
uniform sampler2D colours;
uniform vec3 fog;
uniform vec2 fogRange;
out vec4 colour;

void main() {
  vec3 start = orthographic ? vec3(seen.xy, 0.0) : vec3(0.0);
  vec3 along = orthographic ? vec3(0.0, 0.0, -1.0) : normalize(seen);
  vec3 offset = start - sphere.xyz;
  float b = dot(offset, along);
  vec3 nearest = offset - b * along;
  float inside = sphere.w * sphere.w - dot(nearest, nearest);
  if (inside < 0.0) discard;
  vec3 hit = start + along * (-b - sqrt(inside));
  vec3 normal = (hit - sphere.xyz) / sphere.w;

  vec3 base = texture(colours, vec2(shade, 0.5)).rgb;
  const vec3 key = vec3(0.42, 0.57, 0.707);
  const vec3 fill = vec3(-0.6, -0.2, 0.775);
  float lit = 0.34 + 0.6 * max(dot(normal, key), 0.0) + 0.14 * max(dot(normal, fill), 0.0);
  float gloss = pow(max(dot(normal, normalize(key - along)), 0.0), 40.0) * 0.18;
  float depth = clamp((-hit.z - fogRange.x) / (fogRange.y - fogRange.x), 0.0, 1.0);
  colour = vec4(mix(base * lit + gloss, fog, depth * 0.45), 1.0);

  vec4 clip = projectionMatrix * vec4(hit, 1.0);
  gl_FragDepth = clamp(0.5 * clip.z / clip.w + 0.5, 0.0, 1.0);
}
`;
