"""Reads the tables of studies and comparisons as other programs do.

usage: read_tables.py study|comparison FOLDER; the exit status is 0 when all is well.
"""
import csv
import sys

import numpy

folder = sys.argv[2]


def rows_of(name):
    with open(f"{folder}/{name}", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert all(None not in row and None not in row.values() for row in rows), rows
    return rows


def study():
    rows = rows_of("study-1-runs.csv")
    assert list(rows[0]) == ["run", "status", "dimensions", "name", "n_particles", "seed", "df", "rg [a]",
                             "run_box_counting.df", "seed (result)", "artifacts", "warnings", "error_type",
                             "error"], list(rows[0])
    assert [row["status"] for row in rows] == ["completed", "completed", "failed"]
    assert {row["name"] for row in rows} == {"a, b"} and {row["dimensions"] for row in rows} == {"3"}
    assert [row["n_particles"] for row in rows] == ["100", "100", "200"]
    assert [float(row["rg [a]"]) for row in rows[:2]] == [7.25, 1e-7] and rows[2]["rg [a]"] == ""
    assert rows[1]["run_box_counting.df"] == "2.1" and rows[0]["run_box_counting.df"] == ""
    assert rows[0]["artifacts"] == "simulation-1 analysis-1" and rows[2]["artifacts"] == ""
    assert rows[2]["error"] == 'It took "too" long, it seems.' and rows[2]["error_type"] == "TimeoutError"
    # A column that NumPy takes without being told more than its number.
    df = numpy.genfromtxt(folder + "/study-1-runs.csv", delimiter=",", skip_header=1, usecols=0)
    assert list(df) == [1, 2, 3]


def comparison():
    simulations = rows_of("comparison-1-simulations.csv")
    assert list(simulations[0]) == ["simulation", "name", "algorithm", "df", "rg [a]"]
    assert simulations[0]["name"] == 'the "first", old' and simulations[1]["rg [a]"] == ""
    assert [float(row["df"]) for row in simulations] == [2.3, 2.5, 2.4]
    statistics = rows_of("comparison-1-statistics.csv")
    assert [(row["metric"], row["unit"], row["mean"], row["std"]) for row in statistics] == [
        ("df", "1", "2.4", "0.1"), ("rg", "a", "9.5", "")]
    correlations = rows_of("comparison-1-correlations.csv")
    assert correlations == [{"first": "df", "second": "rg", "coefficient": "-0.25", "simulations": "3",
                             "p_value": "0.84"}]


{"study": study, "comparison": comparison}[sys.argv[1]]()
