"""Reads exported geometry with other people's programs and compares it with what went in.

usage: read_geometry.py FORMAT FOLDER; the exit status is 0 when all is well.
"""
import sys

import numpy

folder = sys.argv[2]
original = numpy.load(folder + "/original.npy")
centres = numpy.column_stack([original[axis] for axis in "xyz"])
path = folder + "/simulation-1."


def vtp():
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy

    reader = vtk.vtkXMLPolyDataReader()
    failures = []
    reader.AddObserver("ErrorEvent", lambda *_: failures.append("VTK reports an error"))
    reader.SetFileName(path + "vtp")
    reader.Update()
    assert not failures, failures
    data = reader.GetOutput()
    assert data.GetNumberOfPoints() == data.GetNumberOfVerts() == len(original)
    assert numpy.array_equal(vtk_to_numpy(data.GetPoints().GetData()), centres)
    arrays = data.GetPointData()
    assert numpy.array_equal(vtk_to_numpy(arrays.GetArray("radius")), original["r"])
    assert numpy.array_equal(vtk_to_numpy(arrays.GetArray("parent")), original["parent"])
    assert arrays.GetScalars().GetName() == "radius"
    vertices = vtk_to_numpy(data.GetVerts().GetConnectivityArray())
    assert numpy.array_equal(vertices, numpy.arange(len(original)))
    fields = data.GetFieldData()
    assert fields.GetAbstractArray("name").GetValue(0) == 'soot, "run" <3>'
    assert fields.GetArray("rg [nm]").GetTuple1(0) == 17.63
    assert fields.GetArray("seed").GetTuple1(0) == 42


def ply():
    import meshio

    mesh = meshio.read(path + "ply")
    assert numpy.array_equal(mesh.points, centres)
    assert numpy.array_equal(mesh.point_data["radius"], original["r"])
    assert numpy.array_equal(mesh.point_data["parent"], original["parent"])
    head = open(path + "ply", "rb").read(2000).decode("ascii", "replace")
    assert "\ncomment rg: 17.63 [nm]\n" in head and "\ncomment seed: 42\n" in head


def spheres_of(points, triangles, resolution):
    """Each sphere is closed, looks outwards, and has its corners at the radius around its centre."""
    faces = 20 * 4**resolution
    assert len(triangles) == faces * len(original), len(triangles)
    tiny = 1e-5
    for particle, centre, own in zip(original, centres, triangles.reshape(-1, faces, 3)):
        corners = points[own] - centre
        assert abs(numpy.linalg.norm(corners, axis=2) - particle["r"]).max() < tiny * 10
        # Each edge is there once in each direction.
        names = numpy.unique(numpy.round(corners.reshape(-1, 3) / tiny / 10), axis=0, return_inverse=True)[1]
        names = names.reshape(-1, 3)
        assert names.max() + 1 == 10 * 4**resolution + 2, names.max()
        edges = {(a, b) for face in names for a, b in zip(face, numpy.roll(face, -1))}
        assert len(edges) == 3 * faces and all((b, a) in edges for a, b in edges)
        volume = numpy.linalg.det(corners.astype(float)).sum() / 6
        # An inscribed icosahedron has 0.605 of the sphere, and each division closes two thirds of the gap or more.
        full = 4 / 3 * numpy.pi * particle["r"] ** 3
        assert 1 - 0.4 / 3**resolution < volume / full < 1, volume / full


def obj():
    import meshio

    mesh = meshio.read(path + "obj")
    spheres_of(mesh.points, mesh.cells_dict["triangle"], 1)
    assert "# rg: 17.63 [nm]\n" in open(path + "obj").read(2000)


def stl():
    import meshio

    mesh = meshio.read(path + "stl")
    spheres_of(mesh.points, mesh.cells_dict["triangle"], 2)
    # meshio shows no normals: the file itself does, 50 bytes for each triangle.
    record = numpy.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    faces = numpy.fromfile(path + "stl", record, offset=84)
    sides = faces["corners"][:, 1:] - faces["corners"][:, :1]
    turned = numpy.cross(sides[:, 0], sides[:, 1])
    turned /= numpy.linalg.norm(turned, axis=1)[:, None]
    assert (turned * faces["normal"]).sum(axis=1).min() > 0.99


def npy():
    table = numpy.load(path + "npy")
    assert table.dtype == numpy.float64 and table.shape == (len(original), 4)
    assert numpy.array_equal(table, numpy.column_stack([centres, original["r"]]))


def hdf5():
    import h5py

    with h5py.File(path + "h5", "r") as file:
        assert set(file) == {"positions", "radii", "parents"}
        assert file["positions"].dtype == numpy.float64 and numpy.array_equal(file["positions"], centres)
        assert numpy.array_equal(file["radii"], original["r"])
        assert numpy.array_equal(file["parents"], original["parent"])
        assert file["positions"].attrs["units"] == "nm" and file["radii"].attrs["units"] == "nm"
        assert file.attrs["rg"] == 17.63 and file.attrs["rg_units"] == "nm"
        assert file.attrs["df"] == 2.5 and file.attrs["df_units"] == "1"
        assert file.attrs["seed"] == 42 and file.attrs["algorithm"] == "dla"
        assert file.attrs["name"] == 'soot, "run" <3>'


{"vtp": vtp, "ply": ply, "obj": obj, "stl": stl, "npy": npy, "hdf5": hdf5}[sys.argv[1]]()
