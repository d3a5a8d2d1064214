"""Sources of metadata, one module each: the file's name is the source's name, its docstring the manual."""
