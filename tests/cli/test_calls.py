"""A call that is wrong: a message in the language in force, exit status 2, no traceback."""

from __future__ import annotations

import pytest

from townshipdesk.cli import main
from townshipdesk.cli.parser import complaint


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["quote", "--at", "2025-03-17"], "缺少：--policy"),
        (["import", "roster", "x.xlsx"], "'residents', 'identities'"),
        (["import", "residents", "x.xlsx", "--full", "--difference"], "不能同时用"),
        (["totals", "--db"], "--db 后面要写内容"),
        (["verify", "extra"], "看不懂：extra"),
        (["demo", "--residents", "many"], "--residents 不能是 'many'"),
        (["nothing"], "nothing"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(
    capsys: pytest.CaptureFixture[str], call: list[str], said: str
) -> None:
    try:
        status = main(call)
    except SystemExit as stopped:
        status = int(str(stopped.code))
    captured = capsys.readouterr()
    assert (status, captured.out) == (2, "")
    assert said in captured.err
    assert "用法" in captured.err
    assert not any(word in captured.err for word in ("usage:", "argument", "Traceback"))


def test_a_complaint_nobody_foresaw_is_passed_on() -> None:
    assert complaint("something new") == "something new"


@pytest.mark.parametrize("where", ["configure", "run"])
def test_a_call_that_is_stopped_says_so_wherever_it_was(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Ctrl-C while the words of the call are still being read is no traceback either."""

    def stop(_given: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"townshipdesk.cli.verify.{where}", stop)
    assert main(["verify", "--db", "x.tdo"]) == 1
    assert capsys.readouterr().err == "已停止。\n"
