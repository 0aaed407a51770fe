"""Reads the plugin's files with other people's programs and compares them with what went in.

usage: read_back.py CHECK FOLDER; the exit status is 0 when all is well.
"""
import csv
import glob
import json
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as xml

import numpy

folder = sys.argv[2]
metadata = json.load(open(folder + "/metadata.json"))
original = numpy.load(folder + "/original.npy")


def same_particles(table):
    for column, expected in zip(table.T, ("x", "y", "z", "r", "parent")):
        # Bit by bit: the digits must read back as the very same numbers.
        assert numpy.array_equal(column, original[expected]), expected


def geometry_csv():
    path = folder + "/simulation-1.csv"
    lines = open(path).read().splitlines()
    header = [line for line in lines if line.startswith("#")]
    properties = dict(line[2:].split(": ", 1) for line in header)
    assert properties["simulation"] == "simulation-1"
    assert properties["seed"] == "42"
    assert properties["df"] == "2.5"
    assert properties["rg"] == "17.63 [unit of particle_radius]"
    assert properties["name"] == 'soot, "run" 3'
    assert "porosity" not in properties
    assert lines[len(header)] == "x,y,z,radius,parent"
    same_particles(numpy.loadtxt(path, delimiter=",", skiprows=len(header) + 1))
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == len(original) and float(rows[7]["radius"]) == original["r"][7]


def geometry_xyz():
    path = folder + "/simulation-1.xyz"
    lines = open(path).read().splitlines()
    assert int(lines[0]) == len(original) == len(lines) - 2
    properties = dict(word.split("=", 1) for word in shlex.split(lines[1]))
    assert properties["Properties"] == "species:S:1:pos:R:3:radius:R:1:parent:I:1"
    assert properties["pbc"] == "F F F"
    assert properties["algorithm"] == "dla" and properties["df"] == "2.5"
    assert properties["length_unit"] == "unit of particle_radius", properties
    same_particles(numpy.loadtxt(path, skiprows=2, usecols=(1, 2, 3, 4, 5)))


def tables():
    """As a reader takes them by default: one line of names, everything below it is data."""
    unit = " [unit of particle_radius]"
    rows = list(csv.DictReader(open(folder + "/simulation-1-properties.csv")))
    assert len(rows) == 1 and None not in rows[0], rows
    assert rows[0]["name"] == 'soot, "run" 3'
    assert float(rows[0]["rg" + unit]) == 17.63
    assert float(rows[0]["coordination_mean"]) == 1.99
    path = folder + "/simulation-1-rg-evolution.csv"
    assert open(path).readline() == f"n,rg{unit}\n"
    growth = numpy.genfromtxt(path, delimiter=",", names=True)
    n, rg = growth.dtype.names
    assert numpy.array_equal(growth[n], metadata["rg_evolution"]["n"])
    assert numpy.array_equal(growth[rg], metadata["rg_evolution"]["rg"])


def svg():
    root = xml.parse(glob.glob(folder + "/*.svg")[0]).getroot()
    assert root.tag.endswith("svg")
    # One column wide, in a unit of length; letters are outlines, so no font is needed to read it.
    width = re.fullmatch(r"([\d.]+)pt", root.get("width"))
    assert width and abs(float(width[1]) / 72 * 2.54 - 8.5) < 0.01, root.get("width")
    assert not [node for node in root.iter() if node.tag.endswith("}text")]
    assert len([node for node in root.iter() if node.tag.endswith("}use")]) > 30
    assert [node.text for node in root.iter() if node.tag.endswith("title")][0].count("simulation-1") == 1


def image_at(path, width, height):
    pixels = subprocess.run(["convert", path, "-depth", "8", "rgb:-"], check=True, capture_output=True).stdout
    return numpy.frombuffer(pixels, numpy.uint8).reshape(height, width, 3).astype(int)


def whole_discs():
    """Five points and the one in the legend: discs of 1.7 points at 300 dpi, of which no legend hides any. Their edges
    are pale, which takes a seventh of each."""
    path = glob.glob(folder + "/*.png")[0]
    width, height = map(int, subprocess.run(["identify", "-format", "%w %h", path], check=True, capture_output=True,
                                            text=True).stdout.split())
    blue = (numpy.abs(image_at(path, width, height) - [0, 114, 178]).max(axis=2) < 12).sum()
    disc = numpy.pi * (1.7 / 72 * 300) ** 2
    assert 6 * 0.8 < blue / disc < 6, blue / disc


def png():
    path = glob.glob(folder + "/*.png")[0]
    said = subprocess.run(["identify", "-units", "PixelsPerInch", "-format", "%m %w %h %x", path], check=True,
                          capture_output=True, text=True).stdout.split()
    width, height = int(said[1]), int(said[2])
    assert said[0] == "PNG" and abs(width / 300 * 2.54 - 8.5) < 0.01, said
    assert abs(float(said[3]) - 300) < 0.1, said
    image = image_at(path, width, height)

    def near(red, green, blue):
        return numpy.abs(image - [red, green, blue]).max(axis=2) < 12

    ink = image.min(axis=2) < 200
    assert 0.01 < ink.mean() < 0.3, ink.mean()
    assert near(0, 114, 178).sum() > 300, "markers"
    assert near(213, 94, 0).sum() > 300, "fitted line"
    assert ink[: height * 4 // 5, : width // 10].sum() > 100, "labels at the left"
    assert ink[height * 9 // 10 :, width // 3 : width * 2 // 3].sum() > 100, "label at the bottom"
    # Nothing is cut off at the page's edge.
    assert not ink[0].any() and not ink[-1].any() and not ink[:, 0].any() and not ink[:, -1].any()


def bars():
    path = glob.glob(folder + "/*.png")[0]
    width, height = map(int, subprocess.run(["identify", "-format", "%w %h", path], check=True, capture_output=True,
                                            text=True).stdout.split())
    image = image_at(path, width, height)
    pale = numpy.abs(image - [166, 206, 228]).max(axis=2) < 6
    assert 0.03 < pale.mean() < 0.5, pale.mean()
    assert (numpy.abs(image - [213, 94, 0]).max(axis=2) < 12).sum() > 300, "curve or mean"
    ink = image.min(axis=2) < 200
    assert not ink[0].any() and not ink[-1].any() and not ink[:, 0].any() and not ink[:, -1].any()


def pdf():
    """One page, one column wide, its letters as text in an embedded font, and nothing of when or where it was made."""
    path = glob.glob(folder + "/*.pdf")[0]
    said = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True)
    assert said.stderr == "", said.stderr
    about = dict(line.split(":", 1) for line in said.stdout.splitlines() if ":" in line)
    assert about["Pages"].strip() == "1"
    width = float(about["Page size"].split()[0])
    assert abs(width / 72 * 2.54 - 8.5) < 0.01, width
    assert "CreationDate" not in about and "simulation-1" in about["Title"], about
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts and all("DejaVuSans" in line and " yes " in line for line in fonts), fonts
    text = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    assert "number of particles" in text and "2.500" in text, text


{"geometry_csv": geometry_csv, "geometry_xyz": geometry_xyz, "tables": tables, "svg": svg, "png": png,
 "whole_discs": whole_discs, "pdf": pdf, "bars": bars}[sys.argv[1]]()
