"""The operations, one module each: the file's name is the operation's name, its docstring the manual."""
