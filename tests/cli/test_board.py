"""The wall board: figures without personal data, to this machine's own browsers only."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import Desk
from townshipdesk.cli.wall import WallServer
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.wall import figures

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")


@pytest.fixture
def server(desk: Desk) -> Iterator[WallServer]:
    desk.office.conn.execute("UPDATE village SET target = 2")
    person = desk.add_resident("杨发贵", phone="13900000001")
    desk.add_resident("罗小满")
    pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    wall = WallServer(desk.office.again(), "127.0.0.1", 0)
    thread = threading.Thread(target=wall.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield wall
    wall.shutdown()
    thread.join()
    wall.server_close()


def ask(server: WallServer, path: str, host: str | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_figures_follow_a_payment_at_another_desk(server: WallServer, desk: Desk) -> None:
    before = json.loads(ask(server, "/figures.json")[1])
    assert before["township"][0] == ["已参", "1"]
    assert ask(server, "/figures.json")[1] == ask(server, "/figures.json")[1]
    other = desk.add_resident("周敏儿")
    pay(desk.office, desk.clerk, PaymentOrder((other,), "cash"))
    after = json.loads(ask(server, "/figures.json")[1])
    assert after["township"][0] == ["已参", "2"]
    assert after["villages"][0]["reached"] is True


def test_nothing_on_the_wall_names_a_person(server: WallServer) -> None:
    text = ask(server, "/figures.json")[1].decode()
    for secret in ("杨发贵", "罗小满", "13900000001", "532399"):
        assert secret not in text


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/", None, 200),
        ("/board.js", None, 200),
        ("/board.css", "localhost:1", 200),
        ("/../../pyproject.toml", None, 404),
        ("/wall.py", None, 404),
        ("/figures.json", "wall.example", 403),
    ],
)
def test_only_known_files_are_served_and_only_to_an_address(
    server: WallServer, path: str, host: str | None, status: int
) -> None:
    assert ask(server, path, host)[0] == status


def test_the_course_has_the_even_pace_beside_it_and_ends_today(desk: Desk) -> None:
    """Two of four have paid; the pace was due in full by the first day of the task."""
    desk.office.conn.execute("UPDATE village SET target = 2")
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(), desk.add_resident()), "cash"))
    shown = figures(desk.office)
    assert (shown["weeks"][-1], shown["pace"][-1], shown["span"][-1]) == (2, 4, "03-17")
    assert len(shown["weeks"]) == len(shown["pace"]) <= 60
    assert shown["weeks"] == sorted(shown["weeks"])


def test_a_group_of_which_nothing_is_asked_is_neither_reached_nor_behind(desk: Desk) -> None:
    desk.add_resident(born="2025-02-03")
    (newborns,) = [one for one in figures(desk.office)["groups"] if "新生儿" in one["text"]]
    assert newborns["reached"] is None


def test_an_office_without_villages_has_a_wall_too(desk: Desk) -> None:
    desk.office.conn.execute("DELETE FROM village")
    assert figures(desk.office)["villages"] == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_real_browser_shows_the_figures(server: WallServer, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={tmp_path}", "--virtual-time-budget=3000",
            "--dump-dom", f"http://127.0.0.1:{server.server_address[1]}/",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert "青杠村委会" in done.stdout
    assert "50.0%" in done.stdout
    assert "演练" in done.stdout
    assert 'class="pace"' in done.stdout
