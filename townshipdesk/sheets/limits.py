"""Limits of the reading process, so that a hostile workbook can harm nobody but itself."""

from __future__ import annotations

import sys
from typing import Final

from townshipdesk.i18n import N_

MEMORY_BYTES: Final = 1536 * 1024 * 1024
"""A roster of 350,000 rows needs under half; a hostile one would ask for hundreds of times that."""

CPU_SECONDS: Final = 120

FAR_AWAY: Final = N_(
    "The file could not be read: it is damaged, or needs more memory than a real one. Often a "
    "single cell stands far below or far to the right of the table. Copy the table into a new "
    "workbook and send that."
)
"""What a person is told when a reading process met its limits."""


if sys.platform == "win32":

    def limit_this_process() -> None:
        """Bound memory and processor time of the calling process by a Windows job object.

        Where the system refuses, the parent's time limit and the checks of the file still hold.
        """
        import ctypes
        from ctypes import wintypes

        class Basic(ctypes.Structure):
            _fields_ = (
                ("PerProcessUserTimeLimit", ctypes.c_int64),
                ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", wintypes.DWORD),
                ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t),
                ("ActiveProcessLimit", wintypes.DWORD),
                ("Affinity", ctypes.c_size_t),
                ("PriorityClass", wintypes.DWORD),
                ("SchedulingClass", wintypes.DWORD),
            )

        class Extended(ctypes.Structure):
            _fields_ = (
                ("BasicLimitInformation", Basic),
                ("IoInfo", ctypes.c_uint64 * 6),
                ("ProcessMemoryLimit", ctypes.c_size_t),
                ("JobMemoryLimit", ctypes.c_size_t),
                ("PeakProcessMemoryUsed", ctypes.c_size_t),
                ("PeakJobMemoryUsed", ctypes.c_size_t),
            )

        process_memory, process_time, extended_information = 0x100, 0x2, 9
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        job = kernel.CreateJobObjectW(None, None)
        if not job:
            return
        limits = Extended()
        limits.BasicLimitInformation.LimitFlags = process_memory | process_time
        limits.BasicLimitInformation.PerProcessUserTimeLimit = CPU_SECONDS * 10_000_000
        limits.ProcessMemoryLimit = MEMORY_BYTES
        kernel.SetInformationJobObject(
            wintypes.HANDLE(job), extended_information, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        kernel.AssignProcessToJobObject(
            wintypes.HANDLE(job), wintypes.HANDLE(kernel.GetCurrentProcess())
        )

else:

    def limit_this_process() -> None:
        """Bound memory and processor time of the calling process; it leaves no core file."""
        import resource

        for what, amount in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_CORE, 0),
        ):
            _soft, hard = resource.getrlimit(what)
            bound = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(what, (bound, hard))
