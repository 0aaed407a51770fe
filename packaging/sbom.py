#!/usr/bin/env python3
"""Writes what an installation is made of, as a CycloneDX 1.6 document (a software bill of materials).

    packaging/sbom.py INSTALLED_TREE BUILD_FOLDER > assistd.cdx.json

Told are, as "required", the Debian packages whose libraries the programs and plugins below INSTALLED_TREE are linked with,
those that debian/control has them depend on besides, those of whose headers alone BUILD_FOLDER compiled them, and the npm
packages that its chat page is bundled of
(daemon/web/package-lock.json); and, as "excluded", what else the build needs (debian/control); all with the versions
that are there. The same packages give the same bytes; SOURCE_DATE_EPOCH is the document's time.
"""

import base64
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

CHECKOUT = pathlib.Path(__file__).resolve().parents[1]
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "assistd")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def debian_packages(names):
    """Of each installed package: its version and architecture. Others give what a name stands for, such as npm, at times."""
    done = subprocess.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package} ${Version} ${Architecture}\n",
                           *sorted(names)], capture_output=True, text=True)
    found = {}
    for line in done.stdout.splitlines():
        if line.startswith("installed "):
            _, name, version, architecture = line.split()
            found[name] = (version, architecture)
    return found


def machine_of(file):
    """What an ELF file is made for: its class, byte order and machine. None for any other file."""
    with open(file, "rb") as content:
        head = content.read(20)
    return (head[4:6], head[18:20]) if head.startswith(b"\x7fELF") else None


def loaded_packages(tree):
    """The packages with the libraries that the tree's programs and plugins name."""
    wanted = set()
    for file in sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()):
        machine = machine_of(file)
        if machine:
            names = re.findall(r"^\s*NEEDED\s+(\S+)", output("objdump", "--private-headers", str(file)), re.MULTILINE)
            wanted |= {(name, machine) for name in names}
    known = re.findall(r"^\s*(\S+) .*=> (\S+)$", output("/sbin/ldconfig", "--print-cache"), re.MULTILINE)
    places = {}
    for library, machine in sorted(wanted):
        # Of those for several machines the program's own; the first is what it loads.
        fitting = [place for name, place in known if name == library and machine_of(place) == machine]
        if not fitting:
            sys.exit(f"sbom.py: {library} is loaded by a program in {tree} and is in no folder that ldconfig knows.")
        places[library] = fitting[0]
    return owners_of(places)


def compiled_in(build, packages, loaded):
    """Of these packages those whose headers were compiled, and with whom no library is loaded: all of them is inside."""
    headers = set(re.findall(r"^    (/usr/include/\S+)$", output("ninja", "-C", str(build), "-t", "deps"), re.MULTILINE))
    if not headers:
        sys.exit(f"sbom.py: ninja knows of nothing that was compiled in {build}; name the folder of a build.")
    inside = set()
    for name in sorted(packages):
        files = set(output("dpkg-query", "--listfiles", name).splitlines())
        depends = output("dpkg-query", "--show", "--showformat", "${Depends}", name)
        if files & headers and not loaded & set(re.findall(r"[a-z0-9][a-z0-9+.-]+", depends)):
            inside.add(name)
    return inside


def owners_of(files):
    """Also of those that dpkg knows by the name that they had before /lib became /usr/lib."""
    names = {library: {name for path in (file, os.path.realpath(file)) for name in (path, path.removeprefix("/usr"))}
             for library, file in files.items()}
    asked = sorted(set().union(*names.values()))
    # It fails when it does not know one of the names.
    told = subprocess.run(["dpkg-query", "--search", *asked], capture_output=True, text=True).stdout
    owner = {path: packages.partition(":")[0] for packages, path in re.findall(r"^(\S+): (/.*)$", told, re.MULTILINE)}
    for library, paths in sorted(names.items()):
        if not paths & set(owner):
            sys.exit(f"sbom.py: no Debian package has {library}, which a program loads.")
    return {owner[path] for paths in names.values() for path in paths if path in owner}


def named_packages(field):
    """What this field of debian/control names, in all paragraphs, without the packages that are built here."""
    control = re.sub(r"^#.*\n", "", (CHECKOUT / "packaging/debian/control").read_text(), flags=re.MULTILINE)
    lists = re.findall(rf"^{field}:(.*\n(?:[ \t].*\n)*)", control, re.MULTILINE)
    names = {one.split()[0] for names in lists for one in names.split(",") if one.strip()}
    here = set(re.findall(r"^Package: (\S+)", control, re.MULTILINE))
    return {name for name in names if not name.startswith("$") and name != "debhelper-compat"} - here


def debian_component(name, about):
    version, architecture = about
    place = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro=debian-12"
    return {"type": "library", "bom-ref": place, "name": name, "version": version, "purl": place}


def npm_components(tree):
    """What the page's own list of licences, which is made of what is in the bundle, says is in it."""
    listed = [set(re.findall(r"^(\S+ \S+) \(\S.*\)$", file.read_text(), re.MULTILINE)) for file in tree.rglob("assets/licences.txt")]
    bundled = set().union(*listed)
    lock = json.loads((CHECKOUT / "daemon/web/package-lock.json").read_text())
    components = []
    for path, about in sorted(lock["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if not path or f"{name} {about['version']}" not in bundled:
            continue
        bundled.remove(f"{name} {about['version']}")
        place = f"pkg:npm/{name.replace('@', '%40')}@{about['version']}"
        component = {"type": "library", "bom-ref": place, "name": name, "version": about["version"], "purl": place}
        if "integrity" in about:
            kind, _, sum_ = about["integrity"].partition("-")
            component["hashes"] = [{"alg": kind.upper().replace("SHA", "SHA-"), "content": base64.b64decode(sum_).hex()}]
        if "license" in about:
            component["licenses"] = [{"license": {"id": about["license"]}}]
        components.append(component)
    if bundled:
        sys.exit(f"sbom.py: the chat page has {', '.join(sorted(bundled))}, which package-lock.json does not name; build it again.")
    return components


def document(tree, build):
    version = re.search(r"^project\(assistd VERSION (\S+)", (CHECKOUT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
    loaded = loaded_packages(tree) | {name for name in named_packages("Depends") if not name.endswith("-dev")}
    built = named_packages("Build-Depends")
    known = debian_packages(loaded | built)
    if missing := loaded - set(known):
        sys.exit(f"sbom.py: {', '.join(sorted(missing))} is needed and not installed, so that its version is not known.")
    inside = loaded | compiled_in(build, built & set(known), loaded)
    here = [debian_component(name, known[name]) | {"scope": "required"} for name in sorted(inside)]
    page = [component | {"scope": "required"} for component in npm_components(tree)]
    building = [debian_component(name, known[name]) | {"scope": "excluded"} for name in sorted((built - inside) & set(known))]
    components = here + page + building
    own = {"type": "application", "bom-ref": f"pkg:generic/assistd@{version}", "name": "assistd", "version": version,
           "purl": f"pkg:generic/assistd@{version}", "licenses": [{"license": {"id": "Apache-2.0"}}]}
    time = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    content = json.dumps([own, components], sort_keys=True)
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": uuid.uuid5(NAMESPACE, content).urn, "version": 1,
            "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": own},
            "components": components,
            "dependencies": [{"ref": own["bom-ref"], "dependsOn": [one["bom-ref"] for one in components]}]}


def main():
    if len(sys.argv) != 3 or not all(pathlib.Path(folder).is_dir() for folder in sys.argv[1:]):
        sys.exit("Usage: packaging/sbom.py INSTALLED_TREE BUILD_FOLDER")
    json.dump(document(*map(pathlib.Path, sys.argv[1:])), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
