"""Styles and script: named by content, free of other hosts, faithful to the tokens."""

import re
from hashlib import sha256

from jiyue.portal.assets import SCRIPTS, SOURCE, STYLES, shared_files, site_files

STYLE = shared_files()[0].content.decode()


def test_a_name_changes_with_its_content() -> None:
    for file in site_files("#123f7a")[1]:
        assert sha256(file.content).hexdigest()[:12] in file.address


def test_another_colour_changes_only_the_site_style() -> None:
    one, other = site_files("#123f7a")[0], site_files("#7a1212")[0]
    assert (one.stylesheet, one.script) == (other.stylesheet, other.script)
    assert one.site_stylesheet != other.site_stylesheet


def test_every_style_of_the_folder_is_put_together() -> None:
    assert {path.stem for path in (SOURCE / "css").glob("*.css")} == set(STYLES)


def test_every_script_of_the_folder_is_in_one_of_the_three() -> None:
    names = [name for names in SCRIPTS.values() for name in names]
    assert {path.stem for path in (SOURCE / "js").glob("*.js")} == set(names)
    assert len(names) == len(set(names))


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert re.findall(r"url\(|@import|https?:", STYLE) == []


def test_only_the_six_sizes_of_the_scale_are_used() -> None:
    sizes = set(re.findall(r"font-size:\s*([^;}]+)", STYLE))
    assert {size.strip() for size in sizes} - {f"var(--t{n})" for n in (14, 16, 18, 22, 28, 36)} == {
        "112.5%",
        "137.5%",
        "162.5%",
        "12pt",
        "14pt",
        "9pt",
    }


def test_colours_are_tokens_everywhere_but_in_the_token_file_and_in_print() -> None:
    for name in set(STYLES) - {"tokens", "print"}:
        colours = set(re.findall(r"#[0-9a-fA-F]{3,6}\b", (SOURCE / "css" / f"{name}.css").read_text(encoding="utf-8")))
        assert colours <= {"#fff", "#000"}, name


def test_no_shadow_but_the_focus_ring_and_no_gradient() -> None:
    assert "gradient" not in STYLE
    assert {shadow.strip() for shadow in re.findall(r"box-shadow:([^;}]+)", STYLE)} == {
        "0 0 0 2px var(--focus-inner)",
        "0 0 0 2px #000",
        "inset 0 0 0 3px #000",
    }
    assert {int(r) for r in re.findall(r"border-radius:\s*(\d+)px", STYLE)} <= {2, 4}
