"""Every environment value is read here, once, with its type; a value that cannot be read stops the start."""

import ipaddress
import os
from pathlib import Path

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadEnvironment(SystemExit):
    """A setting in the environment is wrong. The message says which one and how to mend it."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in TRUE | FALSE:
        raise BadEnvironment(f"{name}={value!r}: write 1 or 0")
    return value in TRUE


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal():
        raise BadEnvironment(f"{name}={value!r}: write a whole number")
    return int(value)


def one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(name, default)
    if value not in allowed:
        raise BadEnvironment(f"{name}={value!r}: write {' or '.join(allowed)}")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str) -> list[str]:
    """Networks such as 10.20.0.0/16, separated by commas."""
    found = words(name)
    for each in found:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise BadEnvironment(f"{name}: {each!r} is no network; write it like 10.20.0.0/16") from None
    return found


def home_folder() -> Path:
    """JIYUE_HOME: the one folder that holds all state; `var/` in the working directory unless set."""
    return Path(os.environ.get("JIYUE_HOME") or "var").resolve()


def secret(path: Path) -> str:
    """The text of a secret file. Created with 0600 on first use; refused when others can read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(32).hex())
    if path.stat().st_mode & 0o077:
        raise BadEnvironment(f"{path}: others can read this secret; run chmod 600 on it")
    return path.read_text().strip()
