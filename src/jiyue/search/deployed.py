"""Whether a page is public this very moment: the deployed tree knows, no database is asked."""

from urllib.parse import unquote

from jiyue.foundation.home import Home


def stands(home: Home, host: str, address: str) -> bool:
    """Does the page stand in the public tree of the host (no stub of a moved one), and is the host not closed?"""
    path = unquote(address).lstrip("/")
    file = home.public_root(host) / (f"{path}index.html" if not path or path.endswith("/") else path)
    moved = file.with_name(f"{file.name}.moved")
    return file.is_file() and not moved.exists() and not (home.path / "closed" / f"{host}.html").exists()
