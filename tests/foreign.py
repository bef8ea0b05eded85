"""The foreign tools that agree with us: which there are, which are missing, and how they are installed.

    python -m tests.foreign             what there is
    python -m tests.foreign --install   install what is missing (as root, with apt)

A test that needs a tool says `tool = foreign.need("pki")`: it is skipped without, by the tool's name; with CI=true it fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Tool → Debian packages. Some tools are not on the PATH, and strongSwan's fetches nothing without a plugin.
TOOLS = {
    "openssl": "openssl",
    "pki": "strongswan-pki libstrongswan-extra-plugins",
    "scepclient": "scep",
    "scepserver": "scep",
    "scep-submit": "certmonger",
    "curl": "curl",
}
FILES = {"pki": "/usr/lib/ipsec/plugins/libstrongswan-curl.so"}
FOLDERS = ("/usr/lib/certmonger", "/usr/libexec/certmonger", "/usr/sbin", "/usr/lib/ipsec")
missing: set[str] = set()  # that tests asked for; the closing lines of the run name them


def find(tool: str) -> str | None:
    """The path of a tool, or None."""
    if not Path(FILES.get(tool, "/")).exists():
        return None
    return shutil.which(tool) or shutil.which(tool, path=os.pathsep.join(FOLDERS))


def need(tool: str) -> str:
    """The path of a tool. Skips the test without it, or fails it where CI=true."""
    path = find(tool)
    if path is not None:
        return path
    missing.add(tool)
    reason = f"{tool} is not installed (apt package {TOOLS[tool]})"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def install() -> int:
    """Install the packages of missing tools. 0 if there is nothing missing in the end."""
    packages = sorted({package for tool, names in TOOLS.items() if find(tool) is None for package in names.split()})
    if not packages:
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print("not installed, and only root can:", *packages)
        return 1
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", "-qq", *packages]
    known = subprocess.run(["apt-cache", "show", *packages], capture_output=True, check=False).returncode == 0
    attempts = [command] if known else []
    # Lists may be missing, or too old for the archive.
    said = ""
    for attempt in [*attempts, ["apt-get", "update", "-qq"], command]:
        said = subprocess.run(attempt, env=environment, capture_output=True, text=True, check=False).stderr
        if all(find(tool) for tool in TOOLS):
            return 0
    print(said.strip()[-2000:])
    return 1


def closing_lines() -> list[str]:
    """What the run says at its end about tools that tests missed."""
    if not missing:
        return []
    names = ", ".join(f"{tool} ({TOOLS[tool]})" for tool in sorted(missing))
    return [f"foreign tools missing, their tests skipped: {names}", "python -m tests.foreign --install installs them"]


def main() -> int:
    if "--install" in sys.argv[1:]:
        return install()
    for tool, packages in TOOLS.items():
        print(f"{tool:12} {find(tool) or 'missing':40} {packages}")
    return 0


def run(*words: str | Path, stdin: bytes = b"", check: bool = True, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """A tool, with what it said. With check, a tool that fails fails the test, by its own words."""
    done = subprocess.run([str(word) for word in words], input=stdin, capture_output=True, check=False, timeout=60, cwd=folder)
    if check and done.returncode:
        pytest.fail(
            f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}"
        )
    return done


if __name__ == "__main__":
    sys.exit(main())
