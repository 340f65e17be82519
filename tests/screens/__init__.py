"""Tests of the screens, by pilot and by picture."""
