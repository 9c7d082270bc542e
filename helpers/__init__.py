"""The small package that the chapters import.

Every module is one room, named after what lives there: ``graph`` for scalar
computational graphs, ``layers`` and ``network`` for arrays, ``training`` for the
one loop that runs every learning rule, and so on. Nothing here prints, keeps global
state, or draws random numbers from anywhere but a ``numpy.random.Generator`` that
the caller hands in.
"""
