"""The steps of a boot, one module each: the file's name is the step's name, its docstring the manual.

The folder says which stage runs it, so that the local stage imports nothing of the other.
"""
