"""The bill of materials of an unpacked archive, SPDX 2.3 in JSON: every file with its checksums, and what is inside the libraries."""

import hashlib
import json

NAME = "sbom.spdx.json"
DATA = "models/"


def digest(algorithm, data):
    return {"algorithm": algorithm.upper(), "checksumValue": hashlib.new(algorithm, data).hexdigest()}


def describe(folder, path, number):
    data, name = path.read_bytes(), path.relative_to(folder).as_posix()
    kind = {".a": "ARCHIVE", ".wasm": "BINARY", ".snn": "BINARY", ".md": "DOCUMENTATION", ".csv": "TEXT"}.get(path.suffix, "SOURCE")
    licence = "CC-BY-4.0" if name.startswith(DATA) else "Apache-2.0"
    return {
        "SPDXID": f"SPDXRef-File-{number}", "fileName": f"./{name}", "fileTypes": [kind],
        "checksums": [digest("sha1", data), digest("sha256", data)], "licenseConcluded": licence, "licenseInfoInFiles": [licence],
        "copyrightText": "NOASSERTION"}


def package(name, version, licence, copyright, **more):
    return {
        "SPDXID": f"SPDXRef-Package-{name}", "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
        "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": copyright, "filesAnalyzed": False, **more}


def write(folder, version, date):
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    files = [describe(folder, path, number) for number, path in enumerate(paths, start=1)]
    # SPDX 2.3, 7.9: the SHA-1 of the files' SHA-1 values, sorted and joined.
    values = "".join(sorted(file["checksums"][0]["checksumValue"] for file in files))
    code = hashlib.sha1(values.encode()).hexdigest()
    sdk = package(
        "snnrt", version, "Apache-2.0 AND CC-BY-4.0", "Copyright the snnrt authors", filesAnalyzed=True,
        licenseInfoFromFiles=["Apache-2.0", "CC-BY-4.0"],
        packageVerificationCode={"packageVerificationCodeValue": code, "packageVerificationCodeExcludedFiles": [f"./{NAME}"]},
        comment="The Legendre Memory Unit may be covered by patents of Applied Brain Research.")
    swift = package(
        "swift-stdlib", "6.3", "Apache-2.0 WITH Swift-exception", "Copyright Apple Inc. and the Swift project authors",
        comment="Code of its Embedded form is inside every libsnnrt.a.")
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", sdk["SPDXID"])]
    relations += [(sdk["SPDXID"], "CONTAINS", file["SPDXID"]) for file in files]
    relations += [(file["SPDXID"], "STATIC_LINK", swift["SPDXID"]) for file in files if file["fileName"].endswith((".a", ".wasm"))]
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"snnrt-sdk-{version}",
        "documentNamespace": f"urn:snnrt:sdk:{version}:{code}",
        "creationInfo": {"created": date.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: snnrt-packaging/sbom.py"]},
        "packages": [sdk, swift], "files": files,
        "relationships": [
            {"spdxElementId": left, "relationshipType": kind, "relatedSpdxElement": right} for left, kind, right in relations]}
    (folder / NAME).write_text(json.dumps(document, indent=1) + "\n")
