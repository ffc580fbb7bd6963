"""Confinement: a Space's processes see their own files and processes, and nobody else's.

Linux only, with the kernel's namespaces and no helper program: `view` says what is to be seen,
`profiles` says it for an app and for a build, `namespaces` are the system calls, `entering` makes
the view and starts a program in it, `probe` finds out once whether this machine allows all that.
The network is not confined: a Space needs the package index, the Hub and the loopback address.
"""
