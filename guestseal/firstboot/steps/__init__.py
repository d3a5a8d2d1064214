"""The steps of a boot, one module each: the file's name is the step's name, its docstring the manual."""
