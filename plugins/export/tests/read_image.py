"""Looks at an image of spheres with ImageMagick and NumPy.

usage: read_image.py CHECK FOLDER; the exit status is 0 when all is well.
"""
import subprocess
import sys

import numpy

path = sys.argv[2] + "/image.png"


def pixels(channels="rgb"):
    size = subprocess.run(["identify", "-format", "%m %w %h", path], check=True, capture_output=True, text=True).stdout
    kind, width, height = size.split()
    assert kind == "PNG", kind
    raw = subprocess.run(["convert", path, "-depth", "8", channels + ":-"], check=True, capture_output=True).stdout
    return numpy.frombuffer(raw, numpy.uint8).reshape(int(height), int(width), len(channels)).astype(int)


def covered():
    """Where something is drawn: what is not the white background."""
    return pixels().min(axis=2) < 250


def box(ink):
    rows, columns = numpy.flatnonzero(ink.any(axis=1)), numpy.flatnonzero(ink.any(axis=0))
    return rows[0], rows[-1], columns[0], columns[-1]


def fills_300():
    ink = covered()
    assert ink.shape == (300, 300)
    top, bottom, left, right = box(ink)
    # All of it is in the picture, and fills it but for a margin of 3 %.
    assert max(bottom - top, right - left) in range(278, 286), (top, bottom, left, right)
    assert min(top, left, 299 - bottom, 299 - right) >= 7


def disc():
    image, ink = pixels(), covered()
    # 94 % of the picture wide, and as round as pixels are.
    radius = numpy.sqrt(ink.sum() / numpy.pi)
    assert abs(radius - 0.47 * 400) < 1, radius
    y, x = numpy.mgrid[:400, :400] - 199.5
    distance = numpy.hypot(x, y)
    assert (distance[ink].max() < radius + 1.5) and (distance[~ink].min() > radius - 1.5)
    light = image.sum(axis=2)
    # Bright at the upper left, dark at the lower right, and smooth between.
    assert light[120, 140] > light[200, 200] > light[290, 270] > 60, (light[120, 140], light[290, 270])
    inner = distance[1:-1, 1:-1] < radius - 3
    assert abs(numpy.diff(light, axis=0))[1:, 1:-1][inner].max() < 40
    # Pixels of the edge are between: it is not jagged.
    edge = numpy.abs(distance - radius) < 0.7
    between = (image.min(axis=2) > 150) & (image.min(axis=2) < 253)
    assert between[edge].mean() > 0.3, between[edge].mean()


def outline(places):
    """Unit discs at these places, to the right and up, seen without perspective."""
    ink = covered()
    places = numpy.array(places, float)
    low, high = places.min(axis=0) - 1, places.max(axis=0) + 1
    length = (high - low).max() / 0.94
    middle = (low + high) / 2
    y, x = numpy.mgrid[:400, :400]
    right = (x + 0.5) / 400 * length - length / 2 + middle[0]
    up = length / 2 - (y + 0.5) / 400 * length + middle[1]
    distance = numpy.min([numpy.hypot(right - place[0], up - place[1]) for place in places], axis=0)
    pixel = length / 400
    assert ink[distance < 1 - pixel].all() and not ink[distance > 1 + pixel].any()


def front():
    outline([(0, 0), (2, 0), (4, 0), (0, 2)])  # x to the right, z up


def top():
    outline([(0, 0), (2, 0), (4, 0), (0, 2)])  # x to the right, y up


def side():
    outline([(0, 0), (0, 2), (2, 0)])  # y to the right, z up


def angles():
    a, e = numpy.radians([30, 40])
    points = numpy.array([(0, 0, 0), (2, 0, 0), (4, 0, 0), (0, 0, 2), (0, 2, 0)], float)
    # The camera stands at azimuth a and elevation e; nothing leans.
    to_camera = numpy.array([numpy.cos(e) * numpy.cos(a), numpy.cos(e) * numpy.sin(a), numpy.sin(e)])
    right = numpy.cross([0, 0, 1], to_camera)
    right /= numpy.linalg.norm(right)
    outline(numpy.column_stack([points @ right, points @ numpy.cross(to_camera, right)]))


def perspective():
    """Two spheres stand equally high, side by side; the left one is nearer, so it reaches lower down."""
    ink = covered()
    _, _, left, right = box(ink)
    third = (right - left) // 3
    lowest_left, lowest_right = box(ink[:, left:left + third])[1], box(ink[:, right - third:right])[1]
    assert lowest_left > lowest_right + 10, (lowest_left, lowest_right)


def contact():
    """Two touching spheres, side by side. The same place on both, at the right edge, looks the same way; but on the
    left sphere the other one takes the light."""
    light = pixels().sum(axis=2)
    unit = 400 * 0.94 / 4
    beside, open_place = (round(200 + (middle + 0.9) * unit) for middle in (-1, 1))
    assert light[200, beside] < 0.85 * light[200, open_place], (light[200, beside], light[200, open_place])
    # Where nothing is near, both are alike.
    here, there = (round(200 + (middle - 0.2) * unit) for middle in (-1, 1))
    assert abs(light[150, here] - light[150, there]) < 0.1 * light[150, there]


def specks():
    ink = covered()
    left, right = ink[:, :200].sum(), ink[:, 200:].sum()
    assert 1 <= left <= 9 and 1 <= right <= 9, (left, right)


def transparent():
    image = pixels("rgba")
    alpha = image[:, :, 3]
    assert (alpha == 0).mean() > 0.2 and (alpha == 255).mean() > 0.02
    assert ((alpha > 0) & (alpha < 255)).sum() > 100


def background(red, green, blue):
    image = pixels()
    assert (image[0] == [red, green, blue]).all() and (image[-1] == [red, green, blue]).all()
    assert (numpy.abs(image - [red, green, blue]).max(axis=2) > 20).mean() > 0.02


def scale():
    image = pixels()
    bar = image[int(0.62 * 400):int(0.94 * 400), int(0.03 * 400) + 3]
    # From yellow down to violet, the ends of viridis.
    assert bar[0][0] > 200 and bar[0][2] < 80 and bar[-1][0] < 90 and bar[-1][2] > 70, (bar[0], bar[-1])
    green = bar[:, 1]
    assert (numpy.diff(green) <= 0).all(), "the scale is even"
    assert (image[int(0.6 * 400):, int(0.06 * 400):int(0.12 * 400)].max(axis=2) < 100).sum() > 30, "numbers"


checks = {"fills_300": fills_300, "disc": disc, "front": front, "top": top, "side": side, "angles": angles,
          "perspective": perspective,
          "contact": contact, "specks": specks, "transparent": transparent, "black": lambda: background(0, 0, 0),
          "colour": lambda: background(0x10, 0x20, 0x30), "scale": scale}
checks[sys.argv[1]]()
