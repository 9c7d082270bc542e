"""The small package that the chapters import.

It has rooms, and each imports only those before it: ``networks`` computes, ``data`` is learned from, ``training`` has
the one loop and the optimizers, ``measures`` says what a rule does to a network, ``rules`` has one file for each
learning rule, ``pages`` shows figures, asks questions and checks exercises. ``chapters`` comes last, with a room for
what one chapter alone needs. Nothing here prints, keeps global state, or draws random numbers from anywhere but a
``numpy.random.Generator`` that the caller hands in.
"""
