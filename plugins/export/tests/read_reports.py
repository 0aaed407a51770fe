"""Opens the plugin's reports and LaTeX tables with other people's programs: Python's zipfile and XML, pdflatex, bibtex,
LibreOffice, poppler.

usage: read_reports.py CHECK FOLDER; the exit status is 0 when all is well.
"""
import glob
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
import zipfile

folder = sys.argv[2]
HEADINGS = ["Summary", "Methods", "Results", "Discussion", "References"]


def run(*command, cwd=folder, **more):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", timeout=110, **more)
    assert done.returncode == 0, (command, done.stdout[-3000:], done.stderr[-2000:])
    return done.stdout


def unpacked(extension):
    path = glob.glob(f"{folder}/*.{extension}")[0]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            # Nothing of when it was made.
            assert entry.date_time == (1980, 1, 1, 0, 0, 0), (entry.filename, entry.date_time)
        archive.extractall(folder + "/unpacked")
        return path, archive.namelist()


def pdflatex(name, cwd):
    # No shell escape, no questions, and the first error ends it.
    run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name, cwd=cwd,
        env={**os.environ, "HOME": folder, "SOURCE_DATE_EPOCH": "0"})
    return open(f"{cwd}/{name}.log", errors="replace").read()


def text_of(pdf):
    text = run("pdftotext", "-layout", pdf, "-")
    # Ligatures and soft breaks are not what is looked for here.
    return re.sub(r"\s+", " ", text.replace("\ufb01", "fi").replace("\ufb02", "fl").replace("\ufb00", "ff"))


def in_order(text, words):
    at = 0
    for word in words:
        found = text.find(word, at)
        assert found >= 0, (word, text[at:at + 500])
        at = found


def latex():
    _, names = unpacked("zip")
    assert names[0] == "main.tex" and "references.bib" in names and "tables/results.tex" in names, names
    assert [name for name in names if name.startswith("figures/") and name.endswith(".pdf")], names
    cwd = folder + "/unpacked"
    pdflatex("main", cwd)
    said = run("bibtex", "main", cwd=cwd)
    assert "Warning" not in said, said
    pdflatex("main", cwd)
    log = pdflatex("main", cwd)
    for sign in ("Overfull", "undefined", "multiply defined", "LaTeX Warning", "Missing character"):
        assert sign not in log, (sign, [line for line in log.splitlines() if sign in line])
    text = text_of(cwd + "/main.pdf")
    in_order(text, HEADINGS)
    assert "2.500 \u00b1 0.012" in text and "seed" in text.lower(), text
    # The underscore is a rule, not a letter.
    assert "Witten" in text and "50 % & co" in text and "<U+4E2D> {\\x} $2" in text, text
    assert "[?]" not in text and "??" not in text


def latex_of_a_study():
    unpacked("zip")
    cwd = folder + "/unpacked"
    pdflatex("main", cwd)
    log = pdflatex("main", cwd)
    assert "Overfull" not in log, [line for line in log.splitlines() if "Overfull" in line]
    text = text_of(cwd + "/main.pdf")
    assert "run cca simulation" in text.replace("_", " ") and "sizes of soot" in text, text
    assert "1 run failed. It is not in the results." in text, text


def table():
    path = glob.glob(folder + "/*.tex")[0]
    with open(folder + "/whole.tex", "w") as file:
        file.write("\\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage{array,booktabs}\n"
                   "\\begin{document}\n\\input{" + os.path.basename(path) + "}\n\\end{document}\n")
    log = pdflatex("whole", folder)
    assert "Overfull" not in log and "undefined" not in log, log
    text = text_of(folder + "/whole.pdf")
    assert "simulation-1" in text and ("2.500 \u00b1 0.012" in text or "2.500(12)" in text), text


def docx():
    path, names = unpacked("docx")
    assert names[0] == "[Content_Types].xml", names
    for name in names:
        if name.endswith((".xml", ".rels")):
            xml.parse(f"{folder}/unpacked/{name}")
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    body = xml.parse(folder + "/unpacked/word/document.xml").getroot().find(w + "body")
    headings = ["".join(text.text for text in paragraph.iter(w + "t")) for paragraph in body.iter(w + "p")
                if any(style.get(w + "val") == "Heading1" for style in paragraph.iter(w + "pStyle"))]
    assert headings == HEADINGS, headings
    images = [name for name in names if name.startswith("word/media/")]
    targets = {node.get("Target") for node in xml.parse(folder + "/unpacked/word/_rels/document.xml.rels").getroot()}
    assert images and {"word/" + target for target in targets if target.startswith("media/")} == set(images)
    # A profile of its own, so that no other LibreOffice of this user is asked.
    run("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir",
        folder, path, env={**os.environ, "HOME": folder})
    pdf = path[:-len("docx")] + "pdf"
    text = text_of(pdf)
    in_order(text, HEADINGS)
    in_order(text, ["Table 1. ", "Table 2. ", "Figure 1. "])
    assert "2.500 \u00b1 0.012" in text and "co_#1" in text and "\u4e2d" in text and "Witten" in text, text
    drawn = run("pdfimages", "-list", pdf).splitlines()[2:]
    assert len([line for line in drawn if " image " in line]) == len(images), drawn


{"latex": latex, "latex_of_a_study": latex_of_a_study, "table": table, "docx": docx}[sys.argv[1]]()
