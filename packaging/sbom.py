#!/usr/bin/env python3
"""Writes what an installation is made of, as a CycloneDX 1.6 document (a software bill of materials).

    packaging/sbom.py INSTALLED_TREE > assistd.cdx.json

Told are the Debian packages whose libraries the programs and plugins below INSTALLED_TREE load, those that the build
needs (debian/control), and the npm packages that the chat page is bundled of (daemon/web/package-lock.json), all with
the versions that are there. The same packages give the same bytes; SOURCE_DATE_EPOCH is the document's time.
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


def is_program(file):
    with open(file, "rb") as content:
        return content.read(4) == b"\x7fELF"


def loaded_packages(tree):
    """The packages with the libraries that the tree's programs and plugins name."""
    libraries = set()
    for file in sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()):
        if is_program(file):
            libraries |= set(re.findall(r"^\s*NEEDED\s+(\S+)", output("objdump", "--private-headers", str(file)), re.MULTILINE))
    places = dict(re.findall(r"^\s*(\S+) .*=> (\S+)$", output("/sbin/ldconfig", "--print-cache"), re.MULTILINE))
    for library in sorted(libraries - set(places)):
        sys.exit(f"sbom.py: {library} is loaded by a program in {tree} and is in no folder that ldconfig knows.")
    return owners_of({library: places[library] for library in libraries})


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


def build_packages():
    control = (CHECKOUT / "packaging/debian/control").read_text()
    wanted = re.search(r"^Build-Depends:(.*?)^\S", control, re.MULTILINE | re.DOTALL)[1]
    names = [one.split()[0] for one in wanted.split(",") if one.strip()]
    return [name for name in names if name != "debhelper-compat"]


def debian_component(name, about):
    version, architecture = about
    place = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}&distro=debian-12"
    return {"type": "library", "bom-ref": place, "name": name, "version": version, "purl": place}


def npm_components():
    lock = json.loads((CHECKOUT / "daemon/web/package-lock.json").read_text())
    components = []
    for path, about in sorted(lock["packages"].items()):
        if not path or about.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        place = f"pkg:npm/{name.replace('@', '%40')}@{about['version']}"
        component = {"type": "library", "bom-ref": place, "name": name, "version": about["version"], "purl": place}
        if "integrity" in about:
            kind, _, sum_ = about["integrity"].partition("-")
            component["hashes"] = [{"alg": kind.upper().replace("SHA", "SHA-"), "content": base64.b64decode(sum_).hex()}]
        if "license" in about:
            component["licenses"] = [{"license": {"id": about["license"]}}]
        components.append(component)
    return components


def document(tree):
    version = re.search(r"^project\(assistd VERSION (\S+)", (CHECKOUT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
    loaded = loaded_packages(tree)
    built = set(build_packages())
    known = debian_packages(loaded | built)
    here = [debian_component(name, known[name]) | {"scope": "required"} for name in sorted(loaded)]
    page = [component | {"scope": "required"} for component in npm_components()]
    building = [debian_component(name, known[name]) | {"scope": "excluded"} for name in sorted((built - loaded) & set(known))]
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
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit("Usage: packaging/sbom.py INSTALLED_TREE")
    json.dump(document(pathlib.Path(sys.argv[1])), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
