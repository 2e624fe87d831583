"""The layer check finds each kind of forbidden include."""

from pathlib import Path

from tools.check_layers import check_tree

CMAKE = """
am_layer(base USES LIBRARIES fmt)
am_layer(loop USES base LIBRARIES asio)   # with Boost
am_layer(net
  USES base loop)
am_program(am SOURCES src/app/am.cc USES net STATIC)
"""


def write_tree(root: Path, files: dict[str, str], cmake: str = CMAKE) -> None:
    (root / "CMakeLists.txt").write_text(cmake)
    for name, text in files.items():
        path = root / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def messages(root: Path) -> list[str]:
    return [f"{finding.path.name}:{finding.line}: {finding.message}" for finding in check_tree(root)]


def test_what_the_lines_name_is_allowed(tmp_path: Path) -> None:
    files = {
        "base/a.h": "#include <vector>\n",
        "loop/b.h": '#include "base/a.h"\n#include <boost/asio.hpp>\n',
        "net/c.cc": '#include "net/c.h"\n#include "loop/b.h"\n#include <boost/beast.hpp>\n',
        "app/am.cc": '#include "net/c.h"\n',
    }
    write_tree(tmp_path, files)
    assert messages(tmp_path) == []


def test_a_layer_that_is_not_named(tmp_path: Path) -> None:
    write_tree(tmp_path, {"loop/b.cc": '\n#include "net/c.h"\n', "app/am.cc": '#  include "base/a.h"\n'})
    assert messages(tmp_path) == [
        'am.cc:1: am may use net, but includes "base/a.h"',
        'b.cc:2: loop may use base, but includes "net/c.h"',
    ]


def test_the_lowest_layer_includes_nothing(tmp_path: Path) -> None:
    write_tree(tmp_path, {"base/a.cc": '#include "loop/b.h"\n'})
    assert messages(tmp_path) == ['a.cc:1: base may use nothing, but includes "loop/b.h"']


def test_boost_where_no_library_of_it_is_named(tmp_path: Path) -> None:
    write_tree(tmp_path, {"base/a.h": "#include <boost/json.hpp>\n"})
    assert messages(tmp_path) == ["a.h:1: base has no Boost, but includes <boost/json.hpp>"]


def test_an_include_without_its_layer(tmp_path: Path) -> None:
    write_tree(tmp_path, {"base/a.cc": '#include "a.h"\n'})
    assert messages(tmp_path) == ['a.cc:1: write #include "base/a.h" instead of "a.h"']


def test_a_folder_without_a_line(tmp_path: Path) -> None:
    write_tree(tmp_path, {"extra/a.cc": ""})
    assert messages(tmp_path) == ["a.cc:1: src/extra has no am_layer line in CMakeLists.txt"]


def test_a_folder_of_programs_shares_headers(tmp_path: Path) -> None:
    files = {"app/am.cc": '#include "app/commands.h"\n', "app/commands.h": '#include "net/c.h"\n#include "base/a.h"\n'}
    write_tree(tmp_path, files)
    assert messages(tmp_path) == ['commands.h:2: am may use net, but includes "base/a.h"']


def test_cycles_and_unknown_names(tmp_path: Path) -> None:
    write_tree(tmp_path, {}, "am_layer(a USES b)\nam_layer(b USES a)\nam_layer(base USES gone)\n")
    found = messages(tmp_path)
    assert "CMakeLists.txt:1: a uses itself through b" in found
    assert "CMakeLists.txt:2: b uses itself through a" in found
    assert "CMakeLists.txt:3: base uses 'gone', which is no layer" in found
    assert "CMakeLists.txt:3: base is the lowest layer and uses gone" in found


def test_no_layers_at_all(tmp_path: Path) -> None:
    write_tree(tmp_path, {}, "project(nothing)\n")
    assert messages(tmp_path) == ["CMakeLists.txt:1: no am_layer line found"]
