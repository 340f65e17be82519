"""Set up and start Township Desk with nothing but Python and pip.

    python3 run.py demo      opens a training office in the desk
    python3 run.py test      runs the tests
    python3 run.py …         any other command of townshipdesk: python3 run.py --db FILE

The first start makes the folder .venv beside this file and installs the pinned packages there.
Nothing outside that folder is changed. Without a network, put the packages into a folder `wheels`
beside this file first (see README.md).
"""

# This file must be readable by any Python 3, to tell an old one what is missing: no newer syntax.

import hashlib
import os
import shlex
import shutil
import subprocess
import sys

NEEDED = (3, 11)
TOP = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(TOP, ".venv")
ON_WINDOWS = os.name == "nt"
PYTHON = os.path.join(VENV, "Scripts" if ON_WINDOWS else "bin", "python" + ".exe" * ON_WINDOWS)
STAMP = os.path.join(VENV, "set-up-for")
WHEELS = os.path.join(TOP, "wheels")
LOCKS = {"office": "requirements.lock", "development": "requirements-dev.lock"}


class CannotGoOn(Exception):
    """Something is missing on this machine; the text says what, in both languages."""


def say(chinese: str, english: str) -> None:
    """Print a message in both languages: no setting of the program is known yet."""
    sys.stderr.write(chinese + "\n" + english + "\n")
    sys.stderr.flush()


def use_a_new_enough_python() -> None:
    """Go on with a newer Python of this machine when this one is too old."""
    if sys.version_info >= NEEDED:
        return
    for minor in (14, 13, 12, 11):
        found = shutil.which("python3." + str(minor))
        if found and is_usable(found):
            hand_over([found, os.path.abspath(__file__)] + sys.argv[1:])  # noqa: RUF005 - old syntax
    have = ".".join(str(part) for part in sys.version_info[:3])
    raise CannotGoOn(
        "需要 Python 3.11 或更高版本，本机是 "
        + have
        + "。请安装后再运行（Windows：python.org 的安装包；"
        "Debian 12、UOS、麒麟：系统软件源或自带的 python3.11）。",
        "Python 3.11 or later is needed, this is " + have + ". Install it and run this again.",
    )


def is_usable(python: str) -> bool:
    """Tell whether a Python found on this machine starts and is whole."""
    command = [python, "-c", "import ssl, venv"]
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def hand_over(command: "list") -> None:
    """Let another program take this one's place, with the terminal as it is."""
    if ON_WINDOWS:
        raise SystemExit(subprocess.call(command))  # Windows cannot replace a running program
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


def wanted_stamp(kind: str) -> str:
    """Give what the environment must have been set up for: the packages, Python, this folder."""
    seal = hashlib.sha256()
    for name in (LOCKS[kind], "pyproject.toml"):
        with open(os.path.join(TOP, name), "rb") as file:
            seal.update(file.read())
    for part in (kind, sys.version, sys.base_prefix, TOP):
        seal.update(part.encode("utf-8", "surrogateescape"))
    return kind + " " + seal.hexdigest()


def is_set_up(kind: str) -> bool:
    """Tell whether the environment is ready; one for development serves an office too."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            found = file.read().strip()
    except OSError:
        return False
    kinds = [kind, "development"] if kind == "office" else [kind]
    return os.path.exists(PYTHON) and found in [wanted_stamp(one) for one in kinds]


def set_up(kind: str) -> None:
    """Make the environment and install the pinned packages and the program."""
    if is_set_up(kind):
        return
    say(
        "正在准备运行环境（仅第一次或更新后需要，约一分钟）……",
        "Setting up (only the first time and after an update, about a minute) ...",
    )
    make_environment()
    pip("install", "--no-deps", "-r", os.path.join(TOP, LOCKS[kind]))
    make_command()
    subprocess.check_call([PYTHON, "-m", "compileall", "-q", os.path.join(TOP, "townshipdesk")])
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(wanted_stamp(kind) + "\n")


def make_command() -> None:
    """Make the program known to the environment, from this folder, and give it its command."""
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([PYTHON, "-c", question], universal_newlines=True).strip()
    with open(os.path.join(packages, "townshipdesk.pth"), "w", encoding="ascii") as file:
        # A bare path would be read in the machine's own encoding, not always in UTF-8.
        file.write("import sys; sys.path.append(" + ascii(TOP) + ")\n")
    path = os.path.join(os.path.dirname(PYTHON), "townshipdesk" + ".cmd" * ON_WINDOWS)
    with open(path, "w", encoding="utf-8", newline="") as file:
        if ON_WINDOWS:
            file.write('@"%~dp0python.exe" -m townshipdesk %*\r\n')
        else:
            file.write("#!/bin/sh\nexec " + shlex.quote(PYTHON) + ' -m townshipdesk "$@"\n')
    os.chmod(path, 0o755)  # noqa: S103 - a command that everybody on the machine may run


def make_environment() -> None:
    """Make .venv afresh, also where Debian has split ensurepip off; it needs no pip of its own."""
    if os.path.exists(STAMP):
        os.remove(STAMP)
    try:
        import venv
    except ImportError:
        raise CannotGoOn(
            "这个 Python 缺少 venv 模块。Debian/UOS/麒麟：sudo apt install python3-venv",
            "This Python lacks the module venv. Debian and its kin: sudo apt install python3-venv",
        ) from None
    give_it_pip = not has_pip()
    if give_it_pip and not has_ensurepip():
        raise CannotGoOn(
            "没有找到 pip。Debian/UOS/麒麟：sudo apt install python3-pip；"
            "Windows：重新运行 Python 安装包并勾选 pip。",
            "pip was not found. Debian and its kin: sudo apt install python3-pip; "
            "Windows: run the Python installer again and tick pip.",
        )
    try:
        venv.create(VENV, clear=True, with_pip=give_it_pip, symlinks=not ON_WINDOWS)
    except OSError as error:
        raise CannotGoOn(
            "无法建立 .venv 文件夹（请先关闭所有窗口程序，并确认本文件夹可写）：" + str(error),
            "The folder .venv cannot be made (close every desk; can this folder be written to?): "
            + str(error),
        ) from error


def has_pip() -> bool:
    """Tell whether this Python has a pip that can install for another one (22.3 or later)."""
    try:
        import pip as found
    except ImportError:
        return False
    numbers = found.__version__.split(".")
    return (int(numbers[0]), int(numbers[1])) >= (22, 3)


def has_ensurepip() -> bool:
    """Tell whether this Python can put a pip into the environment."""
    try:
        import ensurepip
    except ImportError:
        return False
    return bool(ensurepip.version())


def pip(*arguments: str) -> None:
    """Run pip for the environment. Raises CannotGoOn when it does not succeed."""
    command = [sys.executable, "-m", "pip", "--python", PYTHON]
    if not has_pip():  # then the environment was given one
        command = [PYTHON, "-m", "pip"]
    command += ["--quiet", "--disable-pip-version-check", *arguments]
    if os.path.isdir(WHEELS):
        command += ["--no-index", "--find-links", WHEELS]
    if subprocess.call(command, stdin=subprocess.DEVNULL, stdout=sys.stderr) != 0:
        raise CannotGoOn(
            "软件包没有装上（原因见上）。多半是没有网络：请连网后重试，或在能上网的机器上运行\n"
            "    pip download --no-deps -r requirements.lock -d wheels\n"
            "再把 wheels 文件夹拷到 run.py 旁边。",
            "The packages could not be installed (the reason stands above). Most often there is no "
            "network:\ntry again with one, or run the command above on a machine that has one and "
            "copy the\nfolder wheels beside run.py.",
        )


def main() -> int:
    """Set up what the command needs and hand over to it."""
    use_a_new_enough_python()
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.stdout.write(__doc__ or "")
        return 0
    os.environ.pop("PYTHONHOME", None)
    if arguments[0] == "setup":
        set_up("development" if "--dev" in arguments else "office")
        return 0
    if arguments[0] == "test":
        set_up("development")
        os.chdir(TOP)
        workers = str(min(4, os.cpu_count() or 1))
        hand_over([PYTHON, "-m", "pytest", "-q", "-n", workers, *arguments[1:]])
    set_up("office")
    hand_over([PYTHON, "-m", "townshipdesk", *arguments])
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        sys.exit(main())
    except CannotGoOn as missing:
        say(*missing.args)
        sys.exit(1)
    except KeyboardInterrupt:
        say("已停止。", "Stopped.")
        sys.exit(130)
