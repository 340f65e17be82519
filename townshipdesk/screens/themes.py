"""Two quiet sets of colours, one dark and one light, with what the desk adds to them."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="desk-dark",
    primary="#5b9bd5",
    secondary="#7fa6a0",
    accent="#e3b341",
    foreground="#d7dae0",
    background="#14171c",
    surface="#1a1e25",
    panel="#232935",
    success="#6fbf73",
    warning="#e5a54b",
    error="#e06c6c",
    dark=True,
    variables={
        "quiet": "#8a93a3",
        "season": "#a9c7e8",
        "head": "#dfe6ef",
        "head-back": "#24405f",
        "training": "#1d1300",
        "training-back": "#d9962b",
        "badge": "#ffffff",
        "badge-back": "#a12d1f",
        "block-cursor-background": "#2f4a6b",
        "input-selection-background": "#5b9bd5 35%",
        "footer-key-foreground": "#e3b341",
    },
)

LIGHT: Final = Theme(
    name="desk-light",
    primary="#1f5f9f",
    secondary="#3f6f69",
    accent="#8a5a00",
    foreground="#1c2430",
    background="#f6f4ef",
    surface="#fdfcf9",
    panel="#e9e5db",
    success="#1f7a34",
    warning="#a35200",
    error="#b3261e",
    dark=False,
    variables={
        "quiet": "#667083",
        "season": "#1f4f80",
        "head": "#ffffff",
        "head-back": "#2b5a8c",
        "training": "#241700",
        "training-back": "#f0b03f",
        "badge": "#ffffff",
        "badge-back": "#a12d1f",
        "block-cursor-background": "#cfe0f2",
        "input-selection-background": "#1f5f9f 25%",
        "footer-key-foreground": "#8a5a00",
    },
)
